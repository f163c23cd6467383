"""Weights: how much a criterion counts inside its lens and the weighted formulas."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.checks import number_of
from tandem.prioritisation.models import ScoringCriterion, ScoringModel
from tandem.prioritisation.permissions import RATE
from tandem.prioritisation.versions import changing

HEAVIEST: Final = 1000


def weight_set(*, by: Member, criterion: ScoringCriterion, weight: Any) -> ScoringCriterion:
    """A criterion's share inside its lens and the weighted formulas, 0 or more."""
    weights_set(by=by, model=criterion.model, weights={criterion.slug: weight})
    criterion.refresh_from_db()
    return criterion


@transaction.atomic
def weights_set(
    *,
    by: Member,
    model: ScoringModel,
    weights: Mapping[str, Any],
    why: str = "",
    version: int | None = None,
) -> ScoringModel:
    """Several weights at once, by the criteria's slugs; one event for all that changed.

    ``version``: the one the change started from; another one by now is a conflict.
    """
    require(by, "model.edit", model)
    with changing(model, by=by, why=why or "Weights set by hand.", version=version):
        changes = _weights_set(model, weights)
    if changes:
        events.record(by=by, verb="model.weight_set", obj=model, changes=changes)
    return model


def _weights_set(model: ScoringModel, weights: Mapping[str, Any]) -> dict[str, list[float]]:
    criteria = {each.slug: each for each in model.criteria.filter(removed_at=None)}
    changes: dict[str, list[float]] = {}
    for slug, given in weights.items():
        criterion = criteria.get(slug)
        if criterion is None:
            raise Refused(f"{model.name} has no criterion {slug}.", field=slug)
        number = number_of(given, slug)
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
    return changes
