// Menus: a button with data-menu="id" opens the popover with that id beside itself; arrows walk.
import { on } from "./behave.js";

let pressedOpen = null;

/** Put a floating element under its button, above it where there is no room below. */
export function place(floating, anchor, gap = 4) {
  const at = anchor.getBoundingClientRect();
  const size = floating.getBoundingClientRect();
  const below = at.bottom + gap;
  const top = below + size.height > innerHeight - 8 && at.top - gap - size.height > 8 ? at.top - gap - size.height : below;
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  floating.style.top = `${Math.max(8, Math.min(top, innerHeight - size.height - 8))}px`;
  floating.style.left = `${left}px`;
}

function itemsOf(menu) {
  return [...menu.querySelectorAll(".menu-item:not(:disabled)")].filter((item) => item.offsetParent !== null);
}

on("click", "[data-menu]", (_, button) => {
  const menu = document.getElementById(button.dataset.menu);
  if (!menu) return;
  // Pressing the button of an open menu has closed it already, before the click.
  const wasOpen = pressedOpen === menu;
  pressedOpen = null;
  if (menu.matches(":popover-open")) menu.hidePopover();
  else if (!wasOpen) open(menu, button);
});

function open(menu, button) {
  menu.showPopover();
  place(menu, button);
  button.setAttribute("aria-expanded", "true");
  (menu.querySelector("[aria-current], [autofocus]") ?? itemsOf(menu)[0])?.focus();
  menu.addEventListener(
    "beforetoggle",
    (event) => {
      if (event.newState !== "closed") return;
      button.setAttribute("aria-expanded", "false");
      if (menu.contains(document.activeElement)) button.focus();
    },
    { once: true },
  );
}

on("pointerdown", "[data-menu]", (_, button) => {
  const menu = document.getElementById(button.dataset.menu);
  pressedOpen = menu?.matches(":popover-open") ? menu : null;
});

on("keydown", ".menu", (event, menu) => {
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
});

on("click", ".menu button.menu-item:not([data-menu-stay])", (_, item) => {
  const menu = item.closest(".menu");
  if (menu.matches(":popover-open")) menu.hidePopover();
});

addEventListener("resize", () => {
  for (const menu of document.querySelectorAll(".menu:popover-open")) menu.hidePopover();
});
