// A value that becomes a field: press it (or its key), Enter saves, Esc gives up. A refusal leaves
// the field open with what was written; the toast says what is the matter.
import { on } from "./behave.js";
import { forget } from "./local-save.js";

function parts(frame) {
  return {
    value: frame.querySelector("[data-inline-value]"),
    form: frame.querySelector("[data-inline-form]"),
    field: frame.querySelector("[data-inline-field]"),
  };
}

function open(frame) {
  const { value, form, field } = parts(frame);
  value.hidden = true;
  form.hidden = false;
  field.focus();
  if (field.matches("input")) field.select();
}

function close(frame, focus = true) {
  const { value, form } = parts(frame);
  form.hidden = true;
  value.hidden = false;
  if (focus) (value.matches("button") ? value : value.querySelector("[data-inline-open]"))?.focus();
}

function cancel(frame) {
  const { form } = parts(frame);
  form.reset();
  if (form.dataset.localSave) forget(form);
  close(frame);
}

on("click", "button[data-inline-value], [data-inline-open]", (_, button) => open(button.closest("[data-inline-edit]")));
on("click", "[data-inline-cancel]", (_, button) => cancel(button.closest("[data-inline-edit]")));
on("change", "select[data-inline-field]", (_, field) => field.form.requestSubmit());
on("keydown", "[data-inline-field]", (event, field) => {
  if (event.key === "Escape") {
    event.stopPropagation();
    event.preventDefault();
    cancel(field.closest("[data-inline-edit]"));
  } else if (event.key === "Enter" && field.matches("textarea") && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    field.form.requestSubmit();
  }
});
on("focusout", "[data-inline-form]", (event, form) => {
  // Leaving a single field untouched closes it; anything written stays until saved or given up.
  if (form.contains(event.relatedTarget) || !form.isConnected) return;
  const field = form.querySelector("[data-inline-field]");
  const same = field.matches("select")
    ? [...field.options].every((option) => option.selected === option.defaultSelected)
    : field.value === field.defaultValue;
  if (same && !form.classList.contains("htmx-request") && event.relatedTarget) close(form.closest("[data-inline-edit]"), false);
});

// After saving, the focus returns to the value, which htmx has just brought anew.
document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  const target = ctx.target?.id && document.getElementById(ctx.target.id);
  if (!target?.matches?.("[data-inline-edit]") || ctx.swap === "none") return;
  (target.querySelector("button[data-inline-value]") ?? target.querySelector("[data-inline-open]"))?.focus();
});
