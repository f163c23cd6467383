"""Weights written to a model's criteria, checked; operations wrap it in a version and an event."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tandem.core.errors import Refused
from tandem.prioritisation.checks import number_of
from tandem.prioritisation.criterion_settings import HEAVIEST
from tandem.prioritisation.models import ScoringCriterion, ScoringModel
from tandem.prioritisation.permissions import RATE


def write_weights(model: ScoringModel, weights: Mapping[str, Any]) -> dict[str, list[float]]:
    """What changed, by the criteria's slugs: the weight before and the one now."""
    criteria = {each.slug: each for each in model.criteria.filter(removed_at=None)}
    changes: dict[str, list[float]] = {}
    for slug, given in weights.items():
        criterion = criteria.get(slug)
        if criterion is None:
            raise Refused(
                _("%(model)s has no criterion %(slug)s.") % {"model": model.name, "slug": slug},
                field=slug,
            )
        number = number_of(given, slug)
        if number is None or not 0 <= number <= HEAVIEST:
            raise Refused(
                _("A weight is a number from 0 to %(most)s.") % {"most": HEAVIEST},
                field=slug,
            )
        if number != criterion.weight:
            changes[slug] = [criterion.weight, number]
            criterion.weight = number
    for lens in RATE:
        of_lens = [each for each in criteria.values() if each.lens == lens]
        if not any(each.weight > 0 for each in of_lens):
            wrong = next((each.slug for each in of_lens if each.slug in changes), "weight")
            raise Refused(_("Each lens needs a criterion with a weight above 0."), field=wrong)
    if not any(each.weight > 0 for each in criteria.values() if each.kind == "rating"):
        raise Refused(
            _("One of the rated criteria needs a weight above 0."), field=next(iter(changes))
        )
    if changes:
        ScoringCriterion.objects.bulk_update(criteria.values(), ["weight"])
    return changes
