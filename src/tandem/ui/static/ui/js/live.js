// Live updates: elements with data-live (an address like /w/skerry/FERRY/live/?on=item:42&after=7)
// say what their page follows. All of a page share one stream, and a page nobody looks at has none:
// coming back it goes on where it stopped. Each hint becomes events on the body: live-<kind of row>,
// live-<verb> with hyphens, and live-resync when so much was missed that everything is asked for.
// Without a stream the page works as before: reload it to see what others did.
import { behave } from "./behave.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

/** A page that is hidden so long gives its stream back. */
const HIDDEN_FOR = 30_000;

const elements = new Set();
/** Address without its query -> { source, streams, last }. */
const lines = new Map();
/** Streams that ended for good. */
const ended = new Set();
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
    const line = found.get(pathname) ?? { streams: new Set(), after: 0, here: "" };
    line.here = searchParams.get("here") ?? line.here;
    for (const stream of searchParams.getAll("on")) line.streams.add(stream);
    const after = Number(searchParams.get("after"));
    if (after) line.after = line.after ? Math.min(line.after, after) : after;
    found.set(pathname, line);
  }
  return found;
}

function open(path, streams, after, here) {
  const query = new URLSearchParams([...streams].map((stream) => ["on", stream]));
  if (here) query.set("here", here);
  if (after) query.set("after", after);
  const source = new EventSource(`${path}?${query}`);
  const line = { source, streams, last: after, here };
  lines.set(path, line);
  source.addEventListener("open", () => show(path, "on"));
  source.addEventListener("error", () => {
    show(path, "off");
    // A server that cannot stream answers 204; one that does not let in any more says why.
    if (source.readyState === EventSource.CLOSED && lines.get(path) === line) refused(path, source.url);
  });
  source.addEventListener("over", (event) => over(path, JSON.parse(event.data).why));
  source.addEventListener("message", (event) => {
    if (/^\d+$/.test(event.lastEventId)) line.last = Number(event.lastEventId);
    heard(JSON.parse(event.data));
  });
}

async function refused(path, address) {
  const asking = new AbortController();
  const answer = await fetch(address, { signal: asking.signal }).catch(() => null);
  asking.abort();
  if (answer?.status === 401) over(path, "signed-out");
  else if (answer?.status === 403 || answer?.status === 404) over(path, "no-access");
}

const SAID = {
  "signed-out": t(
    "You are signed out: this page shows nothing new any more, and saves nothing. Sign in again in another tab, then go on here.",
  ),
  "no-access": t("You may not see this any more: the page shows nothing new."),
};

/** The stream has ended for good. What was written stays on the page. */
function over(path, why) {
  close(path);
  ended.add(path);
  show(path, why);
  toast(SAID[why] ?? SAID["no-access"], { tone: "bad" });
}

function close(path) {
  lines.get(path)?.source.close();
  lines.delete(path);
}

function look() {
  looking = false;
  const wanted = asked();
  for (const path of lines.keys()) if (!wanted.has(path)) close(path);
  for (const [path, { streams, after, here }] of wanted) {
    if (ended.has(path)) continue;
    const line = lines.get(path);
    const enough = line && (line.here === here || !here) && [...streams].every((stream) => line.streams.has(stream));
    if (enough) {
      if (line.source.readyState === EventSource.OPEN) show(path, "on");
      continue;
    }
    const last = line?.last || after;
    close(path);
    open(path, streams, last, here);
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
  for (const [path, { streams, after, here }] of asked()) {
    if (lines.has(path)) continue;
    // Signed in again meanwhile, perhaps: it is asked anew.
    ended.delete(path);
    open(path, streams, stopped.get(path) || after, here);
  }
  stopped.clear();
});
