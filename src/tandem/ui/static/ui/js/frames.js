// A list too wide for its place scrolls in its own frame, which the keyboard can reach; one that
// fits leaves scrolling to the page, so that its head can stay under the top line.
import { behave } from "./behave.js";
import { t } from "./texts.js";

behave(".list-frame", (frame) => {
  const table = frame.querySelector("table");
  if (!table) return;
  const named = table.caption?.textContent.trim();
  const look = () => {
    const wide = table.offsetWidth > frame.clientWidth + 1;
    const asked = frame.classList.contains("list-frame-wide");
    if (!asked && wide === frame.classList.contains("is-overflowing")) return;
    // Written so for browsers without scripts; measured, a list that fits scrolls with the page.
    frame.classList.remove("list-frame-wide");
    frame.classList.toggle("is-overflowing", wide);
    if (!wide) {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
      return;
    }
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", t("{name}, scrolls", { name: named || t("List") }));
  };
  const observer = new ResizeObserver(look);
  observer.observe(frame);
  observer.observe(table);
});
