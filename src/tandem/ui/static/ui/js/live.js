// Live updates: elements with data-live (an address like /w/skerry/FERRY/live/?on=item:42&after=7)
// say what their page follows. All of a page share one stream, and a page nobody looks at has none:
// coming back it goes on where it stopped. Each hint becomes events on the body: live-<kind of row>,
// live-<verb> with hyphens, and live-resync when so much was missed that everything is asked for.
// Without a stream the page works as before: reload it to see what others did.
import { behave } from "./behave.js";

/** A page that is hidden so long gives its stream back. */
const HIDDEN_FOR = 30_000;

const elements = new Set();
/** Address without its query -> { source, streams, last }. */
const lines = new Map();
let looking = false;
let hiding = 0;

function tell(name, detail = {}) {
  document.body.dispatchEvent(new CustomEvent(name, { detail }));
}

function heard(hint) {
  tell("live-hint", hint);
  tell(`live-${hint.kind}`, hint);
  if (hint.verb) tell(`live-${hint.verb.replaceAll(".", "-")}`, hint);
}

function show(path, state) {
  for (const element of elements) {
    if (new URL(element.dataset.live, location.href).pathname === path) element.dataset.liveState = state;
  }
}

/** What the page's elements ask for, by address. */
function asked() {
  const found = new Map();
  for (const element of elements) {
    const { pathname, searchParams } = new URL(element.dataset.live, location.href);
    const line = found.get(pathname) ?? { streams: new Set(), after: 0 };
    for (const stream of searchParams.getAll("on")) line.streams.add(stream);
    const after = Number(searchParams.get("after"));
    if (after) line.after = line.after ? Math.min(line.after, after) : after;
    found.set(pathname, line);
  }
  return found;
}

function open(path, streams, after) {
  const query = new URLSearchParams([...streams].map((stream) => ["on", stream]));
  if (after) query.set("after", after);
  const source = new EventSource(`${path}?${query}`);
  const line = { source, streams, last: after };
  lines.set(path, line);
  source.addEventListener("open", () => show(path, "on"));
  source.addEventListener("error", () => show(path, "off"));
  source.addEventListener("message", (event) => {
    if (/^\d+$/.test(event.lastEventId)) line.last = Number(event.lastEventId);
    heard(JSON.parse(event.data));
  });
}

function close(path) {
  lines.get(path)?.source.close();
  lines.delete(path);
}

function look() {
  looking = false;
  const wanted = asked();
  for (const path of lines.keys()) if (!wanted.has(path)) close(path);
  for (const [path, { streams, after }] of wanted) {
    const line = lines.get(path);
    const enough = line && [...streams].every((stream) => line.streams.has(stream));
    if (enough) {
      if (line.source.readyState === EventSource.OPEN) show(path, "on");
      continue;
    }
    const last = line?.last || after;
    close(path);
    open(path, streams, last);
  }
}

/** Soon, and once for everything that comes and goes together. */
function lookSoon() {
  if (looking) return;
  looking = true;
  queueMicrotask(look);
}

behave(
  "[data-live]",
  (element) => {
    elements.add(element);
    lookSoon();
  },
  (element) => {
    elements.delete(element);
    lookSoon();
  },
);

/** Where each stream stopped while nobody looked. */
const stopped = new Map();

function rest() {
  for (const [path, { last }] of lines) {
    stopped.set(path, last);
    close(path);
    show(path, "off");
  }
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.hidden) {
    hiding = setTimeout(rest, HIDDEN_FOR);
    return;
  }
  for (const [path, { streams, after }] of asked()) {
    if (lines.has(path)) continue;
    open(path, streams, stopped.get(path) || after);
  }
  stopped.clear();
});
