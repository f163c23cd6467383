"""Writing an archive: a product or a whole workspace, whole, in one unchanging view."""

import datetime
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product, Workspace
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.files import whole_or_absent
from tandem.core.snapshot import snapshot
from tandem.core.storing import store
from tandem.core.version import version
from tandem.integrations.archive import columns, sources
from tandem.integrations.archive.references import Numbers, is_reference, walked
from tandem.integrations.archive.tables import (
    BY_KIND,
    BY_NAME,
    MEMBERS,
    SCHEMA_VERSION,
    TABLES,
    Subject,
    Table,
)

Tell = Callable[[int, int, str], None]

MANIFEST = "manifest.json"
#: The bytes of attachments, each once under its SHA-256.
ATTACHMENTS = "attachments/"
#: Every entry has one date: equal rows make equal files.
ENTRY_DATE = (1980, 1, 1, 0, 0, 0)


def kind_of(subject: Subject) -> str:
    return "product" if isinstance(subject, Product) else "workspace"


def archive_write(
    *, by: Member, subject: Subject, file: IO[bytes], tell: Tell | None = None
) -> dict[str, int]:
    """A zip of JSON-lines files, one per table, and ``manifest.json``; returns rows per table.

    People appear by name and mail address. Passwords, tokens and sessions are never written.
    Other people keep working meanwhile; what they write is not in it.
    """
    require(by, f"{kind_of(subject)}.export")
    workspace_id = subject.workspace_id if isinstance(subject, Product) else subject.pk
    if workspace_id != by.workspace_id:
        raise Refused(_("That is not in this workspace."))
    with snapshot(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(ATTACHMENTS, ENTRY_DATE), b"")
        return _Writer(subject, archive, tell).write()


def archive_export(
    *, by: Member, subject: Subject, path: Path, tell: Tell | None = None
) -> dict[str, int]:
    """Write ``path``. The file is whole or absent; the workspace's history tells who took it."""
    with whole_or_absent(path) as file:
        return archive_download(by=by, subject=subject, file=file, tell=tell)


def archive_download(
    *, by: Member, subject: Subject, file: IO[bytes], tell: Tell | None = None
) -> dict[str, int]:
    """Write the archive for somebody, and tell in the history who took it."""
    counts = archive_write(by=by, subject=subject, file=file, tell=tell)
    events.record(
        by=by,
        verb="archive.exported",
        obj=subject,
        product_id=subject.pk if isinstance(subject, Product) else None,
        changes={"rows": sum(counts.values())},
    )
    return counts


