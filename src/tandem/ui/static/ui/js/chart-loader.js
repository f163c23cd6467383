// Charts are heavy: their library is loaded when the first one comes near the window.
import { behave } from "./behave.js";

behave("[data-chart]", (figure) => {
  new IntersectionObserver(
    (seen, observer) => {
      if (!seen.some((each) => each.isIntersecting)) return;
      observer.disconnect();
      import("./chart.js").then(({ draw }) => draw(figure));
    },
    { rootMargin: "200px" },
  ).observe(figure);
});
