// Forms with data-auto-submit send themselves: a choice at once, words after a short rest.
import { on } from "./behave.js";
import { debounce } from "./helpers.js";

const soon = debounce(250, (form) => form.isConnected && form.requestSubmit());

on("change", "form[data-auto-submit]", (event, form) => {
  if (event.target.closest("[data-builder]")) return;
  if (!event.target.matches("[type=search], [type=text]")) form.requestSubmit();
});
on("input", "form[data-auto-submit]", (event, form) => {
  // The filter's box knows by itself when what stands in it is whole.
  if (event.target.closest("[data-filter-box], [data-builder]")) return;
  if (event.target.matches("[type=search], [type=text]")) soon(form);
});

// Empty fields do not belong into an address.
on("submit", "form[data-auto-submit][method=get]:not([hx-get])", (_, form) => {
  const empty = [...form.elements].filter((field) => field.name && !field.value && !field.disabled);
  for (const field of empty) field.disabled = true;
  setTimeout(() => {
    for (const field of empty) field.disabled = false;
  });
});
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.sourceElement.matches?.("form[data-auto-submit]")) return;
  for (const [key, value] of [...ctx.request.body]) if (value === "") ctx.request.body.delete(key);
});
