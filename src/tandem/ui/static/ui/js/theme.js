// Light, dark, or as the system says. [data-theme-toggle] switches, [data-theme-choice] chooses.
import { behave, on } from "./behave.js";
import { recall, remember } from "./helpers.js";
import { t } from "./texts.js";

const KEY = "tandem-theme";
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
  return root.dataset.bsTheme === "dark";
}

function show() {
  const chosen = recall(KEY);
  root.dataset.bsTheme = (chosen ? chosen === "dark" : system.matches) ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-toggle]")) paint(button);
  for (const radio of document.querySelectorAll("[data-theme-choice]")) {
    radio.checked = radio.value === (chosen ?? "system");
  }
  document.dispatchEvent(new CustomEvent("tandem:theme"));
}

function paint(button) {
  button.setAttribute("aria-label", isDark() ? t("Use the light theme") : t("Use the dark theme"));
  for (const part of button.querySelectorAll("[data-theme-icon]")) {
    part.hidden = part.dataset.themeIcon !== root.dataset.bsTheme;
  }
}

export function choose(theme) {
  remember(KEY, theme === "system" ? null : theme);
  show();
}

// Paper is light; what is drawn is drawn anew for it.
addEventListener("beforeprint", () => {
  root.dataset.bsTheme = "light";
  document.dispatchEvent(new CustomEvent("tandem:theme"));
});
addEventListener("afterprint", show);
system.addEventListener("change", show);
on("click", "[data-theme-toggle]", () => choose(isDark() ? "light" : "dark"));
on("change", "[data-theme-choice]", (_, radio) => choose(radio.value));
behave("[data-theme-toggle]", paint);
behave("[data-theme-choice]", (radio) => {
  radio.checked = radio.value === (recall(KEY) ?? "system");
});
