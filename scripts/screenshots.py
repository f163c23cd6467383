"""Take the pictures of the documentation from the sample product.

    python scripts/screenshots.py            every picture
    python scripts/screenshots.py plan item  only these

A server on a data folder of its own, a Chromium as the journeys find it, 1280 by 800, light.
"""

import argparse
import os
import struct
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 800}

#: Picture -> (whose page, address in the product, keys pressed there).
PICTURES = {
    "home": ("owner", "", ""),
    "backlog": ("owner", "backlog/", ""),
    "board": ("owner", "board/", ""),
    "lanes": ("owner", "board/?group=assignee", ""),
    "filter": ("owner", "backlog/?q=kind%3Abug%20-label%3Apayments", "f"),
    "chosen": ("owner", "backlog/", "j x j x j x"),
    "statuses": ("owner", "setup/statuses/", ""),
    "prioritise": ("technical", "prioritise/", ""),
    "plan": ("technical", "plan/", ""),
    "forecast": ("owner", "forecast/", ""),
    "item": ("owner", "items/{item}/", ""),
    "import": ("owner", "import/", ""),
    "connect": ("owner", "connections/", "c"),
    "notices": ("technical", "../inbox/settings/", ""),
}


def prepare() -> None:
    """Settings on an empty data folder, with the tables made."""
    os.environ["TANDEM_DATA"] = tempfile.mkdtemp(prefix="tandem-pictures-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tandem.config.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.environ["TANDEM_LOG"] = "ERROR"
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def sample() -> Any:
    """The sample's people, with a plan solved."""
    from tandem.home.sample import sample_make
    from tandem.planning.models import Scenario
    from tandem.planning.operations.plans import plan_ask
    from tandem.planning.tasks import plan_solve

    people = sample_make()
    scenario = Scenario.objects.get(product__workspace=people.workspace, name="Next four sprints")
    plan = plan_ask(by=people.technical, scenario=scenario)
    plan_solve.call(plan.pk)
    return people


def best_item(people: Any) -> str:
    """The key of an open item with criteria, an answered question and a conversation."""
    from django.db.models import Count

    from tandem.backlog.models import Item

    told = Item.objects.visible_to(people.owner).filter(
        status__category="open", questions__answered_at__isnull=False
    )
    richest = (
        told.annotate(
            criteria_told=Count("criteria", distinct=True),
            comments_told=Count("comments", distinct=True),
        )
        .order_by("-comments_told", "-criteria_told", "pk")
        .first()
    )
    return richest.key if richest else f"{people.owner.workspace.products.first().key}-1"


def plain_rows(pixels: bytes, stride: int, step: int) -> bytes:
    """A PNG's rows with every row filter undone (PNG specification, section 9.2)."""
    before, at, rows = bytearray(stride), 0, []
    while at < len(pixels):
        kind, row = pixels[at], bytearray(pixels[at + 1 : at + 1 + stride])
        at += 1 + stride
        for i in range(stride if kind else 0):
            left, up = (row[i - step] if i >= step else 0), before[i]
            corner = before[i - step] if i >= step else 0
            if kind == 4:
                guess = min((left, up, corner), key=lambda way: abs(left + up - corner - way))
            else:
                guess = (0, left, up, (left + up) // 2)[kind]
            row[i] = (row[i] + guess) & 255
        rows.append(b"\0" + bytes(row))
        before = row
    return b"".join(rows)


def pack(path: Path) -> None:
    """Write a picture again without row filters: flat colours compress better so. Loses nothing."""
    data = path.read_bytes()
    chunks, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    head = next(body for name, body in chunks if name == b"IHDR")
    width, _, _, colours = struct.unpack(">IIBB", head[:10])
    step = {2: 3, 6: 4}[colours]
    pixels = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    packed = zlib.compress(plain_rows(pixels, width * step, step), 9)
    path.write_bytes(
        data[:8]
        + b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
        )
    )


def take(names: list[str]) -> None:
    from django.test.testcases import LiveServerThread
    from playwright.sync_api import sync_playwright

    from journeys.browser import FLAGS, Trouble, executable
    from journeys.stage import Stage
    from tandem.config import statics

    # As a real server does: gathered first, and given out by the application itself.
    statics.gather(Path(os.environ["TANDEM_DATA"]) / "static")
    people = sample()
    item = best_item(people)
    server = LiveServerThread("127.0.0.1", lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    with sync_playwright() as playwright:
        path = executable(playwright)
        if path is None:
            sys.exit("No browser: `make browser` says what to type.")
        root = [] if os.geteuid() else ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *root])
        stage = Stage.of(f"http://127.0.0.1:{server.port}", browser, people)
        IMAGES.mkdir(parents=True, exist_ok=True)
        for name in names:
            who, rest, keys = PICTURES[name]
            page = stage.window(getattr(people, who), viewport=SIZE, color_scheme="light")
            page.goto(stage.address(rest.format(item=item)))
            page.wait_for_load_state("networkidle")
            drawing = page.locator(".chart-plot canvas").first
            if page.locator(".chart-plot").count():
                drawing.wait_for()
            for key in keys.split():
                page.keyboard.press(key)
            if keys:
                page.wait_for_load_state("networkidle")
            target = IMAGES / f"{name}.png"
            page.screenshot(path=target, animations="disabled")
            pack(target)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB")
            page.context.close()
        browser.close()
    server.terminate()
    trouble: Trouble = stage.trouble
    if trouble.found:
        sys.exit("\n".join(trouble.found))


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = parser.parse_args().names or list(PICTURES)
    unknown = [name for name in names if name not in PICTURES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(PICTURES)}")
    prepare()
    take(names)


if __name__ == "__main__":
    main()
