"""Derivations of what-ifs: both items at a needed value, and who changes sides at a weight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tandem_engine.words import said

from .derivation import Node, derive
from .errors import ScoringError
from .inputs import Estimate, ItemInputs, Rating
from .model import ScoringModel
from .overtake import Condition, Overtaking
from .ranking import Ranking
from .states import Likely

#: Whose rating a value that is only supposed is.
SUPPOSED: Final = "supposed"


def derivations_at(ranking: Ranking, found: Overtaking, condition: Condition) -> tuple[Node, Node]:
    """How the challenger's and the leader's score follow once the condition holds.

    Where it is met exactly both scores are equal. Raises :class:`ScoringError` for a condition that
    no value meets.
    """
    if condition.needed is None:
        raise ScoringError(said("no value is enough"), condition.slug)
    model = ranking.model
    pair = [ranking.inputs_by_key[key] for key in (found.challenger, found.leader)]
    if condition.is_weight:
        model = _weighing(model, condition.slug, condition.needed)
    else:
        side = 0 if condition.of == "challenger" else 1
        pair[side] = _answering(model, pair[side], condition.slug, condition.needed)
    first, second = (
        derive(
            model,
            item,
            seed=ranking.seed,
            draws=ranking.draws,
            effort_reference=ranking.effort_reference,
        )
        for item in pair
    )
    return first, second


def _weighing(model: ScoringModel, slug: str, weight: float) -> ScoringModel:
    criteria = tuple(replace(c, weight=weight) if c.slug == slug else c for c in model.criteria)
    return replace(model, criteria=criteria)


def _answering(model: ScoringModel, item: ItemInputs, slug: str, value: float) -> ItemInputs:
    """The item when everybody gives this answer, for sure."""
    criterion = model.by_slug[slug]
    if criterion.kind == "effort":
        return replace(item, estimate=Estimate(value, value, value, by=SUPPOSED))
    value = min(criterion.scale.high, max(criterion.scale.low, value))
    others = tuple(rating for rating in item.ratings if rating.criterion != slug)
    return replace(item, ratings=(*others, Rating(slug, value, SUPPOSED, confidence=1.0)))


@dataclass(frozen=True, slots=True)
class Swapped:
    """An item that changes sides: its likely score and rank now, and at the other weight."""

    key: str
    score: float
    score_then: float
    rank: int
    rank_then: int

    @property
    def enters(self) -> bool:
        """Whether it comes among the first."""
        return self.rank_then < self.rank


def swapped_at(
    ranking: Ranking, slug: str, factor: float, *, top: int | None = None
) -> tuple[Swapped, ...]:
    """The items that come among the first ``top``, or leave them, when a weight is multiplied.

    Ties go to the items in the ranking's order, as in :func:`weight_sensitivity`. The items that
    enter come first, then those that leave, each in their new order.
    """
    first = min(ranking.top if top is None else top, len(ranking))
    keys = [score.key for score in ranking.scores]
    if not keys:
        return ()
    model = ranking.model
    weight = model.by_slug[slug].weight * factor
    likely = Likely(model, [ranking.inputs_by_key[key] for key in keys], ranking.effort_reference)
    now, then = likely.scores(model), likely.scores(_weighing(model, slug, weight))
    places = []
    for scores in (now, then):
        order = np.argsort(-scores, kind="stable")
        place = np.empty(len(keys), dtype=np.intp)
        place[order] = np.arange(1, len(keys) + 1)
        places.append(place)
    found = [
        Swapped(key, float(now[n]), float(then[n]), int(places[0][n]), int(places[1][n]))
        for n, key in enumerate(keys)
        if (places[0][n] <= first) != (places[1][n] <= first)
    ]
    return tuple(sorted(found, key=lambda each: (not each.enters, each.rank_then)))
