// The filter's box: [data-filter-box] holds a field and a list of what may stand at the caret, asked
// for at data-completions. Arrows choose, Enter or Tab takes, Esc closes; a whole filter is sent.
import { on } from "./behave.js";
import { debounce } from "./helpers.js";
import { place } from "./menu.js";

let asked = 0;

const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const isOpen = (field) => listOf(field).matches(":popover-open");
const chosenIn = (field) => document.getElementById(field.getAttribute("aria-activedescendant") ?? "");

function close(field) {
  asked += 1;
  if (isOpen(field)) listOf(field).hidePopover();
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function choose(field, option) {
  for (const each of listOf(field).children) each.setAttribute("aria-selected", String(each === option));
  if (!option) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

async function complete(field) {
  const mine = ++asked;
  const address = new URL(field.closest("[data-filter-box]").dataset.completions, location.href);
  address.searchParams.set("q", field.value);
  address.searchParams.set("at", String(field.selectionStart));
  let answer;
  try {
    answer = await fetch(address, { headers: { "HX-Request": "true" } });
  } catch {
    return;
  }
  if (!answer.ok) return;
  const text = await answer.text();
  if (mine !== asked || document.activeElement !== field) return;
  const list = listOf(field);
  list.innerHTML = text;
  if (!list.children.length) {
    close(field);
    return;
  }
  if (!isOpen(field)) list.showPopover();
  place(list, field);
  field.setAttribute("aria-expanded", "true");
  choose(field, null);
}

const soonComplete = debounce(90, complete);
const soonSend = debounce(350, (field) => field.isConnected && isWhole(field) && field.form.requestSubmit());

/** A condition is sent when its value is chosen or Enter is pressed, not while it is being typed. */
function isWhole(field) {
  const before = field.value.slice(0, field.selectionStart);
  const token = before.match(/(?:"[^"]*"?|\S)*$/)[0];
  return !/[:<>="]|^-/.test(token);
}

function take(field, option) {
  const { text, start, end } = option.dataset;
  const whole = "whole" in option.dataset;
  const after = field.value.slice(Number(end));
  const put = whole && !/^[\s,]/.test(after) ? `${text} ` : text;
  field.setRangeText(put, Number(start), Number(end), "end");
  if (whole) {
    close(field);
    field.form.requestSubmit();
  } else complete(field);
}

const BOX = "[data-filter-box] input";

on("input", BOX, (_, field) => {
  soonComplete(field);
  soonSend(field);
});
on("click", BOX, (_, field) => !isOpen(field) && soonComplete(field));
on("focusout", BOX, (_, field) => close(field));
on("submit", "form:has([data-filter-box])", (_, form) => close(form.querySelector(BOX)));

on("keydown", BOX, (event, field) => {
  const options = [...listOf(field).children];
  const at = options.indexOf(chosenIn(field));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!isOpen(field)) return complete(field);
    const to = event.key === "ArrowDown" ? at + 1 : at < 0 ? options.length - 1 : at - 1;
    choose(field, options[to] ?? null);
  } else if (event.key === "Escape" && isOpen(field)) {
    event.preventDefault();
    event.stopPropagation();
    close(field);
  } else if ((event.key === "Enter" || event.key === "Tab") && isOpen(field) && at >= 0) {
    event.preventDefault();
    take(field, options[at]);
  }
});
// A press on an option would take the focus from the field.
on("pointerdown", ".filter-offers [role=option]", (event) => event.preventDefault());
on("click", ".filter-offers [role=option]", (_, option) => {
  take(document.querySelector(`[aria-controls="${option.parentElement.id}"]`), option);
});

// What the builder or a chip changed stands in the box, too.
document.addEventListener("htmx:after:swap", () => {
  const shown = document.querySelector("[data-q]");
  const field = document.querySelector(BOX);
  if (shown && field && document.activeElement !== field) field.value = shown.dataset.q;
});
on("submit", "form:has([data-builder])", (event, form) => {
  const builder = form.querySelector("[data-builder]");
  // What stands open in the builder is added by its own button or Enter inside it only.
  const adds = event.submitter?.closest("[data-builder]") || builder.contains(document.activeElement);
  const name = builder.querySelector("[name=add]");
  if (!adds) name.value = "";
  if (builder.matches(":popover-open")) builder.hidePopover();
  setTimeout(() => {
    name.value = "";
    builder.querySelector(".filter-way").replaceChildren();
  });
}, true);
