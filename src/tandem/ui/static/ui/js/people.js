// Naming people: in a text area with data-people (an address), "@" and some letters offer the people
// they may mean. Arrows choose, Enter or Tab writes the name, Esc goes on without.
import { on } from "./behave.js";
import { announce, debounce } from "./helpers.js";
import { place } from "./menu.js";
import { t } from "./texts.js";

const TYPED = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}.'_-]*(?: [\p{L}\p{N}.'_-]*)?|)$/u;
let list = null;
let field = null;
let asked = 0;

const isOpen = () => Boolean(list?.isConnected && list.matches(":popover-open"));
const lines = () => [...(list?.querySelectorAll("[role=option]") ?? [])];
const chosen = () => list?.querySelector('[aria-selected="true"]');

function typedBefore(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  return area.value.slice(0, area.selectionStart).match(TYPED)?.[1] ?? null;
}

function box() {
  if (!list) {
    list = document.createElement("div");
    list.className = "people-list";
    list.id = "people-list";
    list.popover = "manual";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", t("People"));
  }
  return list;
}

function close() {
  asked++;
  if (isOpen()) list.hidePopover();
  list?.remove();
  for (const name of ["aria-controls", "aria-activedescendant"]) field?.removeAttribute(name);
  field = null;
}

function choose(line) {
  for (const each of lines()) each.setAttribute("aria-selected", String(each === line));
  line.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", line.id);
}

const ask = debounce(100, async (area, typed) => {
  const turn = ++asked;
  const address = new URL(area.dataset.people, location.href);
  address.searchParams.set("q", typed);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  const text = answer?.ok ? await answer.text() : "";
  if (turn !== asked || typedBefore(area) !== typed || document.activeElement !== area) return;
  const found = [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("[role=option]")];
  if (!found.length) {
    close();
    return;
  }
  field = area;
  (area.closest("dialog") ?? document.body).append(box());
  list.replaceChildren(...found.map((each) => document.adoptNode(each)));
  lines().forEach((line, number) => (line.id = `people-option-${number}`));
  list.showPopover();
  place(list, area);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  choose(lines()[0]);
  announce(
    found.length === 1
      ? t("1 person fits; arrows choose, Enter writes the name")
      : t("{count} people fit; arrows choose, Enter writes the name", { count: found.length }),
  );
});

function write(line) {
  const area = field;
  const at = area.selectionStart;
  const from = at - typedBefore(area).length;
  area.setRangeText(`${line.dataset.writes} `, from, at, "end");
  close();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

on("input", "textarea[data-people]", (_, area) => {
  const typed = typedBefore(area);
  if (typed === null) close();
  else ask(area, typed);
});
on(
  "keydown",
  "textarea[data-people]",
  (event, area) => {
    if (!isOpen() || field !== area || event.isComposing) return;
    const at = lines().indexOf(chosen());
    if (event.key === "ArrowDown") choose(lines()[(at + 1) % lines().length]);
    else if (event.key === "ArrowUp") choose(lines().at(at - 1));
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") write(chosen());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
on("pointerdown", ".people-option", (event, line) => {
  event.preventDefault();
  write(line);
});
on("focusout", "textarea[data-people]", (_, area) => field === area && close());
