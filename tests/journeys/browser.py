"""A Chromium for the journeys, and a person's window in it that remembers what went wrong."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

#: Answers that are part of the work: a form with errors, an edit that came second.
REFUSALS = (409, 422)

#: Tells the test what the page's policy stopped; the names of the events are the browser's.
LISTEN = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} stopped ${event.blockedURI || "inline"} ` +
    `(${event.sourceFile}:${event.lineNumber})`);
});
"""


#: Until everything has come. Playwright's ``networkidle`` waits half a second more on each page.
QUIET = """
async () => {
  let seen = -1;
  let since = 0;
  for (;;) {
    const now = performance.now();
    const count = performance.getEntriesByType("resource").length;
    const busy = document.readyState !== "complete" || document.querySelector(".htmx-request");
    if (busy || count !== seen) [seen, since] = [count, now];
    else if (now - since > 120) return;
    await new Promise((done) => setTimeout(done, 20));
  }
}
"""


def executable(playwright: Playwright) -> str | None:
    """The browser to drive: ``TANDEM_CHROMIUM``, the system's, Playwright's own, or none."""
    for name in (os.environ.get("TANDEM_CHROMIUM", ""), *NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    own = playwright.chromium.executable_path
    return own if os.path.exists(own) else None


def launch(playwright: Playwright) -> Browser:
    """The browser, or a skipped test that says so; in CI a missing browser is a failure."""
    path = executable(playwright)
    if path is None:
        message = "No browser for the journeys: `make browser` says what to type."
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(f"!! SKIPPED, NOT TESTED. {message}")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return playwright.chromium.launch(
        executable_path=path, args=[*FLAGS, *(["--no-sandbox"] if root else [])]
    )


def slow(page: Page) -> None:
    """``TANDEM_SLOW=6``: the page has a sixth of the processor, as on a busy machine."""
    rate = float(os.environ.get("TANDEM_SLOW") or 1)
    if rate > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


@dataclass
class Trouble:
    """What no page may do: errors and warnings, stopped scripts and styles, broken answers."""

    found: list[str] = field(default_factory=list)
    #: Status codes that the test itself provokes.
    expected: set[int] = field(default_factory=set)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Within the block the page may be answered with these statuses."""
        before = set(self.expected)
        self.expected.update(statuses)
        yield
        self.expected = before

    def watch(self, page: Page, who: str) -> None:
        page.add_init_script(LISTEN)
        page.on("console", self._console(page, who))
        page.on("pageerror", lambda error: self.found.append(f"{who}, {page.url}: {error}"))
        page.on("response", self._response(who))
        page.on("requestfailed", self._failed(who))
        slow(page)

    def _console(self, page: Page, who: str) -> Callable[[ConsoleMessage], None]:
        def seen(message: ConsoleMessage) -> None:
            # The browser repeats each answer of 400 and above here; _response judges them.
            if message.text.startswith("Failed to load resource: the server responded"):
                return
            if message.type in {"error", "warning"}:
                self.found.append(f"{who}, {page.url}: {message.type}: {message.text}")

        return seen

    def _response(self, who: str) -> Callable[[Response], None]:
        def seen(answer: Response) -> None:
            if answer.status >= 400 and answer.status not in {*REFUSALS, *self.expected}:
                self.found.append(
                    f"{who}: {answer.status} for {answer.request.method} {answer.url}"
                )

        return seen

    def _failed(self, who: str) -> Callable[[Request], None]:
        def seen(request: Request) -> None:
            # Leaving a page gives up what it still asked for; that is no fault of the page.
            if request.failure and "ERR_ABORTED" not in request.failure:
                self.found.append(f"{who}: {request.failure} for {request.url}")

        return seen
