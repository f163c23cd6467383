// Charts are heavy: their library is loaded when the first one comes near the window.
import { behave } from "./behave.js";

let draw = null;

behave("[data-chart]", (figure) => {
  new IntersectionObserver(
    (seen, observer) => {
      if (!seen.some((each) => each.isIntersecting)) return;
      observer.disconnect();
      import("./chart.js").then((module) => {
        ({ draw } = module);
        draw(figure);
      });
    },
    { rootMargin: "200px" },
  ).observe(figure);
});

// On paper every chart of a page is near, once the library is there.
addEventListener("beforeprint", () => {
  if (!draw) return;
  for (const figure of document.querySelectorAll("[data-chart]:not([data-drawn])")) draw(figure, true);
});
