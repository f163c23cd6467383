// data-copy="#field" copies that field's value (or text), data-copy-text copies itself.
import { on } from "./behave.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https browsers give no clipboard; selecting leaves one key to press.
    field?.select?.();
    if (!document.execCommand("copy")) {
      toast(t("The browser does not let pages copy here. The text is selected: press Ctrl C."));
      return;
    }
  }
  toast(t("Copied."), { tone: "good", seconds: 3 });
}

on("click", "[data-copy]", (_, button) => {
  const field = document.querySelector(button.dataset.copy);
  if (field) copy(field.value ?? field.textContent.trim(), field);
});
on("click", "[data-copy-text]", (_, button) => copy(button.dataset.copyText));
on("focusin", "[data-select-all]", (_, field) => field.select());
