// Long parts that a phone folds: <details data-fold open>. Wide screens and paper show them whole.
import { behave } from "./behave.js";

const phone = matchMedia("screen and (max-width: 767.98px)");
const folds = () => document.querySelectorAll("[data-fold]");

behave("[data-fold]", (part) => {
  part.open = !phone.matches;
});
phone.addEventListener("change", () => {
  for (const part of folds()) part.open = !phone.matches;
});
addEventListener("beforeprint", () => {
  for (const part of folds()) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of folds()) part.open = !phone.matches;
});
