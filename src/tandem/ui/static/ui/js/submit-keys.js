// A text area with data-submit-with sends its form: "enter" with Enter alone (a title, which has
// no lines), "mod-enter" with Ctrl/Cmd-Enter. Esc puts back what stood there and leaves the field.
import { on } from "./behave.js";

on("keydown", "[data-submit-with]", (event, field) => {
  if (event.isComposing) return;
  const mod = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && (mod || (field.dataset.submitWith === "enter" && !event.shiftKey))) {
    event.preventDefault();
    if (field.dataset.submitWith === "enter") field.blur();
    else field.form.requestSubmit();
  } else if (event.key === "Escape" && field.dataset.submitWith === "enter") {
    event.preventDefault();
    event.stopPropagation();
    field.value = field.defaultValue;
    field.blur();
  }
});
