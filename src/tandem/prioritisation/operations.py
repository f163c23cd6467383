"""Every write of scoring models and ratings."""

import math
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import (
    PRESETS,
    criteria_rows,
    model_in_force,
    models_of,
    preset_for,
)
from tandem.prioritisation.calculations_models import DEFAULT_PRESET
from tandem.prioritisation.models import Rating, ScoringCriterion, ScoringModel
from tandem.prioritisation.permissions import RATE

LONGEST_NAME: Final = 80
LONGEST_NOTE: Final = 500
HEAVIEST: Final = 1000


def _model_name(others: QuerySet[ScoringModel], name: str) -> str:
    """The name as it is kept; refuses one that another model of the product has."""
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Refused("A scoring model needs a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} characters.", field="name")
    taken = others.filter(name__iexact=name).first()
    if taken is not None:
        where = " in the archive" if taken.archived_at else ""
        raise Refused(f"There is a scoring model {name} already{where}.", field="name")
    return name


@transaction.atomic
def model_create(
    *, by: Member, product: Product, preset: str, name: str = "", is_default: bool = False
) -> ScoringModel:
    """A scoring model from a preset; the product's first one becomes the one plans use."""
    require(by, "model.edit")
    if preset not in PRESETS:
        raise Refused(f"{preset} is no preset. Presets: {', '.join(PRESETS)}.", field="preset")
    made = preset_for(preset, product)
    models = ScoringModel.objects.filter(product=product)
    name = _model_name(models, (name.strip() and name) or made.name)
    first = not models.exists()
    if is_default:
        models.filter(is_default=True).update(is_default=False)
    model = ScoringModel.objects.create(
        product=product,
        name=name,
        preset=preset,
        formula_kind=made.formula_kind,
        is_default=is_default or first,
    )
    ScoringCriterion.objects.bulk_create(criteria_rows(made, model))
    events.record(by=by, verb="model.created", obj=model, changes={"preset": [None, preset]})
    return model


@transaction.atomic
def model_ensure(*, by: Member, product: Product) -> ScoringModel:
    """The model plans use; the default preset becomes it when the product has none yet."""
    # The product's row is the lock: of two first ratings at once only one makes the model.
    Product.objects.select_for_update().filter(pk=product.pk).first()
    found = ScoringModel.objects.filter(product=product, is_default=True).first()
    return found or model_create(by=by, product=product, preset=DEFAULT_PRESET, is_default=True)


@transaction.atomic
def criterion_to_rate(
    *, by: Member, product: Product, slug: str, model: str | int | None = None
) -> ScoringCriterion:
    """The criterion ``slug`` of the named model, or of the one plans use, which is made if need be.

    A named preset that was never saved is no model to rate in: create it first.
    """
    if model in (None, "") and not ScoringModel.objects.filter(product=product).exists():
        # Before anything is made: who may not rate at all makes no model either.
        lens = next((c.lens for c in models_of(product)[0].criteria if c.slug == slug), "")
        if lens:
            require(by, RATE[lens])
        model_ensure(by=by, product=product)
    chosen = model_in_force(product, model)
    if chosen.row is None:
        raise Refused(
            f"{product.name} has no scoring model {chosen.name} yet. Create it first.",
            field="model",
        )
    criterion = chosen.criterion(slug)
    if criterion is None:
        slugs = ", ".join(each.slug for each in chosen.rated())
        raise Refused(
            f"{chosen.name} has no criterion {slug}. Criteria: {slugs}.", field="criterion"
        )
    return criterion


@transaction.atomic
def model_make_default(*, by: Member, model: ScoringModel) -> ScoringModel:
    """Plans and the backlog use this model from now on."""
    require(by, "model.edit", model)
    if model.archived_at is not None:
        raise Refused(f"{model.name} is in the archive. Bring it back first.")
    if not model.is_default:
        ScoringModel.objects.filter(product_id=model.product_id, is_default=True).update(
            is_default=False
        )
        model.is_default = True
        model.save(update_fields=["is_default"])
        events.record(by=by, verb="model.made_default", obj=model)
    return model


