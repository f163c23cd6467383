"""How many pages a second ``tandem serve`` gives on this machine's processors.

A real server on a backlog of ``--items`` items, one process on SQLite and one for each processor on
PostgreSQL, asked by several connections that are kept open, each its next page as soon as the last
one came. The page is the first one of the backlog; in
the same run the same connections ask ``/healthz``, which asks no database and draws nothing: the
server's own most. ``ratio`` is the backlog's rate to that one. The asking process shares the
processors with the server.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench_common import data_folder, django_on, on_postgresql, product_with, told
from browser import port as free
from streams import _wait

SERVE = [sys.executable, "-m", "tandem", "serve"]
REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={cookie}\r\n"
    "Accept-Encoding: gzip\r\n\r\n"
)


def installation(folder: Path, items: int) -> dict[str, str]:
    """A product of ``items`` items in ``folder``, its page's address and a session."""
    django_on(folder)
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    member, product = product_with(items)
    if connection.vendor == "postgresql":  # as its autovacuum does
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(member.user)
    connection.close()
    return {
        "path": f"/w/{member.workspace.slug}/{product.key}/backlog/",
        "cookie": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end; returns its length."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert b" 200 " in head.splitlines()[0], head
    if b"content-length: " in head:
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        return length
    total = 0
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
        total += size
    await reader.readline()
    return total


async def rate(path: str, cookie: str, port: int, connections: int, seconds: float) -> Any:
    """``(answers a second, bytes of one)`` over ``seconds``, after a few to warm up."""
    asked = REQUEST.format(path=path, port=port, cookie=cookie).encode()
    counted, size, until = 0, 0, 0.0

    async def one() -> None:
        nonlocal counted, size
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(asked)
            await _answer(reader)
        await warm.wait()
        while time.perf_counter() < until:
            writer.write(asked)
            size = await _answer(reader)
            counted += 1
        writer.close()

    warm = asyncio.Barrier(connections + 1)
    running = [asyncio.create_task(one()) for _ in range(connections)]
    start = time.perf_counter()
    until = start + 3600
    await warm.wait()
    start = time.perf_counter()
    until = start + seconds
    await asyncio.gather(*running)
    return counted / (time.perf_counter() - start), size


def run(asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Both addresses on the database that the environment names."""
    folder = data_folder()
    at = installation(folder, asked.items)
    from django.db import connection

    processes = len(os.sched_getaffinity(0)) if connection.vendor == "postgresql" else 1
    number = free()
    process = subprocess.Popen(
        [*SERVE, "--port", str(number), "--workers", str(processes)],
        env={**os.environ, "TANDEM_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    rows = []
    try:
        _wait(number)
        for name, path in (("backlog", at["path"]), ("healthz", "/healthz")):
            found, size = asyncio.run(
                rate(path, at["cookie"], number, asked.connections, asked.seconds)
            )
            rows.append({"address": name, "per_second": found, "bytes": size})
    finally:
        process.terminate()
        process.wait(timeout=30)
    same = {"database": connection.vendor, "processes": processes}
    return [{**row, **same, "ratio": row["per_second"] / rows[-1]["per_second"]} for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8.0, help="of asking, for each address")
    parser.add_argument(
        "--database",
        choices=["both", "sqlite", "postgresql", "here"],
        default="both",
        help="`here`: the empty one that TANDEM_DATABASE_URL names",
    )
    asked = parser.parse_args()
    runs: list[dict[str, Any]] = []
    if asked.database != "here":
        os.environ.pop("TANDEM_DATABASE_URL", None)
    if asked.database in ("both", "postgresql"):
        same = ("items", "connections", "seconds")
        options = [word for name in same for word in (f"--{name}", str(getattr(asked, name)))]
        runs += on_postgresql(__file__, options, "runs")
    if asked.database != "postgresql":
        runs = run(asked) + runs
    result = {
        "runs": runs,
        "processors": len(os.sched_getaffinity(0)),
        "connections": asked.connections,
        "items": asked.items,
        "ratio": runs[0]["ratio"],
    }
    if asked.json:
        json.dump(result, sys.stdout)
        print()
        return
    told(False, result)


if __name__ == "__main__":
    main()
