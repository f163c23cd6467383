// The palette: Ctrl/Cmd-K. What is on the page (rail, buttons with a key) is found at once, without
// the server; the rest is asked of data-palette-url?q=…, which answers links with class
// palette-option (and .palette-group headings between them).
import { on } from "./behave.js";
import { openDialog } from "./dialog.js";
import { debounce } from "./helpers.js";
import { t } from "./texts.js";

const box = () => document.getElementById("palette");
const results = () => document.getElementById("palette-results");
let asked = 0;
let acts = [];

function wordsOf(element) {
  return [...element.childNodes]
    .filter((node) => !["KBD", "svg"].includes(node.nodeName) && !node.matches?.(".product-key"))
    .map((node) => node.textContent)
    .join(" ")
    .trim();
}

/** What the page itself offers: where the rail leads and what has a key. */
function offered() {
  const found = [];
  const names = new Set();
  const offer = (group, name, keys, act, source) => {
    if (!name || names.has(name)) return;
    names.add(name);
    found.push({ group, name, keys, act, icon: source.querySelector("svg") });
  };
  for (const link of document.querySelectorAll("a[data-palette-entry]")) {
    const group = link.closest(".menu") ? t("Products") : t("Pages");
    offer(group, wordsOf(link), link.dataset.hotkey, () => location.assign(link.href), link);
  }
  for (const element of document.querySelectorAll("[data-palette-action], [data-hotkey-name], .btn[data-hotkey]")) {
    if (element.closest("[hidden], #palette, .peek[hidden]") || element.matches("[data-palette-open]")) continue;
    const name = element.dataset.paletteAction || element.dataset.hotkeyName || wordsOf(element) || element.ariaLabel;
    offer(
      t("Actions"),
      name,
      element.dataset.hotkey,
      () => (element.matches("input, select, textarea") ? element.focus() : element.click()),
      element,
    );
  }
  return found;
}

function matches(name, query) {
  const words = name.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.includes(part));
}

function heading(words) {
  const line = document.createElement("div");
  line.className = "palette-group";
  line.setAttribute("role", "presentation");
  line.textContent = words;
  return line;
}

function option({ name, keys, icon }, number) {
  const line = document.createElement("div");
  line.className = "palette-option";
  line.dataset.act = String(number);
  if (icon) line.append(icon.cloneNode(true));
  const words = document.createElement("span");
  words.textContent = name;
  line.append(words);
  if (keys) {
    const hint = document.createElement("kbd");
    hint.textContent = keys.split(",")[0].replace("Mod+", `${t("Ctrl")} `);
    line.append(hint);
  }
  return line;
}

function prepare() {
  let number = 0;
  for (const line of results().querySelectorAll(".palette-option")) {
    line.setAttribute("role", "option");
    line.id = `palette-option-${number++}`;
    line.tabIndex = -1;
  }
  choose(results().querySelector(".palette-option"));
}

function choose(line) {
  for (const each of results().querySelectorAll('[aria-selected="true"]')) each.setAttribute("aria-selected", "false");
  const input = box().querySelector("input");
  if (!line) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  line.setAttribute("aria-selected", "true");
  line.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", line.id);
}

function show(query) {
  acts = offered().filter((each) => matches(each.name, query));
  const parts = [];
  let group = null;
  acts.slice(0, query ? 12 : 40).forEach((each, number) => {
    if (each.group !== group) parts.push(heading(each.group));
    group = each.group;
    parts.push(option(each, number));
  });
  results().replaceChildren(...parts);
  prepare();
}

const ask = debounce(120, async (query) => {
  const address = document.querySelector("[data-palette-url]")?.dataset.paletteUrl;
  if (!address || !query) return;
  const turn = ++asked;
  const url = new URL(address, location.href);
  url.searchParams.set("q", query);
  const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (turn !== asked || !box().open) return;
  if (!response) results().append(remark(t("The server could not be reached: items and people are not found now.")));
  if (!response?.ok) return;
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = answer.querySelectorAll(".palette-option, .palette-group");
  const chosen = results().querySelector('[aria-selected="true"]');
  results().append(...found);
  prepare();
  if (chosen) choose(chosen);
  none(query);
});

function remark(words) {
  const line = document.createElement("p");
  line.className = "palette-none";
  line.textContent = words;
  return line;
}

function none(query) {
  if (results().querySelector(".palette-option")) return;
  results().replaceChildren(remark(t("Nothing is called “{query}”.", { query })));
}

function take(line) {
  if (!line) return;
  box().close();
  if (line.dataset.act !== undefined) acts[Number(line.dataset.act)]?.act();
  else if (line.href) location.assign(line.href);
}

function step(by) {
  const lines = [...results().querySelectorAll(".palette-option")];
  const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  choose(lines.at((at + by) % lines.length));
}

on("click", "[data-palette-open]", () => {
  openDialog(box());
  const input = box().querySelector("input");
  input.value = "";
  input.focus();
  show("");
});
on("input", "#palette input", (_, input) => {
  const query = input.value.trim();
  asked++;
  show(query);
  ask(query);
  if (!document.querySelector("[data-palette-url]")?.dataset.paletteUrl) none(query);
});
on("keydown", "#palette input", (event) => {
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Enter") take(results().querySelector('[aria-selected="true"]'));
  else return;
  event.preventDefault();
});
on("click", "#palette .palette-option", (event, line) => {
  event.preventDefault();
  take(line);
});
on("pointermove", "#palette .palette-option", (_, line) => {
  if (line.getAttribute("aria-selected") !== "true") choose(line);
});
