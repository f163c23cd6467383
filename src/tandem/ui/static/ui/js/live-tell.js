// A line that appears when somebody else changed what a page shows, for pages that are not renewed
// under their reader's eyes: data-live-tell says at which hints (as data-live-on), data-live-me who reads.
import { announce } from "./helpers.js";
import { concerns } from "./live-part.js";

document.addEventListener(
  "live-hint",
  (event) => {
    const hint = event.detail;
    for (const line of document.querySelectorAll("[data-live-tell][hidden]")) {
      const others = hint.kind === "resync" || String(hint.by) !== line.dataset.liveMe;
      if (!others || !(hint.kind === "resync" || concerns(line.dataset.liveTell, hint))) continue;
      line.hidden = false;
      announce(line.textContent.trim());
    }
  },
  true,
);