class _Writer:
    def __init__(self, subject: Subject, archive: zipfile.ZipFile, tell: Tell | None) -> None:
        self.subject = subject
        self.archive = archive
        self.tell = tell or (lambda done, total, note: None)
        self.numbers = Numbers()
        self.files: dict[str, dict[str, Any]] = {}
        #: Members that a row names: a product's archive holds these only.
        self.named: set[int] = set()

    def write(self) -> dict[str, int]:
        self._learn()
        tables = [table for table in TABLES if self._belongs(table)]
        for done, table in enumerate(tables):
            self.tell(done, len(tables) + 1, table.name)
            self._file(table, self._rows(table))
        self._bytes()
        self.tell(len(tables), len(tables) + 1, "members")
        self._file(MEMBERS, self._members())
        manifest = {
            "tandem": kind_of(self.subject),
            "schema": SCHEMA_VERSION,
            "version": version(),
            "written_at": timezone.now().isoformat(timespec="seconds"),
            "name": self.subject.name,
            "key": self.subject.key if isinstance(self.subject, Product) else self.subject.slug,
            "files": self.files,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        self.archive.writestr(zipfile.ZipInfo(MANIFEST, ENTRY_DATE), text, zipfile.ZIP_DEFLATED)
        self.tell(len(tables) + 1, len(tables) + 1, "")
        return {name.removesuffix(".jsonl"): each["rows"] for name, each in self.files.items()}

    def _belongs(self, table: Table) -> bool:
        return table is not MEMBERS and (
            bool(table.product) if isinstance(self.subject, Product) else True
        )

    def _learn(self) -> None:
        """Number every row before any is written: a parent may be younger than its child."""
        workspace_id = (
            self.subject.workspace_id if isinstance(self.subject, Product) else self.subject.pk
        )
        people = Member.objects.filter(workspace_id=workspace_id)
        self.numbers.learn("members", people.values_list("pk", "user__email"))
        for table in TABLES:
            if self._belongs(table):
                pks = table.rows(self.subject).values_list("pk", flat=True)
                self.numbers.learn(
                    table.name, ((pk, number) for number, pk in enumerate(pks.iterator(), 1))
                )

    def _rows(self, table: Table) -> Iterator[dict[str, Any]]:
        names = [field.attname for field in columns.fields_of(table)]
        references = columns.references_of(table)
        said = sources.Sources(self.subject) if table.name == "source_states" else None
        rows = table.rows(self.subject).values_list("pk", *names)
        for number, (_pk, *values) in enumerate(rows.iterator(chunk_size=2000), 1):
            row: dict[str, Any] = {"id": number}
            for name, value in zip(names, values, strict=True):
                if name in references:
                    row[name] = self._reference(references[name], value)
                elif name in table.json:
                    row[name] = walked(
                        value, self._reference, accept=lambda _, each: is_reference(each)
                    )
                else:
                    row[name] = columns.written(value)
            if table.name == "events":
                row["object_id"] = self._object(row["object_kind"], row["object_id"])
            elif said is not None:
                row["fields"] = said.written(row["fields"], self.numbers)
            yield row

    def _reference(self, table: str, value: Any) -> Any:
        if value is None:
            return None
        if table == "members":
            self.named.add(value)
        return self.numbers.of(table, value)

    def _object(self, kind: str, number: int) -> Any:
        return self._reference(BY_KIND.get(kind, kind), number)

    def _bytes(self) -> None:
        """Equal bytes once, in the order of their sum: equal archives are equal files."""
        rows = BY_NAME["attachments"].rows(self.subject).exclude(key="")
        keys = dict(rows.order_by("sha256").values_list("sha256", "key"))
        for sha256, key in keys.items():
            entry = zipfile.ZipInfo(f"{ATTACHMENTS}{sha256}", ENTRY_DATE)
            # Pictures and zips do not shrink.
            entry.compress_type = zipfile.ZIP_STORED
            with self.archive.open(entry, "w", force_zip64=True) as out:
                for block in store().read(key):
                    out.write(block)

    def _members(self) -> Iterator[dict[str, Any]]:
        rows = MEMBERS.rows(
            self.subject
            if isinstance(self.subject, Workspace)
            else Workspace(pk=self.subject.workspace_id)
        )
        names = [field.attname for field in columns.fields_of(MEMBERS)]
        everybody = isinstance(self.subject, Workspace)
        people = sorted(rows.select_related("user"), key=lambda member: member.user.email)
        for member in people:
            if everybody or member.pk in self.named:
                yield {
                    "id": member.user.email,
                    "name": member.user.name,
                    "is_active": member.user.is_active,
                } | {name: columns.written(getattr(member, name)) for name in names}

    def _file(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        digest, count, size = hashlib.sha256(), 0, 0
        entry = zipfile.ZipInfo(f"{table.name}.jsonl", ENTRY_DATE)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self.archive.open(entry, "w", force_zip64=True) as out:
            for row in rows:
                # Sorted: PostgreSQL keeps the keys of JSON in an order of its own.
                line = json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n"
                out.write(line)
                digest.update(line)
                count += 1
                size += len(line)
        self.files[entry.filename] = {
            "rows": count,
            "bytes": size,
            "sha256": digest.hexdigest(),
        }


def archive_name(subject: Subject, now: datetime.datetime) -> str:
    """A file name that says what and when: ``FERRY-2026-11-24.zip``."""
    name = subject.key if isinstance(subject, Product) else subject.slug
    return f"{name}-{now:%Y-%m-%d}.zip"
