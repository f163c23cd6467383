"""Weights: how much a criterion counts inside its lens and the weighted formulas."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.prioritisation.models import ScoringCriterion, ScoringModel
from tandem.prioritisation.versions import changing
from tandem.prioritisation.weight_rows import write_weights


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
        changes = write_weights(model, weights)
    if changes:
        events.record(by=by, verb="model.weight_set", obj=model, changes=changes)
    return model
