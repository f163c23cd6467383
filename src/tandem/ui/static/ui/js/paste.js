// Rows from and for a spreadsheet: pasting on the backlog leads to the preview of what they become,
// chosen rows are copied as text that a spreadsheet takes. Both work as forms without this.
import { on } from "./behave.js";
import { csrfHeaders, isWriting } from "./helpers.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

const lines = (text) => text.trimEnd().split("\n").length;

/** More than is pasted at once never gets into a field: a page with a million characters in one stops answering. */
function tooMany(text, most) {
  // A row with breaks in its cells has several lines; the server counts rows.
  if (lines(text) <= most * 4 && text.length <= 2_000_000) return false;
  const count = { most: most.toLocaleString(document.documentElement.lang) };
  toast(t("At most {most} rows are pasted at once. Save these as CSV and import the file.", count), { tone: "bad" });
  return true;
}

document.addEventListener("paste", (event) => {
  const form = document.querySelector("[data-paste-rows]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!form || isWriting(event.target) || document.querySelector("dialog:modal") || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  if (tooMany(text, Number(form.dataset.pasteRows))) return;
  form.elements.text.value = text;
  form.submit();
});

on("paste", "[data-paste-field]", (event, field) => {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (tooMany(text, Number(field.dataset.pasteField))) event.preventDefault();
});

async function copyRows(button) {
  const form = button.form;
  const answer = await fetch(button.formAction, {
    method: "POST",
    headers: { ...csrfHeaders(), Accept: "text/tab-separated-values" },
    body: new URLSearchParams({ keys: form.elements.keys.value }),
  }).catch(() => null);
  if (!answer?.ok) {
    toast(t("The rows could not be copied. Try again."), { tone: "bad" });
    return;
  }
  const text = await answer.text();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard without https: the same rows come as a file.
    form.requestSubmit(button);
    return;
  }
  const count = form.elements.keys.value.split(",").length;
  const told =
    count === 1
      ? t("1 item is copied. Paste it into a spreadsheet.")
      : t("{count} items are copied. Paste them into a spreadsheet.", { count });
  toast(told, { tone: "good" });
}

on("click", "[data-copy-rows]", (event, button) => {
  if (!navigator.clipboard) return;
  event.preventDefault();
  copyRows(button);
});

document.addEventListener("copy", (event) => {
  const button = document.querySelector("[data-selection-of]:not([hidden]) [data-copy-rows]");
  if (!button || !navigator.clipboard || isWriting(event.target) || String(getSelection())) return;
  event.preventDefault();
  copyRows(button);
});
