// Folding the left rail; remembered.
import { behave, on } from "./behave.js";
import { remember } from "./helpers.js";
import { t } from "./texts.js";

const root = document.documentElement;

function paint(button) {
  const folded = root.dataset.rail === "closed";
  button.setAttribute("aria-expanded", String(!folded));
  button.setAttribute("aria-label", folded ? t("Unfold the navigation") : t("Fold the navigation"));
}

behave("[data-rail-fold]", paint);
on("click", "[data-rail-fold]", (_, button) => {
  if (root.dataset.rail === "closed") delete root.dataset.rail;
  else root.dataset.rail = "closed";
  remember("tandem-rail", root.dataset.rail ?? null);
  paint(button);
});
