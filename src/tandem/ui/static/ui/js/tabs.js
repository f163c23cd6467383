// Tabs that do not fit: the current one is brought into sight, and an edge that hides more fades.
import { behave } from "./behave.js";

behave(".topline-tabs", (line) => {
  const look = () => {
    const end = line.scrollWidth - line.clientWidth;
    line.classList.toggle("is-cut-start", line.scrollLeft > 1);
    line.classList.toggle("is-cut-end", line.scrollLeft < end - 1);
  };
  const current = line.querySelector("[aria-current=page]");
  if (current) {
    const [outer, inner] = [line.getBoundingClientRect(), current.getBoundingClientRect()];
    line.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }
  line.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(line);
});
