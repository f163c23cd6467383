// Moving rows by hand: drag the grip, or Shift with J/K or the arrows on a row. A container with
// data-reorder="address" holds [data-row]; the move is POST item=KEY&after=KEY ("" at the top).
// What is refused goes back where it was. data-reorder-group lets rows go from list to list (a board):
// then data-reorder-list="VALUE" of the target list is sent as "list".
import { behave } from "./behave.js";
import { announce, isWriting, post } from "./helpers.js";
import { currentRow, go } from "./rows.js";
import { t } from "./texts.js";
import { showToastsOf, toast, undoWaitsFor } from "./toast.js";

function rowsOf(list) {
  return [...list.querySelectorAll(":scope > [data-row]")];
}

function labelOf(row) {
  return row.dataset.label ?? row.dataset.row;
}

async function send(row, from, before) {
  const list = row.parentElement;
  const rows = rowsOf(list);
  const at = rows.indexOf(row);
  const fields = { item: row.dataset.row, after: rows[at - 1]?.dataset.row ?? "" };
  if (list.dataset.reorderList !== undefined) fields.list = list.dataset.reorderList;
  // A list may stand in a lane, too: then the row gets what that lane stands for.
  if (list.dataset.reorderLane !== undefined && list.dataset.reorderLane !== from.dataset.reorderLane) {
    Object.assign(fields, { group: list.dataset.reorderLanes, lane: list.dataset.reorderLane });
  }
  if (row.dataset.version) fields.version = row.dataset.version;
  // A page may want to ask something first: then the row goes back, and the page does the rest.
  const detail = { ...fields, from: from.dataset.reorderList };
  const asked = new CustomEvent("tandem:reordering", { bubbles: true, cancelable: true, detail });
  if (!list.dispatchEvent(asked)) {
    from.insertBefore(row, before?.isConnected ? before : null);
    return;
  }
  const told = { name: labelOf(row), place: at + 1, count: rows.length, list: list.dataset.reorderName };
  announce(
    told.list ? t("{name} is now {place} of {count} in {list}", told) : t("{name} is now {place} of {count}", told),
  );
  const answer = await post(list.dataset.reorder, fields);
  if (answer.ok) {
    row.classList.add("reorder-moved");
    setTimeout(() => row.classList.remove("reorder-moved"), 600);
    const version = answer.response.headers.get("X-Version");
    if (version) row.dataset.version = version;
    showToastsOf(answer.text);
    list.dispatchEvent(new CustomEvent("tandem:reordered", { bubbles: true, detail: fields }));
    return;
  }
  from.insertBefore(row, before?.isConnected ? before : null);
  const name = labelOf(row);
  announce(t("{name} went back to where it was", { name }));
  if (!showToastsOf(answer.text)) toast(t("{name} could not be moved. It is back where it was.", { name }), { tone: "bad" });
}

const waiting = new Map();

/** Several steps in a row are one move: the last one is sent. */
function later(row, from, before) {
  const first = waiting.get(row) ?? { from, before };
  if (!first.sent) undoWaitsFor(new Promise((sent) => Object.assign(first, { sent })));
  clearTimeout(first.timer);
  row.classList.add("is-moving");
  first.timer = setTimeout(() => {
    waiting.delete(row);
    send(row, first.from, first.before).finally(() => {
      if (!waiting.has(row)) row.classList.remove("is-moving");
      first.sent();
    });
  }, 350);
  waiting.set(row, first);
}

function step(row, by) {
  const list = row.parentElement;
  const rows = rowsOf(list);
  const at = rows.indexOf(row);
  const to = at + by;
  if (to < 0 || to >= rows.length) {
    if (list.dataset.reorderLane !== undefined && otherLane(row, by)) return;
    const name = labelOf(row);
    announce(by < 0 ? t("{name} is already first", { name }) : t("{name} is already last", { name }));
    return;
  }
  later(row, list, row.nextElementSibling);
  list.insertBefore(row, by > 0 ? rows[to].nextElementSibling : rows[to]);
  go(row);
  announce(t("{place} of {count}", { place: to + 1, count: rows.length }));
}

function into(row, next, before) {
  later(row, row.parentElement, row.nextElementSibling);
  next.insertBefore(row, before);
  go(row);
}

/** Past a cell's end: to the same column of the next lane. */
function otherLane(row, by) {
  const list = row.parentElement;
  const column = CSS.escape(list.dataset.reorderList);
  const lists = [...document.querySelectorAll(`[data-reorder-lane][data-reorder-list="${column}"]`)];
  const next = lists[lists.indexOf(list) + by];
  if (!next) return false;
  into(row, next, by > 0 ? (rowsOf(next)[0] ?? null) : (next.querySelector(":scope > :not([data-row])") ?? null));
  announce(t("{name} is in {list}", { name: labelOf(row), list: next.dataset.reorderName }));
  return true;
}

/** To the neighbouring list of the same group (a board's next column). */
function across(row, by) {
  const list = row.parentElement;
  const group = list.dataset.reorderGroup;
  if (!group) return;
  const lane = list.closest("[data-lane]") ?? document;
  const lists = [...lane.querySelectorAll(`[data-reorder-group="${CSS.escape(group)}"]`)];
  const next = lists[lists.indexOf(list) + by];
  if (next) into(row, next, rowsOf(next)[0] ?? null);
}

const STEPS = { J: 1, ArrowDown: 1, K: -1, ArrowUp: -1 };
const ACROSS = { ArrowRight: 1, L: 1, ArrowLeft: -1, H: -1 };

document.addEventListener("keydown", (event) => {
  if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const row = (event.target instanceof Element && event.target.closest("[data-reorder] > [data-row]")) || currentRow();
  if (!row?.parentElement?.matches("[data-reorder]")) return;
  if (event.key in STEPS) step(row, STEPS[event.key]);
  else if (event.key in ACROSS && row.parentElement.dataset.reorderGroup) across(row, ACROSS[event.key]);
  else return;
  event.preventDefault();
});

behave("[data-reorder]", async (list) => {
  const { default: Sortable } = await import("sortablejs");
  let before = null;
  Sortable.create(list, {
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    draggable: "[data-row]",
    handle: list.querySelector("[data-reorder-handle]") || list.matches("tbody") ? "[data-reorder-handle]" : undefined,
    ghostClass: "reorder-ghost",
    group: list.dataset.reorderGroup,
    filter: "input, select, textarea",
    preventOnFilter: false,
    onStart(event) {
      before = event.item.nextElementSibling;
    },
    onEnd(event) {
      if (event.from === event.to && event.oldIndex === event.newIndex) return;
      undoWaitsFor(send(event.item, event.from, before));
    },
  });
  list.dataset.reorderState = "on";
});
