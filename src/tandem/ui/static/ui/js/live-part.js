// Parts of a page that show at once what others change. data-live-part is the address that gives the
// part again (the element with the same id is taken from the answer); data-live-on says at which
// hints: "item:42" a row, "item" every row of a kind, "comment." all verbs that begin so,
// "item:42/comment." both, "item:42/!comment." the one without the other.
//
// Nothing of the reader's is lost: an element with data-live-rows is renewed child by child (by id),
// and a child in which somebody writes, or has a menu open, waits until they are done.
import htmx from "htmx.org";
import { behave, on } from "./behave.js";
import { keepFocus } from "./focus.js";
import { isWriting } from "./helpers.js";
import { t } from "./texts.js";

/** After one request the next for the same address waits so long: a bulk change is a few requests. */
const GAP = 150;
const parts = new Set();
/** Address -> { running, again, next }: one request at a time. */
const asking = new Map();

// What the server said, whatever the page has done to it since

const OURS = new Set(["tabindex", "style", "aria-expanded", "aria-selected", "data-restored", "open", "aria-busy", "hidden"]);
// A page with scripts reads what is inside a noscript as text, an answer that is parsed as elements.
const SKIPPED = "[name=csrfmiddlewaretoken], .live-note, noscript";

// Walked by hand: a copy of an element that was placed by script has an inline style, which the
// Content-Security-Policy stops.
function said(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replaceAll(/\s+/g, " ");
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(SKIPPED)) return "";
  const attributes = [...node.attributes].map(({ name, value }) => {
    if (OURS.has(name) || name.startsWith("data-live-st") || name.startsWith("data-htmx")) return "";
    if (name !== "class") return `${name}=${value}`;
    return value.split(/\s+/).filter((word) => word && !/^(is-|htmx-|live-)/.test(word)).join(" ");
  });
  // "3 minutes ago" goes on by itself, and what the page has put into a place of its own is its own.
  const inside = node.matches("time[data-tip], [data-live-own]") ? [] : [...node.childNodes];
  return `<${node.nodeName} ${attributes.filter(Boolean).join(" ")}>${inside.map(said).join("").trim()}`;
}

// What is the reader's own

function isDirty(field) {
  if (field.matches("[type=hidden], [hidden], [type=submit], [type=button], button")) return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (!field.matches("select")) return field.value !== field.defaultValue;
  const options = [...field.options];
  if (!options.some((option) => option.defaultSelected)) return field.selectedIndex > 0;
  return options.some((option) => option.selected !== option.defaultSelected);
}

function isHeld(element) {
  const active = document.activeElement;
  if (element.contains(active) && isWriting(active) && !active.matches("select")) return true;
  if (element.matches("[data-row]") && document.querySelector(".sortable-chosen")) return true;
  if (element.querySelector(":popover-open, [data-inline-edit][data-open], .htmx-request, details.fact-edit[open], [aria-expanded=true]")) return true;
  return [...element.querySelectorAll("input, textarea, select")].some(isDirty);
}

function note(element) {
  element.dataset.liveStale = "";
  if (element.querySelector(":scope > .live-note")) return;
  const line = document.createElement("p");
  line.className = "live-note";
  line.setAttribute("role", "status");
  line.textContent = t("Somebody has changed this meanwhile. It shows when you are done here.");
  if (element.matches("section, form, article")) element.append(line);
}

// Renewing

function keyed(element) {
  return new Map([...element.children].filter((child) => child.id).map((child) => [child.id, child]));
}

function put(old, fresh) {
  for (const details of old.querySelectorAll("details[open][id]")) {
    const same = fresh.querySelector(`details[id="${CSS.escape(details.id)}"]`);
    if (same) same.open = true;
  }
  for (const own of old.querySelectorAll("[data-live-own][id]")) {
    fresh.querySelector(`[id="${CSS.escape(own.id)}"]`)?.replaceWith(own);
  }
  for (const name of ["is-current", "is-peeked"]) fresh.classList.toggle(name, old.classList.contains(name));
  if (old.getAttribute("aria-selected") === "true") {
    fresh.setAttribute("aria-selected", "true");
    const box = fresh.querySelector("[data-row-select]");
    if (box) box.checked = true;
  }
  keepFocus(() => old.replaceWith(fresh));
  arrived(fresh);
}

function arrived(element) {
  htmx.process(element);
  element.classList.add("live-fresh");
  setTimeout(() => element.classList.remove("live-fresh"), 2000);
}

