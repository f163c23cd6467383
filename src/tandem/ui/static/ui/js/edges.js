// What scrolls sideways and hides more beyond an edge: that edge fades (css/edges.css).
import { behave } from "./behave.js";

/** What an entry leaves free beside its words: so little beyond an edge hides nothing. */
const SPARE = 8;

/** Says by classes which edge of a line that scrolls cuts something off, now and later. */
export function fade(line) {
  const look = () => {
    const end = line.scrollWidth - line.clientWidth;
    line.classList.toggle("is-cut-start", line.scrollLeft > SPARE);
    line.classList.toggle("is-cut-end", line.scrollLeft < end - SPARE);
  };
  line.addEventListener("scroll", look, { passive: true });
  const observer = new ResizeObserver(look);
  observer.observe(line);
  if (line.firstElementChild) observer.observe(line.firstElementChild);
}

behave(".list-frame, .board, .month-frame, .plan-board, .plan-list", fade);
