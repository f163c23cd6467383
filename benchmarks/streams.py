"""A thousand idle live streams on one server: threads, memory each, and how soon a change is told.

Threads and memory are the serving process's, read from /proc before and after the streams are open
(Linux only). ``told`` is the time from committing a change over the API to its hint on a stream,
the 50th and 99th of a hundred changes; ``ratio`` compares it to the same with one stream open.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench_common import data_folder, told

CHANGES = 60
#: What a request carries; a stream is a GET that never ends.
REQUEST = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={cookie}\r\n\r\n"


def installation(folder: Path) -> dict[str, Any]:
    """A small product in ``folder``, a session and a token."""
    from bench_common import django_on

    django_on(folder)
    from django.conf import settings
    from django.test import Client

    from tandem.accounts.operations import product_create, token_create
    from tandem.accounts.sample import people_make
    from tandem.backlog.operations import item_create

    people = people_make()
    product = product_create(by=people.admin, key="PIER", name="Pier")
    item = item_create(by=people.owner, product=product, title="Quay")
    client = Client()
    client.force_login(people.technical.user)
    return {
        "path": f"/w/{people.workspace.slug}/PIER/live/",
        "cookie": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "token": token_create(by=people.owner, name="bench")[1],
        "item": item.pk,
        "key": item.key,
    }


def serving(process: int) -> int:
    """The process that serves: the youngest below ``process`` that is no helper."""
    found = [process]
    for each in found:
        try:
            children = Path(f"/proc/{each}/task/{each}/children").read_text().split()
        except OSError:
            continue
        found += [int(child) for child in children]
    return max(found, key=lambda each: _kib(each, "Pss"))


def _kib(process: int, name: str) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) if found else 0


def _threads(process: int) -> int:
    text = Path(f"/proc/{process}/status").read_text()
    return int(text.split("Threads:")[1].split()[0])


async def opened(at: dict[str, Any], port: int, count: int) -> list[asyncio.StreamReader]:
    async def one() -> asyncio.StreamReader:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        path = f"{at['path']}?on=item:{at['item']}&here=item:{at['item']}"
        writer.write(REQUEST.format(path=path, port=port, cookie=at["cookie"]).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.splitlines()[0], head
        writers.append(writer)
        return reader

    found: list[asyncio.StreamReader] = []
    while len(found) < count:
        found += await asyncio.gather(*(one() for _ in range(min(50, count - len(found)))))
    return found


writers: list[asyncio.StreamWriter] = []


async def told_after(at: dict[str, Any], port: int, reader: asyncio.StreamReader) -> list[float]:
    """Milliseconds from the answer to a change to its hint on this stream."""
    heard: asyncio.Queue[float] = asyncio.Queue()

    async def listen() -> None:
        while line := await reader.readline():
            if b'"item.updated"' in line:
                await heard.put(time.perf_counter())

    listening = asyncio.create_task(listen())
    found = []
    for number in range(CHANGES):
        body = json.dumps({"title": f"Quay {number} {time.time()}"}).encode()
        connection = await asyncio.open_connection("127.0.0.1", port)
        connection[1].write(
            b"PATCH /api/v1/items/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (at["key"].encode(), at["token"].encode(), len(body), body)
        )
        answer = await connection[0].read()
        assert b" 200 " in answer.split(b"\r\n")[0], answer[:400]
        answered = time.perf_counter()
        moment = await asyncio.wait_for(heard.get(), 20)
        found.append(max(0.0, moment - answered) * 1000)
        connection[1].close()
        await asyncio.sleep(0.05)
    listening.cancel()
    return found


async def measure(at: dict[str, Any], port: int, server: int, count: int) -> dict[str, Any]:
    first = (await opened(at, port, 1))[0]
    alone = await told_after(at, port, first)
    process = serving(server)
    before, threads_before = _kib(process, "Pss"), _threads(process)
    readers = await opened(at, port, count)
    await asyncio.sleep(1)
    after, threads = _kib(process, "Pss"), _threads(process)
    many = await told_after(at, port, readers[-1])
    return {
        "streams": count,
        "threads": threads,
        "threads_before": threads_before,
        "kib_each": (after - before) / count,
        "told_p50_ms": statistics.median(many),
        "told_p99_ms": sorted(many)[int(len(many) * 0.99)],
        "alone_p50_ms": statistics.median(alone),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--streams", type=int, default=1000)
    asked = parser.parse_args()
    if not Path("/proc/self/smaps_rollup").exists():
        print("This benchmark reads /proc and runs on Linux only.")
        return
    folder = data_folder()
    at = installation(folder)
    from browser import port as free

    number = free()
    process = subprocess.Popen(
        [sys.executable, "-m", "tandem", "serve", "--port", str(number)],
        env={**os.environ, "TANDEM_DATA": str(folder), "TANDEM_API_PER_MINUTE": "100000"},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(number)
        run = asyncio.run(measure(at, number, process.pid, asked.streams))
    finally:
        process.terminate()
        process.wait(timeout=30)
    told(asked.json, {"runs": [run], "ratio": run["told_p50_ms"] / max(run["alone_p50_ms"], 0.1)})


def _wait(number: int) -> None:
    import urllib.request

    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{number}/healthz", timeout=5)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    main()
