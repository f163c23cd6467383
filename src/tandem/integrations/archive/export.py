"""Writing a product to one file: everything as an archive, or the items as CSV."""

import csv
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.core.events import plain
from tandem.integrations.archive.tables import SCHEMA_VERSION, TABLES

Tell = Callable[[int, int, str], None]

CSV_COLUMNS = (
    "key", "kind", "title", "status", "assignee", "labels", "parent", "estimate_low",
    "estimate_likely", "estimate_high", "due_date", "created_at", "finished_at", "source_ref",
    "description",
)  # fmt: skip


def archive_write(
    *, by: Member, product: Product, file: IO[bytes], tell: Tell | None = None
) -> dict[str, int]:
    """A zip of JSON-lines files, one per table, and ``manifest.json``; returns rows per table.

    People appear by name and mail address; passwords and tokens are never written.
    """
    require(by, "workspace.view")
    counts: dict[str, int] = {}
    with transaction.atomic(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, table in enumerate(TABLES):
            rows = table.rows(product).order_by("pk")
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
                count = 0
                for row in rows.values().iterator(chunk_size=2000):
                    if table.name == "members":
                        row |= _person(row["user_id"])
                    out.write(json.dumps(plain(row), ensure_ascii=False).encode() + b"\n")
                    count += 1
            counts[table.name] = count
            if tell:
                tell(number + 1, len(TABLES), table.name)
        manifest = {
            "tandem": "product",
            "schema": SCHEMA_VERSION,
            "product": {
                "key": product.key,
                "name": product.name,
                "description": product.description,
                "estimate_unit": product.estimate_unit,
                "next_number": product.next_number,
            },
            "rows": counts,
        }
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return counts


def _person(user_id: int) -> dict[str, Any]:
    from tandem.accounts.models import User

    user = User.objects.get(pk=user_id)
    return {"name": user.name, "email": user.email}


def defused(value: Any) -> str:
    """A cell a spreadsheet shows as text: one it would run as a formula gets an apostrophe."""
    text = "" if value is None else str(value)
    return (
        f"'{text}"
        if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _is_number(text)
        else text
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def csv_lines(*, by: Member, product: Product) -> Iterator[str]:
    """The product's items as CSV lines in rank order, the header first."""
    require(by, "item.view")
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells: list[Any]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([defused(cell) for cell in cells])
        return buffer.getvalue()

    yield line(list(CSV_COLUMNS))
    rows = (
        Item.objects.of(product)
        .select_related("status", "assignee__user", "parent")
        .prefetch_related("labels")
        .order_by("rank", "id")
    )
    for item in rows.iterator(chunk_size=1000):
        item.product = product
        if item.parent:
            item.parent.product = product
        yield line(
            [
                item.key,
                item.kind,
                item.title,
                item.status.name,
                item.assignee.name if item.assignee else "",
                ", ".join(label.name for label in item.labels.all()),
                item.parent.key if item.parent else "",
                item.estimate_low,
                item.estimate_likely,
                item.estimate_high,
                item.due_date,
                item.created_at.isoformat(),
                item.finished_at.isoformat() if item.finished_at else "",
                item.source_ref,
                item.description,
            ]
        )


def product_export(
    *, by: Member, product: Product, path: Path, tell: Tell | None = None
) -> dict[str, int]:
    """Write ``path``: items when it ends in ``.csv``, else everything. The file is whole or absent."""
    if path.is_dir():
        raise Refused(f"{path} is a folder. Name a file, like {product.key}.zip.", field="file")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.suffix.lower() == ".csv":
            with part.open("w", encoding="utf-8", newline="") as out:
                count = 0
                for text in csv_lines(by=by, product=product):
                    out.write(text)
                    count += 1
            counts = {"items": count - 1}
        else:
            with part.open("wb") as file:
                counts = archive_write(by=by, product=product, file=file, tell=tell)
        part.replace(path)
    except OSError as error:
        raise Refused(f"Cannot write {path}: {error.strerror}.", field="file") from error
    finally:
        part.unlink(missing_ok=True)
    return counts
