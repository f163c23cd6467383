// The panel on the right. A link with data-peek="KEY" opens its address there (a click with a
// modifier stays a link), data-why="address" opens a why panel. The page's address says what is
// open (?peek=KEY), Esc closes, O opens in full. The server sees HX-Target: div#peek-body and may
// answer a fragment; from a whole page its <main> is taken.
import { on } from "./behave.js";
import { isWriting } from "./helpers.js";

const panel = () => document.getElementById("peek");
let opener = null;

async function load(address) {
  const { default: htmx } = await import("htmx.org");
  const body = document.getElementById("peek-body");
  body.setAttribute("aria-busy", "true");
  await htmx.ajax("GET", address, { target: "#peek-body", swap: "innerHTML ignoreTitle:true", source: body });
  body.removeAttribute("aria-busy");
  // A whole page came: keep what is inside its main.
  const main = body.querySelector("main");
  if (main) body.replaceChildren(...main.childNodes);
  body.scrollTop = 0;
  const named = body.querySelector("[data-peek-name]");
  document.getElementById("peek-name").textContent = named?.dataset.peekName ?? "";
}

function follow(key, { replace = false } = {}) {
  const address = new URL(location.href);
  if ((address.searchParams.get("peek") ?? "") === (key ?? "")) return;
  if (key) address.searchParams.set("peek", key);
  else address.searchParams.delete("peek");
  if (replace) history.replaceState({ tandem: true }, "", address);
  else history.pushState({ tandem: true }, "", address);
}

function mark(key) {
  for (const row of document.querySelectorAll("[data-row].is-peeked")) row.classList.remove("is-peeked");
  if (key) document.querySelector(`[data-row="${CSS.escape(key)}"]`)?.classList.add("is-peeked");
}

/** Open an address in the panel; key is what the page's address will say (none for a why panel). */
export async function openPeek(address, key = null, { push = true, focus = true } = {}) {
  const aside = panel();
  if (!aside) {
    location.assign(address);
    return;
  }
  if (aside.hidden) opener = document.activeElement;
  const full = document.getElementById("peek-full");
  full.href = address;
  full.hidden = !key;
  aside.hidden = false;
  aside.dataset.key = key ?? "";
  if (push && key) follow(key);
  mark(key);
  await load(address);
  if (focus) aside.focus({ preventScroll: true });
}

/** Whether the panel shows an item; what shows a derivation stays while one moves in a list. */
export function peeksItem() {
  return Boolean(panel() && !panel().hidden && panel().dataset.key);
}

let waiting = 0;
/** Let an open panel follow the list: the last of several quick steps is loaded, the focus stays. */
export function followPeek(address, key) {
  opener = document.activeElement;
  mark(key);
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (!peeksItem() || panel().dataset.key === key) return;
    follow(key, { replace: true });
    openPeek(address, key, { push: false, focus: false });
  }, 120);
}

export function closePeek({ push = true } = {}) {
  const aside = panel();
  if (!aside || aside.hidden) return false;
  aside.hidden = true;
  document.getElementById("peek-body").replaceChildren();
  mark(null);
  if (push) follow(null);
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  opener = null;
  return true;
}

on("click", "a[data-peek]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button || !panel()) return;
  event.preventDefault();
  openPeek(link.href, link.dataset.peek);
});
on("click", "[data-why]", (event, element) => {
  event.preventDefault();
  openPeek(element.dataset.why);
});
on("click", "[data-peek-close]", () => closePeek());
document.addEventListener("tandem:close-peek", () => closePeek());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || isWriting(event.target)) return;
  if (document.querySelector("dialog:modal, [popover].menu:popover-open")) return;
  if (closePeek()) event.preventDefault();
});

/** Show what the address says: after a reload, or going back and forth. */
function sync() {
  const key = new URL(location.href).searchParams.get("peek");
  if (!key) {
    closePeek({ push: false });
    return;
  }
  if (panel()?.dataset.key === key && !panel().hidden) return;
  const pattern = document.querySelector("[data-peek-pattern]")?.dataset.peekPattern;
  const address =
    document.querySelector(`a[data-peek="${CSS.escape(key)}"]`)?.href ?? pattern?.replace("KEY", encodeURIComponent(key));
  if (address) openPeek(address, key, { push: false, focus: false });
}

let path = location.pathname + withoutPeek();
function withoutPeek() {
  const search = new URLSearchParams(location.search);
  search.delete("peek");
  return `?${search}`;
}

/** Back and forth: the same page with another panel is synced; another page is loaded. */
function travelled() {
  const here = location.pathname + withoutPeek();
  if (here !== path) location.reload();
  else sync();
}
document.addEventListener("htmx:before:history:restore", (event) => {
  event.preventDefault();
  travelled();
});
addEventListener("popstate", (event) => {
  if (event.state?.tandem || !event.state?.htmx) travelled();
});
document.addEventListener("htmx:after:history:push", () => {
  path = location.pathname + withoutPeek();
});
document.addEventListener("htmx:after:history:replace", () => {
  path = location.pathname + withoutPeek();
});

if (new URLSearchParams(location.search).has("peek")) sync();
