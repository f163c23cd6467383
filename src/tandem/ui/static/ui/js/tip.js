// One sentence on hover and focus: data-tip. It repeats what screen readers are told otherwise.
import { on } from "./behave.js";
import { place } from "./menu.js";

let tip = null;
let timer = null;

function show(element) {
  if (!element.isConnected || !element.dataset.tip) return;
  // A line of the rail says its name itself, unless the rail is folded.
  if ("tipFolded" in element.dataset && document.documentElement.dataset.rail !== "closed") return;
  if (!tip) {
    tip = document.createElement("div");
    tip.className = "tip";
    tip.popover = "manual";
    tip.setAttribute("aria-hidden", "true");
  }
  // Inside an open dialog the tip must lie in the dialog, or it would lie below.
  (element.closest("dialog") ?? document.body).append(tip);
  tip.textContent = element.dataset.tip;
  tip.showPopover();
  place(tip, element, 6);
}

function hide() {
  clearTimeout(timer);
  if (tip?.isConnected && tip.matches(":popover-open")) tip.hidePopover();
}

on("pointerover", "[data-tip]", (event, element) => {
  if (event.pointerType === "touch") return;
  clearTimeout(timer);
  timer = setTimeout(show, 350, element);
});
on("pointerout", "[data-tip]", hide);
on("focusin", "[data-tip]", (_, element) => {
  if (element.matches(":focus-visible")) show(element);
});
on("focusout", "[data-tip]", hide);
document.addEventListener("pointerdown", hide);
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("scroll", hide, { capture: true, passive: true });
