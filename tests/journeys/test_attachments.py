"""Files on an item: dropped, pasted, looked at, said in a comment, taken away."""

import base64
import re
import struct
import zlib

import pytest
from playwright.sync_api import Locator, expect

from journeys.stage import Stage
from tandem.backlog.models import Item

pytestmark = pytest.mark.journey

#: What the browser does with files that a person lets go over an element, or pastes into it.
HAND_OVER = """
(element, [kind, name, type, text]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  const shared = { bubbles: true, cancelable: true };
  if (kind === "paste") element.focus();
  element.dispatchEvent(
    kind === "paste"
      ? new ClipboardEvent("paste", { ...shared, clipboardData: data })
      : new DragEvent("drop", { ...shared, dataTransfer: data }),
  );
}
"""


def picture(red: int) -> bytes:
    """A PNG of 8 by 8 points in one colour."""

    def part(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = (b"\0" + bytes((red, 90, 160)) * 8) * 8
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    parts = (part(b"IHDR", head), part(b"IDAT", zlib.compress(rows)), part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def hand_over(to: Locator, how: str, name: str, kind: str, data: bytes) -> None:
    to.evaluate(HAND_OVER, [how, name, kind, base64.b64encode(data).decode()])


def seen(image: Locator) -> None:
    """The picture itself has come, not only the place for it."""
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("naturalWidth", 8)


def test_files_are_dropped_pasted_said_and_removed(sample: Stage) -> None:
    with sample.turn:
        item = Item.objects.filter(product__key=sample.product, attachments=None).latest("pk")
        key = item.key
    page = sample.window(sample.people.owner, f"items/{key}/")
    expect(page.locator("html[data-ready=true]")).to_be_attached()
    files = page.get_by_role("region", name="Attachments")

    # Dropped anywhere on the item: a picture is seen small, a text by its beginning.
    hand_over(page.locator(".item").first, "drop", "pier.png", "image/png", picture(200))
    expect(files.get_by_role("listitem")).to_have_count(1)
    seen(files.get_by_role("img", name="pier.png"))
    hand_over(files, "drop", "tides.txt", "text/plain", b"High water at noon")
    expect(files.get_by_role("link", name="tides.txt")).to_be_visible()
    files.get_by_text("Look inside").click()
    expect(files.get_by_text("High water at noon")).to_be_visible()

    # Pasted while writing a comment: the comment shows it.
    comments = page.get_by_role("region", name="Comments")
    writing = comments.get_by_label("New comment")
    writing.fill("This is where it fails:")
    hand_over(writing, "paste", "queue.png", "image/png", picture(20))
    expect(writing).to_have_value(re.compile(r"This is where it fails: !\[queue"))
    expect(files.get_by_role("link", name="queue.png", exact=True).last).to_be_visible()
    comments.get_by_role("button", name="Comment", exact=True).click()
    said = comments.get_by_role("listitem").filter(has_text="This is where it fails:")
    seen(said.get_by_role("img", name="queue"))

    # Removed, and only that one.
    files.get_by_role("button", name="Remove pier.png").click()
    expect(files.get_by_role("img", name="pier.png")).to_have_count(0)
    expect(files.get_by_role("link", name="tides.txt")).to_be_visible()
    page.reload()
    expect(files.get_by_role("link", name="tides.txt")).to_be_visible()
    expect(files.get_by_role("img", name="pier.png")).to_have_count(0)
