"""Answers to the criteria of a lens."""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.calculations_models import model_in_force, models_of
from tandem.prioritisation.checks import number_of, on_scale
from tandem.prioritisation.models import Rating, ScoringCriterion, ScoringModel
from tandem.prioritisation.operations.models import model_ensure
from tandem.prioritisation.permissions import RATE

LONGEST_NOTE: Final = 500


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
    likely = on_scale(criterion, number_of(value, "value"), "value")
    if likely is None:
        raise Refused("Give a value.", field="value")
    lowest = on_scale(criterion, number_of(low, "low"), "low")
    highest = on_scale(criterion, number_of(high, "high"), "high")
    if (lowest is None) != (highest is None):
        raise Refused(
            "A range needs its low and its high end.", field="low" if lowest is None else "high"
        )
    if lowest is not None and highest is not None and not lowest <= likely <= highest:
        raise Refused("Write a range as low, likely, high.", field="low")
    sure = number_of(confidence, "confidence")
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
