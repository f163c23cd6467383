// The keyboard's place is never lost: when an answer replaces what had the focus, the focus goes to
// what now stands there (the same id, the same field of the same form), else to the nearest part
// around it that is still on the page.

/** How to find an element again: its ids from the inside out, and its name in its form. */
function trail(element) {
  const ids = [];
  for (let each = element; each && each !== document.body; each = each.parentElement) if (each.id) ids.push(each.id);
  return { ids, own: element.id, name: element.getAttribute("name") };
}

let left = null;

document.addEventListener("htmx:before:swap", () => {
  const element = document.activeElement;
  left = element && element !== document.body ? { element, ...trail(element) } : left;
});

function giveBack({ element, ids, own, name }) {
  if (element.isConnected || document.activeElement !== document.body) return;
  const around = ids.map((id) => document.getElementById(id)).find((each) => each?.checkVisibility?.() ?? each);
  if (!around) return;
  const same = around.id === own ? around : name && around.querySelector(`[name="${CSS.escape(name)}"]:not([hidden])`);
  const place = same || around;
  if (place.tabIndex < 0 && !place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

document.addEventListener("htmx:after:settle", () => {
  if (!left) return;
  const from = left;
  left = null;
  giveBack(from);
});

/** Change the page with the keyboard's place kept. */
export function keepFocus(change) {
  const element = document.activeElement;
  const from = element && element !== document.body ? { element, ...trail(element) } : null;
  change();
  if (!from) return;
  // What is put elsewhere loses the focus on the way.
  if (element.isConnected && document.activeElement === document.body) element.focus({ preventScroll: true });
  else giveBack(from);
}
