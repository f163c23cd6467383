// Live updates: an element with data-live (a stream's address) keeps it open while it is on the page.
// Each hint becomes events on the body that htmx can wait for: live-<kind of row>, live-<verb> with
// hyphens, and live-resync when so much was missed that everything should be asked for.
// Without a stream the page works as before: reload it to see what others did.
import { behave } from "./behave.js";

const open = new WeakMap();

function tell(name, detail = {}) {
  document.body.dispatchEvent(new CustomEvent(name, { detail }));
}

function heard(hint) {
  tell(`live-${hint.kind}`, hint);
  if (hint.verb) tell(`live-${hint.verb.replaceAll(".", "-")}`, hint);
}

behave(
  "[data-live]",
  (element) => {
    const source = new EventSource(element.dataset.live);
    open.set(element, source);
    source.addEventListener("open", () => (element.dataset.liveState = "on"));
    source.addEventListener("error", () => (element.dataset.liveState = "off"));
    source.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  },
  (element) => {
    open.get(element)?.close();
    open.delete(element);
  },
);
