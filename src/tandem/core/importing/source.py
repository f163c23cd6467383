"""Opening somebody's file safely: its size, whether it is text, and in which encoding."""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from tandem_engine.words import figure, join, phrase, said

from .errors import ImportRefused

#: The largest file that is read when the caller says nothing, in bytes.
DEFAULT_LIMIT = 256 * 1024 * 1024

_CHUNK = 1 << 20
_HEAD = 64 * 1024

_SIGNATURES = (
    (b"PK\x03\x04", phrase("an Excel workbook or a zip archive; export it as CSV or JSON first")),
    (b"PK\x05\x06", phrase("an empty zip archive")),
    (b"\xd0\xcf\x11\xe0", phrase("an old Excel or Word file; save it as CSV first")),
    (b"\x1f\x8b", phrase("a gzip archive; unpack it first")),
    (b"7z\xbc\xaf", phrase("a 7z archive; unpack it first")),
    (b"Rar!", phrase("a RAR archive; unpack it first")),
    (b"%PDF-", phrase("a PDF document")),
    (b"\x89PNG", phrase("a PNG picture")),
    (b"\xff\xd8\xff", phrase("a JPEG picture")),
    (b"GIF8", phrase("a GIF picture")),
    (b"SQLite format 3\x00", phrase("an SQLite database")),
    (b"\x7fELF", phrase("a program")),
)
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UNDEFINED_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes become text: the codec, and what the person should know about the choice."""

    codec: str
    warning: str = ""
    line: int | None = None


class Source:
    """A file that can be read from its beginning as often as needed, without holding it in memory.

    Making one checks what can be told from the first bytes: size, emptiness, known binary formats. Other binary
    content is refused by :meth:`encoding`, which everything that reads text goes through.
    """

    def __init__(
        self, *, name: str, size: int, path: Path | None = None, data: bytes | None = None
    ) -> None:
        self.name = name
        self.size = size
        self._path = path
        self._data = data
        self._found: dict[str, Encoding] = {}

    @classmethod
    def from_path(cls, path: str | Path, *, limit: int = DEFAULT_LIMIT, name: str = "") -> "Source":
        """The file at ``path``. Raises ImportRefused when it is missing, empty, larger than ``limit`` bytes
        or of a known binary format."""
        path = Path(path)
        try:
            if not path.is_file():
                raise ImportRefused(said("There is no file %(path)s.", path=str(path)))
            source = cls(name=name or path.name, size=path.stat().st_size, path=path)
        except (OSError, ValueError) as error:
            raise ImportRefused(
                said(
                    "The file %(path)s cannot be read: %(reason)s.",
                    path=str(path),
                    reason=_os_reason(error),
                )
            ) from error
        source._refuse_what_is_not_text(limit)
        return source

    @classmethod
    def from_bytes(
        cls, data: bytes, *, limit: int = DEFAULT_LIMIT, name: str = "upload"
    ) -> "Source":
        """Bytes already in memory, with the same checks as :meth:`from_path`."""
        source = cls(name=name, size=len(data), data=data)
        source._refuse_what_is_not_text(limit)
        return source

    def open(self) -> BinaryIO:
        """The bytes from the beginning. Raises ImportRefused when the file has gone."""
        if self._data is not None:
            return io.BytesIO(self._data)
        assert self._path is not None
        try:
            return self._path.open("rb")
        except OSError as error:
            raise ImportRefused(
                said(
                    "The file %(name)s cannot be read: %(reason)s.",
                    name=self.name,
                    reason=_os_reason(error),
                )
            ) from error

    def head(self, count: int = _HEAD) -> bytes:
        """The first ``count`` bytes; of a UTF-16 file their text in UTF-8, so that formats can be told apart by it."""
        with self.open() as stream:
            head = stream.read(count)
        if head[:2] in _UTF16:
            return head[2:].decode(_UTF16[head[:2]], "ignore").encode("utf-8", "ignore")
        return head

    def encoding(self, wanted: str | None = None) -> Encoding:
        """How to read the bytes as text; the whole file was tried with it.

        UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252 with a warning that names the
        first byte which is not UTF-8. ``wanted`` skips the guess. Raises ImportRefused when no reading is honest:
        a UTF-8 file with damaged bytes, NUL bytes, bytes that no candidate defines.
        """
        key = wanted or ""
        if key not in self._found:
            self._found[key] = self._tried(wanted) if wanted else self._guessed()
        return self._found[key]

    @contextmanager
    def text(self, wanted: str | None = None) -> Iterator[TextIO]:
        """The text from the beginning, line endings untouched, the byte order mark at the file's start removed."""
        codec = self.encoding(wanted).codec
        with self.open() as stream:
            if codec in _UTF16.values() and stream.read(2) not in _UTF16:
                stream.seek(0)
            yield io.TextIOWrapper(stream, encoding=codec, errors="strict", newline="")

    def _refuse_what_is_not_text(self, limit: int) -> None:
        if self.size == 0:
            raise ImportRefused(said("The file %(name)s is empty.", name=self.name))
        if self.size > limit:
            raise ImportRefused(
                said(
                    "The file %(name)s has %(size)s bytes; the limit is %(limit)s (%(size2)s). Split it or export fewer rows.",
                    name=self.name,
                    size=figure(self.size, ","),
                    limit=figure(limit, ","),
                    size2=_readable(limit),
                )
            )
        with self.open() as stream:
            head = stream.read(4096)
        for signature, what in _SIGNATURES:
            if head.startswith(signature):
                raise ImportRefused(
                    said(
                        "The file %(name)s is not text: it is %(what)s.",
                        name=self.name,
                        what=said(what),
                    )
                )

    def _guessed(self) -> Encoding:
        with self.open() as stream:
            head = stream.read(4)
        if head[:2] in _UTF16:
            return self._tried(_UTF16[head[:2]])
        scan = _scan_utf8(self)
        if scan.nul_line:
            raise ImportRefused(_nul_message(self.name), scan.nul_line)
        if not scan.bad_bytes:
            return Encoding("utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8")
        where = said(
            "byte 0x%(byte)s at position %(position)s",
            byte=format(scan.first_bad, "02X"),
            position=scan.position,
        )
        if head.startswith(codecs.BOM_UTF8) or scan.good_characters >= scan.bad_bytes:
            raise ImportRefused(
                said(
                    "The file is UTF-8 but damaged: %(where)s does not belong to any character. Export it again, or choose its encoding.",
                    where=where,
                ),
                scan.line,
            )
        if scan.undefined_line:
            raise ImportRefused(
                said(
                    "The file is neither UTF-8 (%(where)s, line %(line)s) nor Windows-1252. Save it as UTF-8, or choose its encoding.",
                    where=where,
                    line=scan.line,
                ),
                scan.undefined_line,
            )
        return Encoding(
            "cp1252",
            said(
                "The file is not UTF-8 (%(where)s); it was read as Windows-1252. Check accented letters, or choose its encoding.",
                where=where,
            ),
            scan.line,
        )

    def _tried(self, wanted: str) -> Encoding:
        try:
            codec = codecs.lookup(wanted).name
            "".encode(codec)  # a codec that is not for text says so here
        except (LookupError, ValueError, TypeError) as error:
            raise ImportRefused(
                said(
                    "There is no text encoding “%(wanted)s”. Try utf-8, utf-16, windows-1252 or iso-8859-1.",
                    wanted=wanted,
                )
            ) from error
        if codec == "utf-8":
            codec = "utf-8-sig"
        decoder = codecs.getincrementaldecoder(codec)("strict")
        line = 1
        with self.open() as stream:
            if codec in _UTF16.values() and stream.read(2) not in _UTF16:
                stream.seek(0)
            while True:
                chunk = stream.read(_CHUNK)
                try:
                    text = decoder.decode(chunk, not chunk)
                except UnicodeError as error:
                    if isinstance(error, UnicodeDecodeError):
                        before = error.object[: error.start].decode(codec, "replace")
                        line += before.count("\n")
                    raise ImportRefused(
                        said(
                            "The file is not %(wanted)s text: %(error)s.",
                            wanted=wanted,
                            error=str(error),
                        ),
                        line,
                    ) from error
                if "\x00" in text:
                    raise ImportRefused(
                        _nul_message(self.name), line + text[: text.index("\x00")].count("\n")
                    )
                line += text.count("\n")
                if not chunk:
                    return Encoding(codec)


