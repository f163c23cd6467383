// Dialogs: data-dialog-open="id" opens, data-dialog-close closes; one at a time, and the answer's
// header HX-Trigger: tandem:close-dialog closes after a write.
import { behave, on } from "./behave.js";

export function openDialog(dialog) {
  for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
  for (const open of document.querySelectorAll("dialog:modal")) if (open !== dialog) open.close();
  if (!dialog.open) dialog.showModal();
  // The first field rather than the cross, which stands first.
  dialog.querySelector("[autofocus], .dialog-body :is(input:not([type=hidden]), select, textarea)")?.focus();
  dialog.dispatchEvent(new CustomEvent("tandem:dialog-open", { bubbles: true }));
}

on("click", "[data-dialog-open]", (event, element) => {
  const dialog = document.getElementById(element.dataset.dialogOpen);
  if (!dialog) return;
  event.preventDefault();
  openDialog(dialog);
});
on("click", "[data-dialog-close]", (_, element) => element.closest("dialog")?.close());

// A click on the backdrop closes, unless something was written inside.
on("pointerdown", "dialog.dialog", (event, dialog) => {
  if (event.target !== dialog) return;
  const at = dialog.getBoundingClientRect();
  const outside = event.clientX < at.left || event.clientX > at.right || event.clientY < at.top || event.clientY > at.bottom;
  const written = [...dialog.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue);
  if (outside && !written) dialog.close();
});

document.addEventListener("tandem:close-dialog", () => {
  for (const open of document.querySelectorAll("dialog:modal")) open.close();
});

// A form that came back with errors stands in a dialog: open it again.
behave("[data-dialog-open-now]", (mark) => {
  const dialog = document.getElementById(mark.dataset.dialogOpenNow);
  if (!dialog) return;
  openDialog(dialog);
  dialog.querySelector('[aria-invalid="true"]')?.focus();
});

on("click", "[data-go-back]", () => history.back());
