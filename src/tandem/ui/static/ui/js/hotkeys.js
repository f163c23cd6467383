// Keys: anything with data-hotkey is pressed (or focused, when it is a field) by its key, sequences
// like "g b" counted. "?" lists what is on the page. Nothing fires behind an open dialog.
import { install, uninstall } from "@github/hotkey";
import { behave } from "./behave.js";
import { isApple } from "./helpers.js";
import { t } from "./texts.js";

const ALWAYS = [
  ["j", t("Next row")],
  ["k", t("Previous row")],
  ["Enter", t("Peek at the row")],
  ["x", t("Select the row")],
  ["Shift+X", t("Select up to this row")],
  ["Shift+J", t("Move the row down")],
  ["Shift+K", t("Move the row up")],
  ["Esc", t("Close what is open")],
  ["Mod+Z", t("Undo, while a message offers it")],
];

function keysOf(element) {
  return element.dataset.hotkey.replace("Mod", isApple ? "Meta" : "Control");
}

behave(
  "[data-hotkey]",
  (element) => {
    install(element, keysOf(element));
    element.addEventListener("hotkey-fire", (event) => {
      const open = document.querySelector("dialog:modal");
      const hidden = element.closest("[hidden]") && !element.closest("[popover]");
      if ((open && !open.contains(element)) || hidden) event.preventDefault();
    });
  },
  uninstall,
);

behave("[data-mod-key]", (element) => {
  if (isApple) element.textContent = element.textContent.replace(/(Ctrl|Strg) ?/, "⌘");
});

function nameOf(element) {
  return (
    element.dataset.hotkeyName ??
    element.getAttribute("aria-label") ??
    [...element.childNodes]
      .filter((node) => node.nodeName !== "KBD")
      .map((node) => node.textContent)
      .join("")
      .trim()
  );
}

function line(keys, name) {
  const term = document.createElement("dt");
  const group = document.createElement("span");
  group.className = "keys";
  for (const key of keys.replaceAll(/(?<=.)\+/g, " ").split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key === "Mod" ? (isApple ? "⌘" : t("Ctrl")) : key.length === 1 && keys.includes("+") ? key.toUpperCase() : key;
    group.append(cap);
  }
  term.append(group);
  const told = document.createElement("dd");
  told.textContent = name;
  return [term, told];
}

/** Fill the help with what the page has, each name once. */
function fill(list) {
  const lines = new Map();
  for (const element of document.querySelectorAll("[data-hotkey]")) {
    const name = nameOf(element);
    if (name && !lines.has(name)) lines.set(name, element.dataset.hotkey.split(",")[0] || element.dataset.hotkey);
  }
  const rows = document.querySelector("[data-rows]") ? ALWAYS : ALWAYS.slice(-2);
  list.replaceChildren(
    ...[...lines].flatMap(([name, keys]) => line(keys, name)),
    ...rows.flatMap(([keys, name]) => line(keys, name)),
  );
}

document.addEventListener("tandem:dialog-open", (event) => {
  const list = event.target.querySelector("[data-keys-list]");
  if (list) fill(list);
});