/** Children the answer does not have are gone, unless it shows only a stretch of them:
    data-live-rows="tail" answers the end of a longer list, "head" its beginning. */
function gone(old, fresh, mode) {
  const ids = [...keyed(old).keys()];
  const known = ids.map((id) => fresh.has(id));
  const from = mode === "tail" ? known.indexOf(true) : 0;
  const to = mode === "head" ? known.lastIndexOf(true) : ids.length;
  if (mode && !known.includes(true)) return [];
  return ids.filter((_, at) => !known[at] && at >= from && at <= to);
}

/** Whether a child stands where the answer has it. The answer's first may have others before it,
    when it shows the end of a longer list. */
function follows(old, child, before) {
  if (old.dataset.liveRows === "fixed" || isHeld(child)) return true;
  if (before) return child.previousElementSibling === before;
  return old.dataset.liveRows === "tail" || child === [...keyed(old).values()][0];
}

function firstKnown(old, wanted, but) {
  const tail = old.dataset.liveRows === "tail";
  const found = [...keyed(old)].find(([id, child]) => child !== but && (!tail || wanted.has(id)));
  return found?.[1] ?? old.querySelector(":scope > .list-more, :scope > .board-more");
}

function renewRows(old, fresh) {
  const wanted = keyed(fresh);
  const there = keyed(old);
  for (const id of gone(old, wanted, old.dataset.liveRows)) if (!isHeld(there.get(id))) there.get(id).remove();
  let before = null;
  for (const [id, child] of wanted) {
    const same = there.get(id);
    if (same) renew(same, child);
    const now = same ? old.querySelector(`:scope > [id="${CSS.escape(id)}"]`) : document.adoptNode(child);
    if (!same || !follows(old, now, before)) {
      const place = before ? before.nextElementSibling : firstKnown(old, wanted, now);
      keepFocus(() => old.insertBefore(now, place));
      if (!same) arrived(now);
    }
    before = now;
  }
}

export function renew(old, fresh) {
  if (old.hasAttribute("data-live-rows") && fresh.hasAttribute("data-live-rows")) {
    renewRows(old, fresh);
    return;
  }
  if (said(old) === said(fresh)) {
    delete old.dataset.liveStale;
    old.querySelector(":scope > .live-note")?.remove();
    return;
  }
  if (isHeld(old)) note(old);
  else put(old, document.adoptNode(fresh));
}

// Asking

/** Whether it must be asked again. */
async function ask(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true", "X-Live": "1" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // A row that somebody is moving here: the answer does not know where it goes.
  if (document.querySelector(".is-moving")) return true;
  for (const part of parts) {
    if (part.dataset.livePart !== address || !part.isConnected) continue;
    const fresh = part.id && page.getElementById(part.id);
    if (fresh) renew(part, fresh);
  }
  return false;
}

async function run(address) {
  const turn = asking.get(address) ?? {};
  asking.set(address, turn);
  if (turn.running) {
    turn.again = true;
    return;
  }
  turn.running = true;
  if (await ask(address)) turn.again = true;
  await new Promise((done) => setTimeout(done, GAP));
  turn.running = false;
  if (turn.again) {
    turn.again = false;
    run(address);
  }
}

const waiting = new Set();

/** Ask for a part again; a page nobody looks at asks when somebody does. */
export function refresh(part) {
  const address = part.dataset.livePart;
  if (document.hidden) waiting.add(address);
  else run(address);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const address of waiting) run(address);
  waiting.clear();
});

function fits(word, hint) {
  if (word.startsWith("!")) return !fits(word.slice(1), hint);
  if (word.endsWith(".")) return Boolean(hint.verb?.startsWith(word));
  return word === hint.kind || word === `${hint.kind}:${hint.id}`;
}

export function concerns(words, hint) {
  return words.split(/\s+/).some((word) => word.split("/").every((each) => fits(each, hint)));
}

behave(
  "[data-live-part]",
  (part) => parts.add(part),
  (part) => parts.delete(part),
);

document.addEventListener("live-hint", (event) => {
  const hint = event.detail;
  for (const part of parts) {
    if (hint.kind === "resync" || concerns(part.dataset.liveOn, hint)) refresh(part);
  }
}, true);

/** What waited shows as soon as its reader is done. */
function released() {
  setTimeout(() => {
    for (const stale of document.querySelectorAll("[data-live-stale]")) {
      const part = stale.closest("[data-live-part]");
      if (part && !isHeld(stale)) refresh(part);
    }
  }, 150);
}
on("focusout", "[data-live-stale]", released);
document.addEventListener("htmx:after:request", released);