@transaction.atomic
def model_rename(*, by: Member, model: ScoringModel, name: str) -> ScoringModel:
    require(by, "model.edit", model)
    others = ScoringModel.objects.filter(product_id=model.product_id).exclude(pk=model.pk)
    before, model.name = model.name, _model_name(others, name)
    if model.name != before:
        model.save(update_fields=["name"])
        events.record(
            by=by, verb="model.renamed", obj=model, changes={"name": [before, model.name]}
        )
    return model


@transaction.atomic
def model_archive(*, by: Member, model: ScoringModel) -> ScoringModel:
    """No longer offered. Its ratings stay, and so do scenarios and plans made with it."""
    require(by, "model.edit", model)
    if model.is_default:
        raise Refused(f"Plans use {model.name}. Choose another model for plans first.")
    if model.archived_at is None:
        model.archived_at = timezone.now()
        model.save(update_fields=["archived_at"])
        events.record(by=by, verb="model.archived", obj=model)
    return model


@transaction.atomic
def model_restore(*, by: Member, model: ScoringModel) -> ScoringModel:
    """Out of the archive: offered again with everything that was rated by it."""
    require(by, "model.edit", model)
    if model.archived_at is not None:
        model.archived_at = None
        model.save(update_fields=["archived_at"])
        events.record(by=by, verb="model.restored", obj=model)
    return model


def weight_set(*, by: Member, criterion: ScoringCriterion, weight: Any) -> ScoringCriterion:
    """A criterion's share inside its lens and the weighted formulas, 0 or more."""
    weights_set(by=by, model=criterion.model, weights={criterion.slug: weight})
    criterion.refresh_from_db()
    return criterion


@transaction.atomic
def weights_set(*, by: Member, model: ScoringModel, weights: Mapping[str, Any]) -> ScoringModel:
    """Several weights at once, by the criteria's slugs; one event for all that changed."""
    require(by, "model.edit", model)
    criteria = {each.slug: each for each in model.criteria.select_for_update()}
    changes: dict[str, list[float]] = {}
    for slug, given in weights.items():
        criterion = criteria.get(slug)
        if criterion is None:
            raise Refused(f"{model.name} has no criterion {slug}.", field=slug)
        number = _number(given, slug)
        if number is None or not 0 <= number <= HEAVIEST:
            raise Refused(f"A weight is a number from 0 to {HEAVIEST}.", field=slug)
        if number != criterion.weight:
            changes[slug] = [criterion.weight, number]
            criterion.weight = number
    for lens in RATE:
        of_lens = [each for each in criteria.values() if each.lens == lens]
        if not any(each.weight > 0 for each in of_lens):
            wrong = next((each.slug for each in of_lens if each.slug in changes), "weight")
            raise Refused("Each lens needs a criterion with a weight above 0.", field=wrong)
    if not any(each.weight > 0 for each in criteria.values() if each.kind == "rating"):
        raise Refused(
            "One of the rated criteria needs a weight above 0.", field=next(iter(changes))
        )
    if changes:
        ScoringCriterion.objects.bulk_update(criteria.values(), ["weight"])
        events.record(by=by, verb="model.weight_set", obj=model, changes=changes)
    return model


def _number(value: Any, field: str) -> float | None:
    if value in (None, ""):
        return None
    try:
        # People write 1 000 and 2,5.
        number = float("".join(str(value).split()).replace(",", "."))
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
    if item.workspace_id != by.workspace_id:
        raise Refused("This item belongs to another workspace.", field="item")
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
    note = " ".join(note.replace("\x00", "").split())
    if len(note) > LONGEST_NOTE:
        raise Refused(f"A note has at most {LONGEST_NOTE} characters.", field="note")
    # The item's row is the lock: two answers of one member at once come one after the other.
    if not Item.objects.select_for_update().filter(pk=item.pk, deleted_at=None).exists():
        raise Refused(f"{item.key} was deleted meanwhile. Bring it back to rate it.", field="item")
    now = timezone.now()
    before = Rating.objects.current().filter(item=item, criterion=criterion, member=by).first()
    if before is not None:
        given = (likely, lowest, highest, sure, note)
        if given == (before.value, before.low, before.high, before.confidence, before.note):
            return before
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
        note=note,
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
