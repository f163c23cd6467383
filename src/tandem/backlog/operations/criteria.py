"""Acceptance criteria: rows of their own, plain or Given/When/Then."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.gherkin import looks_like_gherkin, scenarios_of
from tandem.backlog.models import Criterion, CriterionForm, Item
from tandem.core import events
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event

LONGEST = 20_000


def read(text: str, form: str | None) -> tuple[str, str, list[dict[str, str]]]:
    """``(form, text, steps)``; the form is seen from the text when not given."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused(_("Write what must be true."), field="text")
    if len(text) > LONGEST:
        raise Refused(
            _("At most %(most)s characters; this has %(count)s.")
            % {"most": LONGEST, "count": len(text)},
            field="text",
        )
    if form is None:
        form = CriterionForm.GHERKIN if looks_like_gherkin(text) else CriterionForm.PLAIN
    if form not in CriterionForm.values:
        raise Refused(_("%(form)s is no form of a criterion.") % {"form": form}, field="form")
    steps = scenarios_of(text)[0].steps if form == CriterionForm.GHERKIN else []
    return form, text, [step.as_json() for step in steps]


@transaction.atomic
def criterion_add(*, by: Member, item: Item, text: str, form: str | None = None) -> Criterion:
    """One criterion at the end. Given/When/Then is parsed; an error names the line."""
    require(by, "criterion.edit")
    form, text, steps = read(text, form)
    last = item.criteria.order_by("-position").values_list("position", flat=True).first()
    criterion = Criterion.objects.create(
        item=item, position=0 if last is None else last + 1, form=form, text=text, steps=steps
    )
    events.record(by=by, verb="criterion.added", obj=item, changes={"criterion": [None, text]})
    return criterion


@transaction.atomic
def criterion_update(
    *, by: Member, criterion: Criterion, text: str, form: str | None = None
) -> Criterion:
    """A changed criterion is open again: what was checked is no longer what stands there."""
    require(by, "criterion.edit")
    before = criterion.text
    criterion.form, criterion.text, criterion.steps = read(text, form)
    if criterion.text == before:
        return criterion
    criterion.met_at = criterion.met_by = None
    criterion.save()
    events.record(
        by=by,
        verb="criterion.changed",
        obj=criterion.item,
        changes={"criterion": [before, criterion.text], "criterion_id": criterion.pk},
    )
    return criterion


@transaction.atomic
def criterion_check(*, by: Member, criterion: Criterion, met: bool) -> Criterion:
    require(by, "criterion.edit")
    if (criterion.met_at is not None) == met:
        return criterion
    criterion.met_at = timezone.now() if met else None
    criterion.met_by = by if met else None
    criterion.save(update_fields=["met_at", "met_by"])
    events.record(
        by=by,
        verb="criterion.met" if met else "criterion.reopened",
        obj=criterion.item,
        changes={"criterion": [criterion.text, criterion.text]},
    )
    return criterion


@transaction.atomic
def criterion_remove(*, by: Member, criterion: Criterion) -> Event:
    """The event keeps the whole row, so that ``criterion_restore`` can lay it back."""
    require(by, "criterion.edit")
    kept = {
        "position": criterion.position,
        "form": criterion.form,
        "met_at": criterion.met_at,
        "met_by_id": criterion.met_by_id,
    }
    item, text = criterion.item, criterion.text
    criterion.delete()
    return events.record(
        by=by,
        verb="criterion.removed",
        obj=item,
        changes={"criterion": [text, None], "row": kept},
    )


@transaction.atomic
def criterion_restore(*, by: Member, item: Item, removal: Event) -> Criterion:
    """Lay a removed criterion back where it stood, checked if it was."""
    require(by, "criterion.edit")
    text, kept = removal.changes["criterion"][0], removal.changes.get("row", {})
    later = Event.objects.of("item", item.pk).filter(verb="criterion.added", pk__gt=removal.pk)
    if later.filter(changes__restored_from=removal.pk).exists():
        raise Conflict(_("This criterion stands there again already."), current=item)
    form, text, steps = read(text, kept.get("form"))
    met_at = kept.get("met_at")
    met_by = kept.get("met_by_id")
    criterion = Criterion.objects.create(
        item=item,
        position=kept.get("position", item.criteria.count()),
        form=form,
        text=text,
        steps=steps,
        met_at=datetime.datetime.fromisoformat(met_at) if met_at else None,
        met_by=Member.objects.filter(pk=met_by, workspace_id=item.workspace_id).first(),
    )
    events.record(
        by=by,
        verb="criterion.added",
        obj=item,
        changes={"criterion": [None, text], "restored_from": removal.pk},
    )
    return criterion
