"""Taking an import back: what it made goes, what it changed becomes as it was."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.history_keeping import require_history
from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Comment, Criterion, Item, Label, Status
from tandem.backlog.operations.items import label_named
from tandem.core import events, forgetting
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.integrations.imports import parts
from tandem.integrations.imports.parts import part, require_alone
from tandem.integrations.imports.past import PAST
from tandem.integrations.models import ImportRow, ImportRun, Outcome, RunState, SourceState

Tell = Callable[[int, int, str], None]
NEEDS_HISTORY = N_(
    "Reverting this import needs the history of that time, and what happened before %(day)s is not kept any more."
)
#: Events an import itself leaves on an item.
OWN_EVENTS = ("item.imported", "item.reimported", PAST)


@dataclass(frozen=True)
class Reverted:
    """``kept``: items somebody worked on since the import; they stay as they are."""

    removed: int
    restored: int
    kept: int

    @classmethod
    def so_far(cls, run: ImportRun) -> "Reverted":
        return cls(*(run.taken_back.get(name, 0) for name in ("removed", "restored", "kept")))

    def __add__(self, other: "Reverted") -> "Reverted":
        return Reverted(
            self.removed + other.removed, self.restored + other.restored, self.kept + other.kept
        )


def _worked_on(run: ImportRun) -> Any:
    """Whether somebody (not an import) did something to the row's item after the import."""
    since = Event.objects.filter(
        object_kind="item",
        object_id=OuterRef("item_id"),
        at__gt=run.applied_from or run.finished_at,
    )
    return Exists(since.exclude(verb__in=(*OWN_EVENTS, "import.reverted")))


@transaction.atomic
def import_revert(*, by: Member, run: ImportRun) -> ImportRun:
    """Take a finished import back, in the background.

    Only the newest import of a product's source can be taken back; older ones need it first.
    """
    require(by, "import.revert")
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("product").get(pk=run.pk)
    run.product.workspace = by.workspace
    if run.state != RunState.DONE:
        raise Refused(_("Only a finished import can be reverted."))
    later = ImportRun.objects.filter(
        product_id=run.product_id, format=run.format, state=RunState.DONE, pk__gt=run.pk
    ).first()
    if later is not None:
        raise Refused(
            _("A later import (%(later)s) builds on this one. Revert that one first.")
            % {"later": later.file_name}
        )
    require_alone(run.product, run.format, but=run)
    # Without the history of the time since, nobody knows what was worked on.
    assert run.finished_at is not None
    require_history(run.product, run.finished_at, NEEDS_HISTORY)
    run.state, run.taken, run.taken_back = RunState.REVERTING, 0, {}
    run.save()
    from tandem.integrations import tasks

    tasks.import_take_back.of(by.workspace_id).enqueue(run.pk, by.pk)
    run.refresh_from_db()
    return run


def take_back(*, by: Member, run: ImportRun, tell: Tell) -> Reverted:
    """Take the rows of a run in the state ``REVERTING`` back, part by part; run again after its
    worker was killed, it goes on there. A run that was never done becomes ``FAILED``, or
    ``CHECKED`` to be tried ``again``."""
    done = Reverted.so_far(run)
    changed = run.rows_seen.filter(outcome__in=[Outcome.CREATED, Outcome.UPDATED])
    total = changed.count()
    while rows := list(changed.order_by("pk")[run.taken : run.taken + parts.size()]):
        with part(run):
            done += _rows_back(by, run, rows)
            run.taken += len(rows)
            run.taken_back |= asdict(done)
        tell(run.taken, total, N_("Taking back"))
    with part(run):
        _forget_made(run)
        if run.finished_at is None:
            _failed(run, done)
        else:
            run.state, run.reverted_at, run.message = RunState.REVERTED, timezone.now(), _told(done)
            events.record(by=by, verb="import.reverted", obj=run, product_id=run.product_id)
        run.save()
    return done


def _failed(run: ImportRun, done: Reverted) -> None:
    """Nothing of it is here; what an attempt counted is not either."""
    run.rows_seen.all().delete()
    # Its file is still there: who cancelled it may map it anew.
    run.state = RunState.CHECKED if run.taken_back.get("again") else RunState.FAILED
    run.taken, run.applied_from, run.made = 0, None, {}
    run.created = run.updated = run.unchanged = run.refused = run.warned = 0
    run.warnings = []
    if done.kept:
        run.message = f"{run.message} {_told(done)}"


def _rows_back(by: Member, run: ImportRun, rows: list[ImportRow]) -> Reverted:
    here = run.rows_seen.filter(pk__in=[row.pk for row in rows], item__isnull=False)
    here = here.annotate(worked_on=_worked_on(run))
    kept = here.filter(worked_on=True).count()
    restored = 0
    for row in here.filter(outcome=Outcome.UPDATED, worked_on=False).select_related(
        "item__product"
    ):
        _restore(row)
        events.record(by=by, verb="import.reverted", obj=row.item)
        restored += 1
    made = here.filter(outcome=Outcome.CREATED, worked_on=False)
    gone = list(made.values_list("item_id", flat=True))
    own = Event.objects.filter(object_kind="item", object_id__in=gone, verb__in=OWN_EVENTS)
    forgetting.forget(own)
    Item.objects.filter(pk__in=gone).delete()
    return Reverted(len(gone), restored, kept)


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
