"""What a file is, by its bytes: neither its name nor what the browser says is believed."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

#: So many bytes are looked at.
HEAD = 64 * 1024
OCTETS = "application/octet-stream"
TEXT = "text/plain"
#: What a page may show inside itself. Nothing of it can hold a script.
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: Larger pictures (in points) are offered for download: a browser would need gigabytes to draw them.
MOST_POINTS = 50_000_000
EXCERPT = 2_000
LONGEST_NAME = 150

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
)  # fmt: skip
#: Endings that go with a type; the first is put behind a name that says something else.
ENDINGS: dict[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/gzip": (".gz", ".tgz"),
    "application/zip": (".zip",),
}
#: Text by its ending, once the bytes are known to be text. Anything else that is text is plain.
TEXTS = {".md": "text/markdown", ".csv": "text/csv", ".json": "application/json"}
#: Office documents are zips; their endings are believed only inside one.
ZIPPED = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
#: Endings of what a browser would run or draw: a text so named is offered as a text.
RUNS = frozenset({".html", ".htm", ".xhtml", ".svg", ".xml", ".js", ".mjs", ".mht", ".shtml"})
_SAYS_TEXT = frozenset({".txt", *TEXTS})
_PROMISED = {ending: media for media, endings in ENDINGS.items() for ending in endings}


@dataclass(frozen=True)
class Sniffed:
    """``name``: cleaned, with the ending of what it is. ``excerpt``: a text's beginning."""

    name: str
    media: str
    excerpt: str = ""
    #: Whether a page may show it inside itself.
    shown: bool = False


def clean_name(name: str) -> str:
    """A file's name alone, without a way to anywhere or signs that turn it round."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").split("/")[-1])
    name = "".join(
        letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co"}
    )
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split())).strip(". ")
    if len(name) > LONGEST_NAME:
        ending = PurePosixPath(name).suffix[:20]
        name = name[: LONGEST_NAME - len(ending)] + ending
    return name or "file"


def sniff(name: str, head: bytes, *, whole: bool) -> Sniffed:
    """``head``: the first ``HEAD`` bytes; ``whole``: whether that is all of it."""
    name = clean_name(name)
    ending = PurePosixPath(name).suffix.lower()
    media = next((kind for at, magic, kind in MAGIC if head[at : at + len(magic)] == magic), "")
    if media == "image/webp" and head[:4] != b"RIFF":
        media = ""
    text = _text(head, whole=whole) if not media else None
    if media == "application/zip":
        media = ZIPPED.get(ending, media)
    elif text is not None:
        media = TEXTS.get(ending, TEXT)
    elif not media:
        media = OCTETS
    shown = media in IMAGES and _points(media, head) <= MOST_POINTS
    return Sniffed(_named(name, ending, media), media, (text or "")[:EXCERPT], shown)


def _named(name: str, ending: str, media: str) -> str:
    """The name, with the right ending behind one that promises what the bytes are not."""
    endings = ENDINGS.get(media, ())
    promised = _PROMISED.get(ending)
    if endings and ending not in endings:
        lies = promised or ending in RUNS or ending in _SAYS_TEXT or not ending
        return name + endings[0] if lies else name
    if promised and promised != media:
        return name + (".txt" if media.startswith("text/") else ".bin")
    if ending in RUNS:
        return f"{name}.txt" if media == TEXT else f"{name}.bin"
    return name


def _text(head: bytes, *, whole: bool) -> str | None:
    if b"\x00" in head:
        return None
    for cut in range(1 if whole else 4):
        try:
            return head[: len(head) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
    return None


def _points(media: str, head: bytes) -> int:
    """A picture's size, where its head says it; 0: not known."""
    if media == "image/png" and len(head) >= 24:
        return int.from_bytes(head[16:20], "big") * int.from_bytes(head[20:24], "big")
    if media == "image/gif" and len(head) >= 10:
        return int.from_bytes(head[6:8], "little") * int.from_bytes(head[8:10], "little")
    return 0
