"""Shaping a scoring model: its formula, its criteria, and going back to an earlier version."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation import criterion_settings as settings
from tandem.prioritisation.calculations_models import FORMULA_KINDS
from tandem.prioritisation.models import ModelVersion, Rating, ScoringCriterion, ScoringModel
from tandem.prioritisation.operations.models import FORMULA_FIELDS
from tandem.prioritisation.versions import CRITERION_FIELDS, changing
from tandem.prioritisation.weight_rows import write_weights
from tandem.ui.phrases import plain
from tandem_engine.words import said

MOST_CRITERIA: Final = 30
LONGEST_FORMULA: Final = 2000
LONGEST_UNIT: Final = 60


@transaction.atomic
def model_formula_set(
    *,
    by: Member,
    model: ScoringModel,
    formula_kind: str = "custom",
    formula_text: str = "",
    score_unit: str = "",
    weights: Mapping[str, Any] | None = None,
    why: str = "",
    version: int | None = None,
) -> ScoringModel:
    """How the score follows from the criteria: one of the four formulas, or ``custom`` and a text.

    ``weights`` by slug go into the same version, because a formula may read them.
    """
    require(by, "model.edit", model)
    if formula_kind not in FORMULA_KINDS:
        raise Refused(
            _("formula: one of %(known)s.") % {"known": ", ".join(FORMULA_KINDS)},
            field="formula_kind",
        )
    text = formula_text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST_FORMULA:
        raise Refused(
            _("A formula has at most %(most)s characters.") % {"most": LONGEST_FORMULA},
            field="formula_text",
        )
    unit = " ".join(score_unit.replace("\x00", "").split())
    if len(unit) > LONGEST_UNIT:
        raise Refused(
            _("A unit has at most %(most)s characters.") % {"most": LONGEST_UNIT},
            field="score_unit",
        )
    with changing(model, by=by, why=why or "Formula changed.", version=version):
        model.refresh_from_db()
        before = (model.formula_kind, model.formula_text, model.score_unit)
        model.formula_kind = formula_kind
        # The text of a custom formula stays while one of the four is tried out.
        model.formula_text = text if formula_kind == "custom" else model.formula_text
        model.score_unit = unit
        model.save(update_fields=["formula_kind", "formula_text", "score_unit"])
        weighed = write_weights(model, weights) if weights else {}
    if weighed:
        events.record(by=by, verb="model.weight_set", obj=model, changes=weighed)
    after = (model.formula_kind, model.formula_text, model.score_unit)
    if after != before:
        names = ("formula_kind", "formula_text", "score_unit")
        changes = {
            name: [old, new]
            for name, old, new in zip(names, before, after, strict=True)
            if old != new
        }
        events.record(by=by, verb="model.formula_changed", obj=model, changes=changes)
    return model


@transaction.atomic
def criterion_add(
    *,
    by: Member,
    model: ScoringModel,
    slug: str = "",
    kind: str = "rating",
    version: int | None = None,
    **given: Any,
) -> ScoringCriterion:
    """A further question asked about every item, at the end of its model."""
    require(by, "model.edit", model)
    if kind not in ("rating", "effort"):
        raise Refused(_("kind: rating or effort."), field="kind")
    named = {"name": "", "lens": "", "low": 1, "high": 5} | given
    row = ScoringCriterion(model=model, kind=kind, **settings.checked(named))
    if kind == "effort":
        row.direction = "lower"
    settings.check_scale(row)
    with changing(
        model, by=by, why=said("Criterion %(name)s added.", name=row.name), version=version
    ):
        asked = model.criteria.filter(removed_at=None)
        if asked.count() >= MOST_CRITERIA:
            raise Refused(
                _("A model has at most %(most)s criteria.") % {"most": MOST_CRITERIA},
                field="name",
            )
        if kind == "effort" and asked.filter(kind="effort").exists():
            raise Refused(_("A model has one effort criterion, and this one has it."), field="kind")
        taken = set(model.criteria.values_list("slug", flat=True))
        row.slug = settings.slug_for(row.name, slug.strip(), taken)
        row.position = (model.criteria.aggregate(last=Max("position"))["last"] or 0) + 1
        row.save()
    events.record(
        by=by, verb="model.criterion_added", obj=model, changes={"criterion": [None, row.name]}
    )
    return row


@transaction.atomic
def criterion_update(
    *, by: Member, criterion: ScoringCriterion, version: int | None = None, **given: Any
) -> ScoringCriterion:
    """Change what a criterion asks, its scale or its weight. What it is called in formulas stays.

    Refuses a scale outside of which current ratings lie: they would have no meaning on it.
    """
    model = criterion.model
    require(by, "model.edit", model)
    new = settings.checked(given)
    with changing(
        model, by=by, why=said("Criterion %(name)s changed.", name=criterion.name), version=version
    ):
        criterion.refresh_from_db()
        changes = {
            name: [getattr(criterion, name), value]
            for name, value in new.items()
            if getattr(criterion, name) != value
        }
        for name, value in new.items():
            setattr(criterion, name, value)
        settings.check_scale(criterion)
        _refuse_outside(criterion)
        criterion.save(update_fields=list(new) or None)
    if changes:
        events.record(
            by=by,
            verb="model.criterion_changed",
            obj=model,
            changes={f"{criterion.slug}.{name}": pair for name, pair in changes.items()},
        )
    return criterion


def _refuse_outside(row: ScoringCriterion) -> None:
    outside = Q(value__lt=row.low) | Q(value__gt=row.high) | Q(low__lt=row.low)
    outside |= Q(high__gt=row.high)
    count = Rating.objects.current().filter(outside, criterion=row).count()
    if count:
        raise Refused(
            ngettext(
                "%(count)s current rating lies outside %(low)s to %(high)s. Keep them inside, or add a "
                "new criterion.",
                "%(count)s current ratings lie outside %(low)s to %(high)s. Keep them inside, or add a "
                "new criterion.",
                count,
            )
            % {
                "count": count,
                "low": plain(row.low),
                "high": plain(row.high),
            },
            field="low",
        )


@transaction.atomic
def criterion_move(
    *, by: Member, criterion: ScoringCriterion, position: int, version: int | None = None
) -> ScoringCriterion:
    """Put it at a place among the criteria asked, counted from 0: the order people are asked in."""
    model = criterion.model
    require(by, "model.edit", model)
    with changing(
        model, by=by, why=said("Criterion %(name)s moved.", name=criterion.name), version=version
    ):
        rows = [each for each in model.criteria.filter(removed_at=None) if each.pk != criterion.pk]
        place = max(0, min(position, len(rows)))
        before = ScoringCriterion.objects.get(pk=criterion.pk).position
        rows.insert(place, criterion)
        for number, each in enumerate(rows):
            each.position = number
        ScoringCriterion.objects.bulk_update(rows, ["position"])
        # Those taken out stand behind, in their own order.
        model.criteria.exclude(removed_at=None).update(position=F("position") + len(rows))
    if criterion.position != before:
        events.record(
            by=by,
            verb="model.criterion_moved",
            obj=model,
            changes={criterion.slug: [before, criterion.position]},
        )
    return criterion


@transaction.atomic
def criterion_remove(
    *, by: Member, criterion: ScoringCriterion, version: int | None = None
) -> ScoringCriterion:
    """No longer asked. Its ratings stay and count again when it comes back."""
    model = criterion.model
    require(by, "model.edit", model)
    with changing(
        model,
        by=by,
        why=said("Criterion %(name)s taken out.", name=criterion.name),
        version=version,
    ):
        criterion.refresh_from_db()
        gone = criterion.removed_at is None
        if gone:
            criterion.removed_at = timezone.now()
            criterion.save(update_fields=["removed_at"])
    if gone:
        events.record(
            by=by,
            verb="model.criterion_removed",
            obj=model,
            changes={"criterion": [criterion.name, None]},
        )
    return criterion


@transaction.atomic
def criterion_return(
    *, by: Member, criterion: ScoringCriterion, version: int | None = None
) -> ScoringCriterion:
    """Asked again, with every rating it had."""
    model = criterion.model
    require(by, "model.edit", model)
    with changing(
        model, by=by, why=said("Criterion %(name)s is back.", name=criterion.name), version=version
    ):
        criterion.refresh_from_db()
        back = criterion.removed_at is not None
        if back:
            criterion.removed_at = None
            criterion.save(update_fields=["removed_at"])
    if back:
        events.record(
            by=by,
            verb="model.criterion_returned",
            obj=model,
            changes={"criterion": [None, criterion.name]},
        )
    return criterion


@transaction.atomic
def model_go_back(
    *, by: Member, model: ScoringModel, number: int, version: int | None = None
) -> ScoringModel:
    """Formula, criteria and weights as they stood in version ``number``, kept as the next version.

    The name, and whether plans use the model, stay as they are.
    """
    require(by, "model.edit", model)
    kept = ModelVersion.objects.filter(model=model, number=number).first()
    if kept is None:
        raise Refused(
            _("%(model)s has no version %(number)s.") % {"model": model.name, "number": number},
            field="number",
        )
    stood: Mapping[str, Any] = kept.snapshot
    with changing(
        model, by=by, why=said("Back to version %(number)s.", number=number), version=version
    ):
        model.refresh_from_db()
        # Its name and whether plans use it stay.
        for name in FORMULA_FIELDS:
            if name in stood:
                setattr(model, name, stood[name])
        model.save(update_fields=list(FORMULA_FIELDS))
        rows = {each.slug: each for each in model.criteria.all()}
        for place, each in enumerate(stood["criteria"]):
            row = rows.pop(each["slug"], None) or ScoringCriterion(model=model)
            for name in CRITERION_FIELDS:
                if name in each:
                    setattr(row, name, each[name])
            row.position, row.removed_at = place, None
            row.save()
            _refuse_outside(row)
        later = [row for row in rows.values() if row.removed_at is None]
        for row in later:
            row.removed_at = timezone.now()
            row.save(update_fields=["removed_at"])
    if model.version != number:
        events.record(by=by, verb="model.went_back", obj=model, changes={"version": [None, number]})
    return model
