"""Taking an import back: what it made goes, what it changed becomes as it was."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from tandem.accounts.history_keeping import require_history
from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Comment, Criterion, Item, Label, Status
from tandem.backlog.operations.items import label_named
from tandem.core import events, forgetting
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.integrations.imports.past import PAST
from tandem.integrations.models import ImportRow, ImportRun, Outcome, RunState, SourceState

BATCH = 500
#: Events an import itself leaves on an item.
OWN_EVENTS = ("item.imported", "item.reimported", PAST)


@dataclass(frozen=True)
class Reverted:
    """``kept``: items somebody worked on since the import; they stay as they are."""

    removed: int
    restored: int
    kept: int


def _worked_on(run: ImportRun) -> Any:
    """Whether somebody (not an import) did something to the row's item after the import."""
    since = Event.objects.filter(
        object_kind="item", object_id=OuterRef("item_id"), at__gt=run.finished_at
    )
    return Exists(since)


@transaction.atomic
def import_revert(*, by: Member, run: ImportRun) -> Reverted:
    """Only the newest import of a product's source can be taken back; older ones need it first."""
    require(by, "import.revert")
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != RunState.DONE:
        raise Refused("Only a finished import can be reverted.")
    later = ImportRun.objects.filter(
        product_id=run.product_id, format=run.format, state=RunState.DONE, pk__gt=run.pk
    ).first()
    if later is not None:
        raise Refused(
            f"A later import ({later.file_name}) builds on this one. Revert that one first."
        )
    # Without the history of the time since, nobody knows what was worked on.
    assert run.finished_at is not None
    require_history(run.product, run.finished_at, "Reverting this import")
    rows = run.rows_seen.filter(item__isnull=False).annotate(worked_on=_worked_on(run))
    kept = rows.filter(outcome__in=[Outcome.CREATED, Outcome.UPDATED], worked_on=True).count()
    restored = 0
    for row in rows.filter(outcome=Outcome.UPDATED, worked_on=False).select_related(
        "item__product"
    ):
        _restore(row)
        events.record(by=by, verb="import.reverted", obj=row.item)
        restored += 1
    removed = 0
    gone = list(
        rows.filter(outcome=Outcome.CREATED, worked_on=False).values_list("item_id", flat=True)
    )
    for start in range(0, len(gone), BATCH):
        part = gone[start : start + BATCH]
        own = Event.objects.filter(object_kind="item", object_id__in=part, verb__in=OWN_EVENTS)
        forgetting.forget(own)
        Item.objects.filter(pk__in=part).delete()
        removed += len(part)
    _forget_made(run)
    run.state = RunState.REVERTED
    run.reverted_at = timezone.now()
    run.message = _told(Reverted(removed, restored, kept))
    run.save()
    events.record(by=by, verb="import.reverted", obj=run, product_id=run.product_id)
    return Reverted(removed, restored, kept)


def _forget_made(run: ImportRun) -> None:
    """Statuses and labels only this import needed; what an item still has stays."""
    used = Item.objects.filter(status=OuterRef("pk"))
    statuses = Status.objects.filter(product=run.product_id, name__in=run.made.get("statuses", []))
    statuses.exclude(Exists(used)).delete()
    labels = Label.objects.filter(product=run.product_id, name__in=run.made.get("labels", []))
    labels.exclude(items__isnull=False).delete()


def _told(done: Reverted) -> str:
    parts = [
        (done.removed, "taken out"),
        (done.restored, "as they were before"),
        (done.kept, "kept, because somebody worked on them since"),
    ]
    said = [f"{count:,} {words}" for count, words in parts if count]
    return f"Items: {', '.join(said)}." if said else "No item had to change."


def _restore(row: ImportRow) -> None:
    item = row.item
    assert item is not None
    for column, value in row.before.items():
        if column == "labels":
            item.labels.set([label_named(item.product, name) for name in value])
        elif column == "comments_added":
            Comment.objects.filter(item=item, pk__in=value).delete()
        elif column == "past_added":
            past = Event.objects.of("item", item.pk).filter(pk__in=value, verb=PAST)
            forgetting.forget(past)
        elif column == "criteria_added":
            Criterion.objects.filter(item=item, pk__in=value).delete()
        elif column.endswith("_at"):
            setattr(item, column, value and parse_datetime(value))
        elif column == "due_date":
            item.due_date = value and parse_date(value)
        else:
            setattr(item, column, value)
    item.version += 1
    item.updated_at = timezone.now()
    item.save()
    # What the source said before is not known any more: the next import looks at every field.
    SourceState.objects.filter(item=item).delete()
