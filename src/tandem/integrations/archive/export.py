"""Writing a product's items as CSV."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core.files import whole_or_absent

CSV_COLUMNS = (
    "key", "kind", "title", "status", "assignee", "labels", "parent", "estimate_low",
    "estimate_likely", "estimate_high", "due_date", "created_at", "finished_at", "source_ref",
    "description",
)  # fmt: skip


#: What a spreadsheet begins a formula with, the full-width forms of East Asian keyboards among them.
RUN = frozenset("=+-@\t\r\n＝＋－＠")


def defused(value: Any) -> str:
    """A cell a spreadsheet shows as text: one it would run as a formula gets an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in RUN and not _is_number(text) else text


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


def items_export(*, by: Member, product: Product, path: Path) -> dict[str, int]:
    """Write the product's items to ``path`` as CSV. The file is whole or absent."""
    count = 0
    with whole_or_absent(path) as file:
        for text in csv_lines(by=by, product=product):
            file.write(text.encode())
            count += 1
    return {"items": count - 1}
