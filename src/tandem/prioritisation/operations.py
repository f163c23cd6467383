"""Every write of scoring models and ratings."""

import math
from typing import Any

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import PRESETS, preset_for
from tandem.prioritisation.models import Rating, ScoringCriterion, ScoringModel
from tandem.prioritisation.permissions import RATE


@transaction.atomic
def model_create(
    *, by: Member, product: Product, preset: str, name: str = "", is_default: bool = False
) -> ScoringModel:
    """A scoring model from a preset; the product's first one becomes the one plans use."""
    require(by, "model.edit")
    if preset not in PRESETS:
        raise Refused(f"{preset} is no preset. Presets: {', '.join(PRESETS)}.", field="preset")
    made = preset_for(preset, product)
    name = " ".join(name.split()) or made.name
    models = ScoringModel.objects.filter(product=product)
    if models.filter(name__iexact=name).exists():
        raise Refused(f"There is a scoring model {name} already.", field="name")
    first = not models.exists()
    if is_default:
        models.filter(is_default=True).update(is_default=False)
    model = ScoringModel.objects.create(
        product=product,
        name=name[:80],
        preset=preset,
        formula_kind=made.formula_kind,
        is_default=is_default or first,
    )
    ScoringCriterion.objects.bulk_create(
        ScoringCriterion(
            model=model,
            position=position,
            slug=each.slug,
            name=each.name,
            question=each.question,
            lens=each.lens,
            kind=each.kind,
            low=each.scale.low,
            high=each.scale.high,
            step=each.scale.step,
            spacing=each.scale.spacing,
            direction=each.direction,
            weight=each.weight,
            unit=each.unit,
            anchors=[[anchor.value, anchor.text] for anchor in each.scale.anchors],
        )
        for position, each in enumerate(made.criteria)
    )
    events.record(by=by, verb="model.created", obj=model, changes={"preset": [None, preset]})
    return model


@transaction.atomic
def model_make_default(*, by: Member, model: ScoringModel) -> ScoringModel:
    """Plans and the backlog use this model from now on."""
    require(by, "model.edit")
    if not model.is_default:
        ScoringModel.objects.filter(product_id=model.product_id, is_default=True).update(
            is_default=False
        )
        model.is_default = True
        model.save(update_fields=["is_default"])
        events.record(by=by, verb="model.made_default", obj=model)
    return model


@transaction.atomic
def weight_set(*, by: Member, criterion: ScoringCriterion, weight: Any) -> ScoringCriterion:
    """A criterion's share inside its lens and the weighted formulas, 0 or more."""
    require(by, "model.edit")
    number = _number(weight, "weight")
    if number is None or number < 0:
        raise Refused("A weight is a number from 0 up.", field="weight")
    siblings = criterion.model.criteria.filter(lens=criterion.lens).exclude(pk=criterion.pk)
    if number == 0 and not siblings.filter(weight__gt=0).exists():
        raise Refused("Each lens needs a criterion with a weight above 0.", field="weight")
    before, criterion.weight = criterion.weight, number
    criterion.save(update_fields=["weight"])
    events.record(
        by=by,
        verb="model.weight_set",
        obj=criterion.model,
        changes={criterion.slug: [before, number]},
    )
    return criterion


def _number(value: Any, field: str) -> float | None:
    if value in (None, ""):
        return None
    try:
        number = float(str(value).replace(",", "."))
    except (TypeError, ValueError):
        raise Refused(f"{value} is no number.", field=field) from None
    if not math.isfinite(number):
        raise Refused(f"{value} is no number on a scale.", field=field)
    return number


def _on_scale(criterion: ScoringCriterion, value: float | None, field: str) -> float | None:
    if value is not None and not criterion.low <= value <= criterion.high:
        unit = f" {criterion.unit}" if criterion.unit else ""
        raise Refused(
            f"{criterion.name} goes from {criterion.low:g} to {criterion.high:g}{unit}; "
            f"{value:g} lies outside.",
            field=field,
        )
    return value


@transaction.atomic
def rating_set(
    *,
    by: Member,
    item: Item,
    criterion: ScoringCriterion,
    value: Any,
    low: Any = None,
    high: Any = None,
    confidence: Any = None,
    note: str = "",
) -> Rating:
    """The member's answer to a criterion of their lens; the older one stays in the history.

    ``low``/``high`` (P10/P90) come together; ``confidence`` is 0 to 1.
    """
    require(by, RATE[criterion.lens])
    if criterion.kind == "effort":
        raise Refused("Effort comes from the item's estimate: change it there.", field="value")
    if criterion.model.product_id != item.product_id:
        raise Refused("The criterion belongs to another product.", field="criterion")
    likely = _on_scale(criterion, _number(value, "value"), "value")
    if likely is None:
        raise Refused("Give a value.", field="value")
    lowest = _on_scale(criterion, _number(low, "low"), "low")
    highest = _on_scale(criterion, _number(high, "high"), "high")
    if (lowest is None) != (highest is None):
        raise Refused(
            "A range needs its low and its high end.", field="low" if lowest is None else "high"
        )
    if lowest is not None and highest is not None and not lowest <= likely <= highest:
        raise Refused("Write a range as low, likely, high.", field="low")
    sure = _number(confidence, "confidence")
    if sure is not None and not 0 <= sure <= 1:
        raise Refused("A confidence lies between 0 and 1.", field="confidence")
    now = timezone.now()
    current = Rating.objects.current().filter(item=item, criterion=criterion, member=by)
    before = current.select_for_update().first()
    if before is not None:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    rating = Rating.objects.create(
        item=item,
        criterion=criterion,
        member=by,
        value=likely,
        low=lowest,
        high=highest,
        confidence=sure,
        note=note.strip()[:500],
        rated_at=now,
    )
    events.record(
        by=by,
        verb="item.rated",
        obj=item,
        changes={criterion.name: [before.value if before else None, likely]},
    )
    return rating


@transaction.atomic
def rating_withdraw(*, by: Member, item: Item, criterion: ScoringCriterion) -> None:
    """The member has no answer any more: the criterion counts as its whole scale again."""
    require(by, RATE[criterion.lens])
    current = Rating.objects.current().filter(item=item, criterion=criterion, member=by).first()
    if current is None:
        return
    current.superseded_at = timezone.now()
    current.save(update_fields=["superseded_at"])
    events.record(
        by=by, verb="item.rated", obj=item, changes={criterion.name: [current.value, None]}
    )
