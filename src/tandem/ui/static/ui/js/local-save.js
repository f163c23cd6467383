// Drafts: a form with data-local-save="name" keeps what is written in this browser until it is sent.
import { behave, on } from "./behave.js";
import { debounce, recall, remember } from "./helpers.js";

const KEPT = "textarea[name], input[name]:not([type=hidden], [type=password], [type=file], [type=checkbox], [type=radio])";

function keyOf(form) {
  return `tandem-draft:${location.pathname}:${form.dataset.localSave}`;
}

const keep = debounce(300, (form) => {
  // Sent within the wait: nothing is left to keep.
  if (!form.isConnected) return;
  const values = {};
  for (const field of form.querySelectorAll(KEPT)) {
    if (field.value !== field.defaultValue) values[field.name] = { text: field.value, from: field.defaultValue };
  }
  remember(keyOf(form), Object.keys(values).length ? JSON.stringify(values) : null);
});

export function forget(form) {
  remember(keyOf(form), null);
}

behave("form[data-local-save]", (form) => {
  const kept = recall(keyOf(form));
  if (!kept) return;
  const values = JSON.parse(kept);
  for (const field of form.querySelectorAll(KEPT)) {
    // Only onto the text the draft was written over: somebody may have changed it since.
    if (values[field.name]?.from === field.defaultValue) field.value = values[field.name].text;
  }
  form.dataset.restored = "true";
});
on("input", "form[data-local-save]", (_, form) => keep(form));
on("submit", "form[data-local-save]:not([hx-post])", (_, form) => forget(form));
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.status < 400 && ctx.sourceElement.matches?.("form[data-local-save]")) forget(ctx.sourceElement);
});
on("click", "[data-local-discard]", (_, link) => {
  const form = link.closest("form[data-local-save]");
  if (form) forget(form);
});
