// The backlog's list and board, beyond rows.js and reorder.js: fields edited in their row, the row's
// menu, rows that changed elsewhere, new items, and a board's counts.
import htmx from "htmx.org";
import { behave, on } from "./behave.js";
import { announce, isWriting, post } from "./helpers.js";
import { renew } from "./live-part.js";
import { currentRow, go } from "./rows.js";
import { t } from "./texts.js";
import { showToastsOf, toast } from "./toast.js";

let menuRow = null;

const part = () => document.querySelector("[data-rows-address]");

function rowOf(key) {
  return part()?.querySelector(`[data-row="${CSS.escape(key)}"]`);
}

/** Where one row, card or field of it is asked for. */
function addressOf(key, field = "") {
  const address = new URL(`${part().dataset.rowsAddress}${key}/${field ? `${field}/` : ""}`, location.href);
  if (part().id === "board") address.searchParams.set("as", "card");
  if ("still" in part().dataset) address.searchParams.set("still", "1");
  return address.pathname + address.search;
}

// Editing in the row

function edit(row, field) {
  const button = row?.querySelector(`[data-cell="${field}"]`);
  if (!button) return;
  for (const marked of document.querySelectorAll(".is-current")) marked.classList.remove("is-current");
  row.classList.add("is-current");
  const cell = button.closest("td");
  htmx.ajax("GET", addressOf(row.dataset.row, field), { target: cell, source: cell, swap: "innerHTML" });
}

on("click", "[data-cell]", (_, button) => edit(button.closest("[data-row]"), button.dataset.cell));

// An editor that has just come takes the focus; after a save the row has it again, for the next key.
behave("[data-inline-edit][data-open]", (frame) => {
  const field = frame.querySelector("[data-inline-field]");
  field.focus();
  if (field.matches("input")) field.select();
  else {
    try {
      field.showPicker();
    } catch {
      // Some browsers open a list only for a press of their own kind.
    }
  }
});

/** After giving up, the row is shown as it is on the server: an editor may have been stale. */
async function fresh(key, focus = false) {
  const row = rowOf(key);
  if (!row) return;
  await htmx.ajax("GET", addressOf(key), { target: row, source: row, swap: "outerHTML" });
  if (focus) go(rowOf(key));
}

