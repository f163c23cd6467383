"""Opening an archive: nothing of it is believed before it was looked at, nothing is unpacked to disk."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zlib import error as zlib_error

from django.conf import settings

from tandem.core.errors import Refused
from tandem.integrations.archive.tables import BY_NAME, SCHEMA_VERSION, TABLES
from tandem.integrations.archive.writing import ATTACHMENTS, MANIFEST, Tell
from tandem_engine.words import figure, said

#: An honest JSON-lines file shrinks to a twentieth at most; a bomb to a thousandth.
MOST_RATIO = 200
#: Below this many bytes a ratio says nothing.
SMALL = 4 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
LARGEST_MANIFEST = 1024 * 1024
BLOCK = 256 * 1024
SHA256 = re.compile("[0-9a-f]{64}")


def refuse(message: str) -> Refused:
    return Refused(message, field="file")


@dataclass(frozen=True)
class Manifest:
    #: ``product`` or ``workspace``.
    kind: str
    schema: int
    name: str
    key: str
    #: Rows per table.
    rows: dict[str, int]
    #: SHA-256 per table; empty for schema 1, which had none.
    digests: dict[str, str]
    #: The product's own values, which schema 1 kept here.
    product: dict[str, Any]


def kind_in(file: IO[bytes]) -> str:
    """``product`` or ``workspace``: a first look; opening the archive checks it."""
    try:
        with zipfile.ZipFile(file) as found, found.open(MANIFEST) as manifest:
            kind = json.loads(manifest.read(LARGEST_MANIFEST))["tandem"]
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, TypeError, zlib_error) as error:
        raise refuse(
            said("This is no archive of Tandem: %(reason)s.", reason=str(error))
        ) from error
    finally:
        file.seek(0)
    return str(kind)


class Archive:
    """An archive that was found whole: ``rows(table)`` gives its lines."""

    def __init__(self, file: IO[bytes], tell: Tell | None = None) -> None:
        """Refuses a damaged, tampered, too large or newer archive, naming file and line."""
        tell = tell or (lambda done, total, note: None)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise refuse(
                said("This is no archive of Tandem: %(reason)s.", reason=str(error))
            ) from error
        self._check_entries()
        self.manifest = self._manifest()
        self._check_tables()
        #: The archive's numbers of each table's rows, in the order of the file.
        self.numbers: dict[str, list[Any]] = {}
        present = self.tables
        for done, table in enumerate(present):
            tell(done, len(present), said("checking %(table)s", table=table))
            self.numbers[table] = self._checked(table)

    @property
    def tables(self) -> list[str]:
        """The tables it holds, in the order of import."""
        return [table.name for table in TABLES if table.name in self.manifest.rows]

    def rows(self, table: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """``(line, row)``; the line counts from 1."""
        name = f"{table}.jsonl"
        with self._opened(name) as file:
            for line, text in self._lines(name, file):
                yield line, self._row(name, line, text)

    def attachment(self, sha256: str, target: Path) -> int:
        """Write an attachment's bytes to ``target``; refuses bytes that are not what they are called."""
        name, digest, size = f"{ATTACHMENTS}{sha256}", hashlib.sha256(), 0
        if name not in self._zip.namelist():
            raise refuse(said("The archive is damaged: %(name)s is missing.", name=name))
        with self._opened(name) as file, target.open("wb") as out:
            try:
                while block := file.read(BLOCK):
                    digest.update(block)
                    size += len(block)
                    out.write(block)
            except (zipfile.BadZipFile, EOFError, zlib_error) as error:
                raise refuse(
                    said("%(name)s is damaged: %(reason)s.", name=name, reason=str(error))
                ) from error
        if digest.hexdigest() != sha256:
            raise refuse(said("The archive is damaged: %(name)s holds other bytes.", name=name))
        return size

    # Looking before reading

    def _check_entries(self) -> None:
        seen: set[str] = set()
        total = 0
        for entry in self._zip.infolist():
            name = entry.filename
            if name in seen:
                raise refuse(said("The archive holds %(name)s twice.", name=repr(name[:80])))
            seen.add(name)
            if name == ATTACHMENTS:
                continue
            if name.startswith(ATTACHMENTS):
                if not SHA256.fullmatch(name.removeprefix(ATTACHMENTS)):
                    raise refuse(
                        said(
                            "The archive holds a file %(name)s that is no attachment.",
                            name=repr(name[:80]),
                        )
                    )
                if entry.file_size > settings.ATTACHMENT_LIMIT:
                    raise refuse(
                        said(
                            "The archive holds an attachment of %(size)s bytes; at most %(most)s MB are kept here. Raise TANDEM_ATTACHMENT_MB.",
                            size=figure(entry.file_size, ",d"),
                            most=figure(settings.ATTACHMENT_LIMIT // (1024 * 1024), ",d"),
                        )
                    )
            elif name != MANIFEST and name.removesuffix(".jsonl") not in BY_NAME:
                raise refuse(
                    said(
                        "The archive holds %(name)s, which Tandem does not know.",
                        name=repr(name[:80]),
                    )
                )
            if entry.flag_bits & 0x1:
                raise refuse(
                    said("%(name)s is encrypted. Write the archive without a password.", name=name)
                )
            total += entry.file_size
            if entry.file_size > SMALL and entry.file_size > MOST_RATIO * entry.compress_size:
                raise refuse(
                    said(
                        "%(name)s would grow to %(times)s times its size. No archive of Tandem does.",
                        name=name,
                        times=figure(entry.file_size // entry.compress_size, ",d"),
                    )
                )
        if total > settings.ARCHIVE_LIMIT:
            most = settings.ARCHIVE_LIMIT // (1024 * 1024)
            raise refuse(
                said(
                    "Unpacked, this archive has %(total)s MB; at most %(most)s MB are read. Raise TANDEM_ARCHIVE_MB.",
                    total=figure(total // (1024 * 1024), ",d"),
                    most=figure(most, ",d"),
                )
            )
        if MANIFEST not in seen:
            raise refuse(
                said("This is no archive of Tandem: %(manifest)s is missing.", manifest=MANIFEST)
            )

    def _manifest(self) -> Manifest:
        if self._zip.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise refuse(said("%(manifest)s is too large.", manifest=MANIFEST))
        with self._opened(MANIFEST) as file:
            try:
                told = json.loads(self._read(MANIFEST, file))
                schema = told["schema"]
                if not isinstance(schema, int) or told["tandem"] not in {"product", "workspace"}:
                    raise ValueError("no archive of Tandem")
                if schema > SCHEMA_VERSION:
                    raise refuse(
                        said(
                            "A newer Tandem wrote this archive (schema %(schema)s; this one reads up to %(schema_version)s). Upgrade Tandem, then import it.",
                            schema=schema,
                            schema_version=SCHEMA_VERSION,
                        )
                    )
                if schema == 1:
                    product = told["product"]
                    return Manifest(
                        "product",
                        1,
                        product["name"],
                        product["key"],
                        dict(told["rows"]),
                        {},
                        product,
                    )
                files = {name.removesuffix(".jsonl"): each for name, each in told["files"].items()}
                return Manifest(
                    told["tandem"],
                    schema,
                    str(told["name"]),
                    str(told["key"]),
                    {name: int(each["rows"]) for name, each in files.items()},
                    {name: str(each["sha256"]) for name, each in files.items()},
                    {},
                )
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise refuse(
                    said(
                        "%(manifest)s is damaged: %(reason)s.", manifest=MANIFEST, reason=str(error)
                    )
                ) from error

    def _check_tables(self) -> None:
        for name in self.manifest.rows:
            if name not in BY_NAME:
                raise refuse(
                    said(
                        "%(manifest)s names a table “%(name)s” that Tandem does not know.",
                        manifest=MANIFEST,
                        name=name[:60],
                    )
                )
        held = {
            name.removesuffix(".jsonl") for name in self._zip.namelist() if name.endswith(".jsonl")
        }
        for name in sorted(held ^ set(self.manifest.rows)):
            if name in self.manifest.rows:
                raise refuse(said("The archive is damaged: %(name)s.jsonl is missing.", name=name))
            raise refuse(
                said(
                    "The archive is damaged: %(name)s.jsonl is not in %(manifest)s.",
                    name=name,
                    manifest=MANIFEST,
                )
            )
        if self.manifest.kind == "workspace" and self.manifest.rows.get("workspace") != 1:
            raise refuse(said("workspace.jsonl: an archive of a workspace holds exactly one."))
        if self.manifest.schema > 1 and self.manifest.kind == "product":
            if self.manifest.rows.get("products") != 1:
                raise refuse(said("products.jsonl: an archive of a product holds exactly one."))
            for name in ("workspace", "invitations"):
                if name in self.manifest.rows:
                    raise refuse(
                        said(
                            "%(name)s.jsonl does not belong into an archive of a product.",
                            name=name,
                        )
                    )

    # Reading

    def _opened(self, name: str) -> IO[bytes]:
        try:
            return self._zip.open(name)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise refuse(
                said("%(name)s is damaged: %(reason)s.", name=name, reason=str(error))
            ) from error

    def _read(self, name: str, file: IO[bytes]) -> bytes:
        try:
            return file.read()
        except (zipfile.BadZipFile, EOFError, OSError, zlib_error) as error:
            raise refuse(
                said("%(name)s is damaged: %(reason)s.", name=name, reason=str(error))
            ) from error

    def _lines(self, name: str, file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
        line = 0
        while True:
            try:
                text = file.readline(LONGEST_LINE + 1)
            except (zipfile.BadZipFile, EOFError, OSError, zlib_error) as error:
                raise refuse(
                    said(
                        "%(name)s, after line %(line)s: damaged (%(reason)s).",
                        name=name,
                        line=line,
                        reason=str(error),
                    )
                ) from error
            if not text:
                return
            line += 1
            if len(text) > LONGEST_LINE:
                raise refuse(
                    said(
                        "%(name)s, line %(line)s: longer than any row can be.", name=name, line=line
                    )
                )
            yield line, text

    def _row(self, name: str, line: int, text: bytes) -> dict[str, Any]:
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise refuse(
                said(
                    "%(name)s, line %(line)s: no JSON (%(reason)s).",
                    name=name,
                    line=line,
                    reason=str(error),
                )
            ) from error
        if not isinstance(row, dict) or "id" not in row:
            raise refuse(
                said("%(name)s, line %(line)s: not a row with an “id”.", name=name, line=line)
            )
        if b"\\u0000" in text:
            raise refuse(
                said(
                    "%(name)s, line %(line)s: holds a character that no database keeps.",
                    name=name,
                    line=line,
                )
            )
        return row

    def _checked(self, table: str) -> list[Any]:
        """The table's numbers, after every line was parsed and the whole was summed up."""
        name = f"{table}.jsonl"
        digest, numbers, seen = hashlib.sha256(), [], set()
        with self._opened(name) as file:
            for line, text in self._lines(name, file):
                digest.update(text)
                number = self._row(name, line, text)["id"]
                if not isinstance(number, int | str) or isinstance(number, bool) or number in seen:
                    raise refuse(
                        said(
                            "%(name)s, line %(line)s: “id” %(number)s is no number of its own.",
                            name=name,
                            line=line,
                            number=repr(number),
                        )
                    )
                seen.add(number)
                numbers.append(number)
        if len(numbers) != self.manifest.rows[table]:
            raise refuse(
                said(
                    "%(name)s, line %(line)s: the file ends after %(rows)s rows; %(manifest)s says %(table)s.",
                    name=name,
                    line=len(numbers),
                    rows=figure(len(numbers), ",d"),
                    manifest=MANIFEST,
                    table=figure(self.manifest.rows[table], ",d"),
                )
            )
        if self.manifest.schema > 1 and digest.hexdigest() != self.manifest.digests[table]:
            raise refuse(
                said(
                    "%(name)s was changed or damaged: its SHA-256 is not the manifest's.", name=name
                )
            )
        return numbers
