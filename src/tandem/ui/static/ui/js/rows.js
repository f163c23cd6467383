// Rows of a list: j and k (or arrows) move, Enter peeks, o opens in full, x selects.
// A table with data-rows holds tr[data-row]; data-href is where a row leads.
import { on } from "./behave.js";
import { announce, isWriting } from "./helpers.js";
import { followPeek, openPeek, peeksItem } from "./peek.js";
import { t } from "./texts.js";

let current = null;

function table() {
  return current?.isConnected ? current.closest("[data-rows]") : document.querySelector("[data-rows]");
}

function rowsOf(list) {
  return [...list.querySelectorAll("[data-row]")];
}

export function currentRow() {
  return current?.isConnected ? current : null;
}

/** Make a row the current one; it takes the focus. */
export function go(row) {
  if (!row) return;
  for (const marked of document.querySelectorAll(".is-current")) marked.classList.remove("is-current");
  current = row;
  row.classList.add("is-current");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const list = table();
  if (!list) return;
  const rows = rowsOf(list);
  const at = rows.indexOf(currentRow());
  const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  go(row);
  const link = row?.querySelector("a[data-peek]");
  if (link && peeksItem()) followPeek(link.href, link.dataset.peek);
}

/** Where the row leads: its link to peek at, else its own address. */
function lead(row, full = false) {
  const link = row.querySelector("a[data-peek]");
  const href = link?.href ?? row.dataset.href;
  if (!href) return;
  if (link && !full) openPeek(href, link.dataset.peek);
  else location.assign(href);
}

/** Select a row or take it back; the table tells how many are. */
export function select(row, wanted = row.getAttribute("aria-selected") !== "true") {
  const list = row.closest("[data-select]");
  if (!list) return;
  row.setAttribute("aria-selected", String(wanted));
  const box = row.querySelector("[data-row-select]");
  if (box) box.checked = wanted;
  const keys = [...list.querySelectorAll('[data-row][aria-selected="true"]')].map((each) => each.dataset.row);
  for (const bar of document.querySelectorAll(`[data-selection-of="${list.id}"]`)) {
    bar.hidden = keys.length === 0;
    for (const place of bar.querySelectorAll("[data-selection-count]")) place.textContent = keys.length;
    for (const field of bar.querySelectorAll("[data-selection-keys]")) field.value = keys.join(",");
  }
  list.dispatchEvent(new CustomEvent("tandem:selection", { bubbles: true, detail: { keys } }));
  const told = { name: row.dataset.label ?? row.dataset.row, count: keys.length };
  announce(wanted ? t("{name} selected, {count} in all", told) : t("{name} not selected, {count} in all", told));
}

let last = null;

/** All rows from the last chosen one to this one. */
function selectTo(row) {
  const rows = rowsOf(row.closest("[data-rows]"));
  const from = last?.isConnected ? rows.indexOf(last) : rows.indexOf(row);
  const [first, end] = [from, rows.indexOf(row)].sort((a, b) => a - b);
  for (const each of rows.slice(first, end + 1)) select(each, true);
}

on("click", "[data-row-select]", (event, box) => {
  const row = box.closest("[data-row]");
  if (event.shiftKey) selectTo(row);
  else select(row, box.checked);
  last = row;
});
on("click", "[data-selection-clear]", (_, button) => {
  const list = document.getElementById(button.closest("[data-selection-of]").dataset.selectionOf);
  for (const row of list.querySelectorAll('[data-row][aria-selected="true"]')) select(row, false);
});
on("click", "[data-row]", (event, row) => {
  if (event.target.closest("a, button, input, select, label, form, summary")) return;
  if (!row.closest("[data-rows]") || getSelection().toString()) return;
  go(row);
  lead(row);
});
on("focusin", "[data-row]", (_, row) => {
  if (row.closest("[data-rows]")) current = row;
});

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => {
    if (!currentRow()) return;
    select(currentRow());
    last = currentRow();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "X" && event.shiftKey && !isWriting(event.target) && currentRow()?.closest("[data-select]")) {
    selectTo(currentRow());
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (isWriting(event.target) || document.querySelector("dialog:modal")) return;
  const onRow = event.target instanceof Element && event.target.matches("[data-rows] [data-row]");
  if (onRow && event.key === "Enter") lead(event.target);
  else if (onRow && event.key === "ArrowDown") step(1);
  else if (onRow && event.key === "ArrowUp") step(-1);
  else if (ACTS[event.key] && table()) ACTS[event.key]();
  else return;
  event.preventDefault();
});