document.addEventListener(
  "keydown",
  (event) => {
    const frame = event.target instanceof Element && event.target.closest(".cell-editor");
    if (!frame || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    fresh(frame.closest("[data-row]").dataset.row, true);
  },
  true,
);
on("click", "[data-row-fresh]", (_, button) => fresh(button.closest("[data-row]").dataset.row, true));
on("submit", ".cell-editor form", (_, form) => {
  const key = form.closest("[data-row]").dataset.row;
  document.addEventListener(
    "htmx:finally:request",
    () => {
      const row = rowOf(key);
      if (row && !row.querySelector(".cell-editor")) go(row);
    },
    { once: true },
  );
});

// The row's menu

on("pointerdown", '[data-menu="row-menu"]', (_, button) => {
  menuRow = button.closest("[data-row]");
});
on("click", '[data-menu="row-menu"]', (_, button) => {
  menuRow = button.closest("[data-row]");
});

async function send(row, place) {
  const answer = await post(part().dataset.moves, { item: row.dataset.row, to: place });
  if (!answer.ok) {
    if (!showToastsOf(answer.text)) toast(t("{key} could not be moved.", { key: row.dataset.row }), { tone: "bad" });
    return;
  }
  const list = row.parentElement;
  const rows = [...list.children].filter((each) => each.matches("[data-row]") && each !== row);
  if (place === "top") list.insertBefore(row, rows[0] ?? null);
  else if (list.querySelector(".list-more, .board-more")) row.remove();
  else if (rows.length) rows.at(-1).after(row);
  if (row.isConnected) go(row);
  const name = row.dataset.label;
  announce(place === "top" ? t("{name} is now first in the backlog", { name }) : t("{name} is now last in the backlog", { name }));
  showToastsOf(answer.text);
}

const ACTS = {
  open: (row) => location.assign(row.querySelector("a[data-peek]").href),
  copy: async (row) => {
    await navigator.clipboard?.writeText(row.dataset.row);
    toast(t("{key} is copied.", { key: row.dataset.row }));
  },
  edit: (row) => edit(row, "title"),
  top: (row) => send(row, "top"),
  end: (row) => send(row, "end"),
};

on("click", "[data-row-act]", (_, button) => {
  const row = button.closest("#row-menu") ? menuRow : currentRow();
  if (row?.isConnected) ACTS[button.dataset.rowAct](row);
});

// A drag leaves style="" on its row. htmx carries that attribute over to the row that replaces it,
// which the strict Content-Security-Policy takes for an inline style.
document.addEventListener("htmx:before:swap", () => {
  for (const element of document.querySelectorAll('[style=""]')) element.removeAttribute("style");
});

// What changed elsewhere: in the peek panel, by taking back, by creating

document.addEventListener("item-changed", (event) => {
  const { key, from } = event.detail ?? {};
  const row = key && part() && rowOf(key);
  if (!row || from === "list" || row.querySelector(".cell-editor")) return;
  fresh(key);
});

document.addEventListener("item-created", async (event) => {
  const { key, place } = event.detail;
  const list = part()?.querySelector("[data-row]")?.parentElement;
  if (!list) {
    stale = true;
    return;
  }
  if (place !== "top" && list.querySelector(":scope > .list-more, :scope > .board-more")) return;
  const at = place === "top" ? "afterbegin" : "beforeend";
  const answer = await fetch(addressOf(key), { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const held = document.createElement("template");
  held.innerHTML = await answer.text();
  const row = held.content.querySelector("[data-row]");
  list.insertAdjacentElement(at, row);
  htmx.process(row);
});

// What others do. A changed row is asked for alone; where the order changed, the list's beginning is.

async function renewRow(row) {
  const answer = await fetch(addressOf(row.dataset.row), { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const held = document.createElement("template");
  held.innerHTML = await answer.text();
  const fresh = held.content.querySelector("[data-row]");
  if (fresh && row.isConnected) renew(row, fresh);
}

/** The list's beginning again: what is written into a row, and its place, stay. */
const renewList = (() => {
  let running = false;
  let again = false;
  return async function ask() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      const answer = await fetch(part().dataset.list, { headers: { "HX-Request": "true" } }).catch(() => null);
      const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const [old, fresh] = ["backlog-table-rows", "backlog-table-rows"].map((id, at) => (at ? page : document)?.getElementById?.(id));
      if (old && fresh) renew(old, fresh);
      await new Promise((done) => setTimeout(done, 300));
    }
    running = false;
  };
})();

document.addEventListener(
  "live-hint",
  (event) => {
    const hint = event.detail;
    if (part()?.id !== "backlog" || !part().dataset.list || document.hidden) return;
    if (hint.kind === "resync") renewList();
    else if (hint.kind === "item") {
      const row = part().querySelector(`[data-pk="${hint.id}"]`);
      if (hint.verb === "item.updated" && row) renewRow(row);
      else if (/^item\.(created|moved|deleted|restored|updated|undone|split|merged)/.test(hint.verb)) renewList();
    }
  },
  true,
);

// An empty page has no list to put the first item into: it is loaded again when the dialog closes.
let stale = false;
behave("#new-item", (dialog) => {
  dialog.addEventListener("close", () => {
    if (stale) location.reload();
  });
});

// A new form comes with every item created, and its first field goes on.
behave("[data-new-item]", (form) => {
  if (form.closest("dialog")?.open) form.querySelector("input[name=title]").focus();
});

// The board

function counted(board, status, by) {
  const count = board.querySelector(`[data-board-count="${CSS.escape(status)}"]`);
  if (count && /^\d+$/.test(count.textContent)) count.textContent = String(Number(count.textContent) + by);
  const limit = board.querySelector(`[data-board-limit="${CSS.escape(status)}"]`);
  if (!limit) return;
  const held = limit.querySelector("[data-held]");
  held.textContent = String(Number(held.textContent) + by);
  const over = Number(held.textContent) > Number(limit.dataset.most);
  limit.classList.toggle("is-over", over);
  limit.querySelector("[data-over]").hidden = !over;
  if (over && by > 0) announce(t("Over the limit of {most}", { most: limit.dataset.most }));
}

on("tandem:reordered", "#board", (event, board) => {
  const { item, list, lane } = event.detail;
  // In another lane the card itself says something else, such as whose it is.
  if (lane !== undefined) fresh(item, true);
  const card = board.querySelector(`[data-row="${CSS.escape(item)}"]`);
  if (!card || !list || card.dataset.status === list) return;
  for (const [status, by] of [
    [card.dataset.status, -1],
    [list, 1],
  ]) {
    counted(board, status, by);
  }
  card.dataset.status = list;
});

/** Left and right go to the card at the same height of the next column. */
document.addEventListener("keydown", (event) => {
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const card = event.target instanceof Element && event.target.closest(".board-card");
  if (!by || !card) return;
  const lists = [...(card.closest("[data-lane]") ?? document).querySelectorAll(".board-cards")];
  const place = [...card.parentElement.querySelectorAll(".board-card")].indexOf(card);
  let at = lists.indexOf(card.parentElement) + by;
  while (lists[at] && !lists[at].querySelector(".board-card")) at += by;
  const cards = lists[at]?.querySelectorAll(".board-card");
  if (!cards) return;
  event.preventDefault();
  go(cards[Math.min(place, cards.length - 1)]);
});
