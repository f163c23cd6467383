// Tabs that do not fit: the current one is brought into sight, and an edge that hides more fades.
import { behave } from "./behave.js";
import { fade } from "./edges.js";

behave(".topline-tabs", (line) => {
  const current = line.querySelector("[aria-current=page]");
  if (current) {
    const [outer, inner] = [line.getBoundingClientRect(), current.getBoundingClientRect()];
    line.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }
  fade(line);
});
