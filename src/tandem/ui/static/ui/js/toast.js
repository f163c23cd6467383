// Toasts: eight seconds, paused while one looks or tabs there; undo posts its address and then the
// page shows what is true again. Ctrl/Cmd-Z presses the newest undo; pressed right after a change
// that is still on its way, it waits for it.
import { behave, on } from "./behave.js";
import { isWriting, post } from "./helpers.js";
import { t } from "./texts.js";

const WAIT = 8;

function icon(name) {
  const from = document.querySelector(".icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${from}#${name}`);
  drawing.append(use);
  return drawing;
}

const ICONS = { note: "info-circle", good: "circle-check", warn: "alert-triangle", bad: "alert-circle" };

/** Show a toast that the page itself makes. seconds 0: until closed. */
export function toast(message, { tone = "note", seconds = tone === "bad" ? 0 : WAIT } = {}) {
  // Said again, it takes the place of what still stands there.
  const standing = [...document.querySelectorAll("#toasts .toast-text")].find((each) => each.textContent === message);
  standing?.closest("[data-toast]")?.remove();
  const element = document.createElement("div");
  element.className = `toast toast-${tone}`;
  element.dataset.toast = "";
  element.dataset.seconds = String(seconds);
  const text = document.createElement("span");
  text.className = "toast-text";
  text.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-small btn-ghost btn-icon";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", t("Close this message"));
  close.append(icon("x"));
  element.append(icon(ICONS[tone]), text, close);
  document.getElementById("toasts")?.append(element);
  return element;
}

/** Over whatever else lies on top: what is said while a dialog stands open is not dimmed by it. */
function raise(toasts) {
  if (!toasts || !document.querySelector("dialog:modal")) return;
  toasts.popover = "manual";
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  toasts.showPopover();
}

behave("[data-toast]", (element) => {
  raise(element.closest("#toasts"));
  const seconds = Number(element.dataset.seconds ?? WAIT);
  if (!seconds) return;
  let timer;
  const start = () => {
    timer = setTimeout(() => element.remove(), seconds * 1000);
  };
  const hold = () => clearTimeout(timer);
  for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, hold);
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, start);
  start();
});

on("click", "[data-toast-close]", (_, button) => button.closest("[data-toast]")?.remove());

async function undo(button) {
  button.disabled = true;
  const answer = await post(button.dataset.undo);
  if (answer.ok) {
    button.closest("[data-toast]")?.remove();
    location.reload();
    return;
  }
  button.disabled = false;
  // The refusal comes as a fragment with a toast in it: show its words.
  const said = new DOMParser().parseFromString(answer.text, "text/html").querySelector(".toast-text");
  toast(said?.textContent ?? t("That could not be undone."), { tone: "bad" });
}

on("click", "[data-undo]", (_, button) => undo(button));

const onTheWay = new Set();

/** A change that will bring its undo: until the promise is settled, Ctrl/Cmd-Z waits for it. */
export function undoWaitsFor(change) {
  onTheWay.add(change);
  change.finally(() => onTheWay.delete(change));
}

function newestUndo() {
  return [...document.querySelectorAll("[data-undo]:not(:disabled)")].at(-1);
}

document.addEventListener("keydown", async (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
  if (isWriting(event.target) || (!onTheWay.size && !newestUndo())) return;
  event.preventDefault();
  await Promise.allSettled(onTheWay);
  newestUndo()?.click();
});

// What went wrong on the way, when the server had no words of its own.
document.addEventListener("htmx:error", () => {
  toast(t("The server could not be reached. Nothing was saved; try again."), { tone: "bad" });
});
document.addEventListener("htmx:response:error", (event) => {
  const { status, headers } = event.detail.ctx.response;
  if (status >= 500 && headers.get("HX-Reswap") !== "none") {
    toast(t("Tandem made a mistake. Nothing was saved by this."), { tone: "bad" });
  }
});

/** Put the toasts of an answered fragment on the page (for requests made without htmx). */
export function showToastsOf(html) {
  const found = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-toast]");
  for (const each of found) document.getElementById("toasts")?.append(document.adoptNode(each));
  return found.length;
}