@dataclass(slots=True)
class _Scan:
    good_characters: int = 0
    bad_bytes: int = 0
    first_bad: int = 0
    position: int = 0
    line: int = 1
    undefined_line: int | None = None
    nul_line: int | None = None


def _scan_utf8(source: Source) -> _Scan:
    """What is UTF-8 in the bytes, what is not, and where that begins."""
    scan = _Scan()
    if _is_clean_utf8(source):
        return scan
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    lines = bytes_seen = bytes_lines = 0
    with source.open() as stream:
        while True:
            chunk = stream.read(_CHUNK)
            if scan.nul_line is None and b"\x00" in chunk:
                scan.nul_line = bytes_lines + chunk[: chunk.index(b"\x00")].count(b"\n") + 1
            if scan.undefined_line is None and (match := _UNDEFINED_IN_1252.search(chunk)):
                scan.undefined_line = bytes_lines + chunk[: match.start()].count(b"\n") + 1
            bytes_lines += chunk.count(b"\n")
            text = decoder.decode(chunk, not chunk)
            if not text.isascii():
                beyond = [c for c in text if c > "\x7f"]
                bad = [c for c in beyond if "\udc80" <= c <= "\udcff"]
                scan.good_characters += len(beyond) - len(bad)
                scan.bad_bytes += len(bad)
                if bad and not scan.position:
                    before = text[: text.index(bad[0])]
                    scan.first_bad = ord(bad[0]) - 0xDC00
                    scan.line = lines + before.count("\n") + 1
                    scan.position = bytes_seen + len(before.encode("utf-8")) + 1
            lines += text.count("\n")
            bytes_seen += len(text.encode("utf-8", "surrogateescape"))
            if not chunk:
                return scan


def _is_clean_utf8(source: Source) -> bool:
    """Whether all bytes are UTF-8 without NUL: nearly every file, and far quicker to find out than what else it is."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with source.open() as stream:
        try:
            while chunk := stream.read(_CHUNK):
                if b"\x00" in chunk:
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return False
    return True


def _nul_message(name: str) -> str:
    return said(
        "The file %(name)s contains NUL bytes, so it is binary, or UTF-16 without a byte order mark. Save it as UTF-8 text.",
        name=name,
    )


def _readable(size: int) -> str:
    if size < 1024 * 1024:
        return said("%(size)s bytes", size=size)
    return join(figure(size / 1024 / 1024, ".1f"), " MB")


def _os_reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
