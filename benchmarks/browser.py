"""Pages of the sample product in a real browser: what travels, and how long a person waits.

Per page: kilobytes on the wire at a first visit (empty cache) and again; requests of the first
visit; milliseconds to the largest contentful paint; and the delay between a key and the next
paint, the 95th of a hundred presses of ``j`` and ``k``. The ratio is first to again.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench_common import data_folder, told

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

PAGES = {
    "home": "",
    "backlog": "backlog/",
    "board": "board/",
    "prioritise": "prioritise/",
    "plan": "plan/",
    "forecast": "forecast/",
}
PRESSES = 100
WATCH = """
() => {
  window.waits = [];
  window.painted = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) window.painted = each.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (each.name === "keydown") window.waits.push(each.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}
"""


def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def server(number: int) -> tuple[subprocess.Popen[str], str]:
    """A running Tandem with its sample, and the Product Owner's sign-in link."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tandem", "up", "--port", str(number)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TANDEM_DATA": str(data_folder())},
    )
    assert process.stdout
    for line in process.stdout:
        link = re.search(r"Product Owner\s+(http\S+)", line)
        if link:
            wait(number)
            return process, link[1]
    raise SystemExit("The server did not start.")


def wait(number: int) -> None:
    """Until it answers."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", number)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server does not answer.")


def look(browser: Any, state: Any, address: str) -> dict[str, Any]:
    """One page in a browser that has seen nothing yet, then again."""
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    lengths: list[float] = []
    wire.on("Network.loadingFinished", lambda each: lengths.append(each["encodedDataLength"]))
    page.goto(address, wait_until="load")
    page.evaluate(WATCH)
    page.wait_for_timeout(1500)
    first, requests = sum(lengths), len(lengths)
    painted = page.evaluate("window.painted")
    lengths.clear()
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1000)
    again = sum(lengths)
    page.evaluate(WATCH)
    for number in range(PRESSES):
        page.keyboard.press("k" if number % 10 == 9 else "j")
    page.wait_for_timeout(500)
    waits = sorted(page.evaluate("window.waits"))
    context.close()
    return {
        "first_kb": first / 1024,
        "again_kb": again / 1024,
        "requests": requests,
        "largest_paint_ms": painted,
        # Events below the 16 ms that browsers report count as 16.
        "key_p95_ms": max(16.0, waits[int(0.95 * len(waits))] if len(waits) >= 5 else 16.0),
        "ratio": first / again,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    wanted = parser.parse_args()
    from playwright.sync_api import sync_playwright

    from journeys.browser import executable

    number = port()
    process, link = server(number)
    try:
        with sync_playwright() as playwright:
            path = executable(playwright)
            if path is None:
                raise SystemExit("No browser is here; `make browser` says what to type.")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            context = browser.new_context()
            page = context.new_page()
            page.goto(link)
            page.wait_for_url(re.compile(r"/w/"))
            time.sleep(1)
            base, state = page.url, context.storage_state()
            context.close()
            runs = [
                {"page": name, **look(browser, state, base + rest)} for name, rest in PAGES.items()
            ]
            browser.close()
    finally:
        process.terminate()
        process.wait(20)
    told(wanted.json, {"runs": runs})


if __name__ == "__main__":
    main()
