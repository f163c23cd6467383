// The inbox: e marks the current line as read and goes on to the next.
import { isWriting } from "./helpers.js";
import { currentRow, go } from "./rows.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "e" || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const button = currentRow()?.querySelector("[data-inbox-read]");
  if (!button) return;
  event.preventDefault();
  const row = currentRow();
  const next = row.nextElementSibling ?? row.previousElementSibling;
  button.form.requestSubmit();
  if (next?.matches("[data-row]")) go(next);
});
