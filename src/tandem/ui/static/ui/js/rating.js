// Rating without the mouse. A cell (data-rate-cell) takes a digit for the level, Enter for the list
// of levels, Backspace to take the answer back, arrows to its neighbours. On the rate page a digit
// answers the criterion one is at and goes on to the next.
import { on } from "./behave.js";
import { announce, isWriting } from "./helpers.js";
import { place } from "./menu.js";

let asking = null;

const levelsOf = (slug) => document.querySelector(`[data-rate-levels="${CSS.escape(slug)}"]`);

function nextTo(cell, [rows, columns]) {
  if (columns) {
    const row = [...(cell.closest("tr, dl") ?? document).querySelectorAll("[data-rate-cell]")];
    return row[row.indexOf(cell) + columns];
  }
  const column = [...document.querySelectorAll(`[data-rate-cell="${CSS.escape(cell.dataset.rateCell)}"]`)];
  return column[column.indexOf(cell) + rows];
}

/** Save a level; what holds the cell comes back anew, and the focus stays with the cell. */
async function give(cell, value) {
  const { rateCell: slug, rateAddress: address, ratePart: part, rateModel: model } = cell.dataset;
  const holder = cell.closest("tr, .prio-panel");
  const id = holder.id;
  const { default: htmx } = await import("htmx.org");
  cell.setAttribute("aria-busy", "true");
  await htmx.ajax("POST", address, {
    values: { value, part, model },
    target: `#${id}`,
    swap: "outerHTML",
    source: holder,
  });
  cell.removeAttribute("aria-busy");
  const fresh = document.querySelector(`#${CSS.escape(id)} [data-rate-cell="${CSS.escape(slug)}"]`);
  fresh?.focus();
  if (fresh && fresh !== cell) announce(fresh.dataset.rateSaid);
  return fresh;
}

function show(cell) {
  const levels = levelsOf(cell.dataset.rateCell);
  if (!levels) return;
  asking = cell;
  for (const level of levels.querySelectorAll("[data-rate-level]")) {
    const same = level.dataset.rateLevel !== "" && level.dataset.rateLevel === cell.dataset.rateValue;
    if (same) level.setAttribute("aria-current", "true");
    else level.removeAttribute("aria-current");
  }
  const more = levels.querySelector("[data-rate-more]");
  if (more) more.href = cell.href;
  levels.showPopover();
  place(levels, cell);
  (levels.querySelector("[aria-current]") ?? levels.querySelector(".menu-item")).focus();
}

function choose(levels, level) {
  levels.hidePopover();
  const cell = asking;
  asking = null;
  if (cell?.isConnected) give(cell, level.dataset.rateLevel);
}

on("click", "[data-rate-cell]", (event, cell) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !levelsOf(cell.dataset.rateCell)) return;
  event.preventDefault();
  show(cell);
});
on("click", "[data-rate-level]", (_, level) => choose(level.closest("[data-rate-levels]"), level));

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

on("keydown", "[data-rate-cell]", (event, cell) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (STEPS[event.key]) nextTo(cell, STEPS[event.key])?.focus();
  else if (event.key === "Backspace" || event.key === "Delete") give(cell, "");
  else if (/^[1-9]$/.test(event.key)) {
    const level = levelsOf(cell.dataset.rateCell)?.querySelectorAll('[data-rate-level]:not([data-rate-level=""])')[event.key - 1];
    if (!level) return;
    give(cell, level.dataset.rateLevel).then((fresh) => {
      if (fresh) (nextTo(fresh, [0, 1]) ?? fresh).focus();
    });
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

// The list of levels takes digits, too.
on("keydown", "[data-rate-levels]", (event, levels) => {
  if (!/^[1-9]$/.test(event.key)) return;
  const level = levels.querySelectorAll('[data-rate-level]:not([data-rate-level=""])')[event.key - 1];
  if (!level) return;
  event.preventDefault();
  choose(levels, level);
});

// The rate page.

const formsOf = (page) => [...page.querySelectorAll("[data-rate-form]")];
const answered = (form) => form.querySelector("input[type=radio]:checked") || form.querySelector("input[name=exact]")?.value;

function current(page) {
  const forms = formsOf(page);
  return (
    forms.find((form) => form.contains(document.activeElement)) ??
    forms.find((form) => form.dataset.rateNext === "true") ??
    forms.find((form) => !answered(form)) ??
    forms[0]
  );
}

function point(form) {
  for (const each of document.querySelectorAll("[data-rate-form]")) delete each.dataset.rateNext;
  if (form) form.dataset.rateNext = "true";
}

on("click", "[data-rate-clear]", (_, button) => {
  const form = button.closest("form");
  for (const field of form.querySelectorAll("input[type=radio]")) field.checked = false;
  for (const field of form.querySelectorAll("input:not([type=radio], [type=hidden])")) field.value = "";
  form.requestSubmit();
});

// A chosen level is saved at once and takes the place of a value typed between the levels. Range,
// confidence and note wait for Save: they make sense together.
on("change", "[data-rate-form] input[type=radio]", (_, radio) => {
  const exact = radio.form.elements.exact;
  if (exact) exact.value = "";
  radio.form.requestSubmit();
});
on("change", "[data-rate-form] input[name=exact]", (_, field) => field.form.requestSubmit());

document.addEventListener("keydown", (event) => {
  const page = document.querySelector("[data-rate-page]");
  if (!page || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isWriting(event.target) || document.querySelector("dialog:modal") || !/^[1-9]$/.test(event.key)) return;
  const form = current(page);
  const radio = form?.querySelectorAll("input[type=radio]")[event.key - 1];
  if (!radio) return;
  event.preventDefault();
  const forms = formsOf(page);
  const following = forms[forms.indexOf(form) + 1];
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  document.activeElement?.blur();
  point(following);
  following?.scrollIntoView({ block: "nearest" });
  if (following) announce(following.querySelector(".rate-name").textContent);
  else document.getElementById("rate-next")?.focus();
});

// What was answered counts in the progress; of answers that follow each other quickly the last is told.
const progress = { saved: 0, told: 0, busy: false };

async function tell(page) {
  const { default: htmx } = await import("htmx.org");
  while (progress.told < progress.saved) {
    progress.told = progress.saved;
    await htmx.ajax("GET", page.dataset.rateProgress, { target: "#rate-progress", select: "#rate-progress", swap: "outerHTML" });
  }
}

document.addEventListener("rating-saved", () => {
  const page = document.querySelector("[data-rate-page]");
  if (!page) return;
  progress.saved += 1;
  if (progress.busy) return;
  progress.busy = true;
  tell(page).finally(() => {
    progress.busy = false;
  });
});
