"""Parts of an import: each one transaction, and a breath between two of them for others who write."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.core.database import is_shared
from tandem.core.errors import Refused
from tandem.integrations.models import ImportRun, RunState

BATCH = 500
#: Where others wait for each part, as they do for SQLite's only write lock, it is a small one.
SMALL = 150
#: Who has waited for a small part looks again within this time, in seconds.
BREATH = 0.05
#: What a part changes of its run.
KEPT = (
    "taken", "taken_back", "made", "rows", "created", "updated", "unchanged", "refused", "warned",
    "warnings", "said",
)  # fmt: skip
Tell = Callable[[int, str], None]
Row = TypeVar("Row")


class Overtaken(Exception):
    """Another worker, which took this one for dead, works on the import now."""


def require_alone(product: Product, format_name: str, but: ImportRun | None = None) -> None:
    """Refuse to begin while another import of the same source is half way, in or out."""
    half = (RunState.RUNNING, RunState.REVERTING)
    others = ImportRun.objects.filter(product=product, format=format_name, state__in=half)
    other = others.exclude(pk=but.pk if but else 0).first()
    if other is not None:
        raise Refused(
            _("The import of %(other)s is still at work. Wait until it is over.")
            % {"other": other.file_name}
        )


@contextmanager
def part(run: ImportRun) -> Iterator[None]:
    """What is written inside, and how far the run is with it, is there as one or not at all."""
    with transaction.atomic():
        if run.pk is not None:
            _hold(run)
        yield
        if run.pk is not None:
            run.save(update_fields=KEPT)
    if _others_wait():
        time.sleep(BREATH)


def _others_wait() -> bool:
    """Inside a caller's transaction they wait for its end anyhow."""
    return not connection.in_atomic_block and not is_shared()


def size() -> int:
    return SMALL if _others_wait() else BATCH


def _hold(run: ImportRun) -> None:
    """Lock the run as this worker knows it."""
    rows = ImportRun.objects.select_for_update(of=("self",)).select_related("product")
    found = rows.filter(pk=run.pk, state=run.state, taken=run.taken).first()
    if found is None:
        raise Overtaken
    if found.product.deleted_at is not None and run.state == RunState.RUNNING:
        raise Refused(_("The product was deleted meanwhile."))


def batches(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    iterator = iter(rows)
    while batch := tuple(itertools.islice(iterator, size())):
        yield batch
