"""Two states of a ranking compared: what moved, and because of which ratings, estimates or model."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np

from .formula import evaluate
from .inputs import ItemInputs, Rating, current_ratings, signature_of
from .model import ScoringModel
from .quantiles import EffortReference
from .ranking import natural_key, shared_ranks
from .simulation import Simulation, tables_for

Cause = Literal["model", "value", "technical", "estimates"]
CAUSES: Final[tuple[Cause, ...]] = ("model", "value", "technical", "estimates")
WORDS: Final[dict[Cause, str]] = {
    "model": "the model and its weights",
    "value": "value ratings",
    "technical": "technical ratings",
    "estimates": "estimates",
}


@dataclass(frozen=True)
class RankingState:
    """What a ranking followed from at one moment: the model and every item's inputs then."""

    model: ScoringModel
    items: tuple[ItemInputs, ...]

    @cached_property
    def by_key(self) -> dict[str, ItemInputs]:
        """The inputs by item key."""
        return {item.key: item for item in self.items}


@dataclass(frozen=True, slots=True)
class Changed:
    """One input that is another now; ``before`` or ``after`` is empty when there was none."""

    cause: Cause
    what: str
    who: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The change in words."""
        by = f" by {self.who}" if self.who else ""
        return f"{self.what}{by}: {self.before or 'none'} → {self.after or 'none'}"


@dataclass(frozen=True, slots=True)
class Moved:
    """One item's way from one state to the other.

    Ranks and scores are None where the item was not ranked. ``shares`` split the score's change
    over the causes and add up to it exactly. ``changes`` are the inputs that differ.
    """

    key: str
    rank_before: int | None
    rank_after: int | None
    score_before: float | None
    score_after: float | None
    shares: tuple[tuple[Cause, float], ...]
    changes: tuple[Changed, ...]

    @property
    def places(self) -> int:
        """Places won (above 0) or lost; 0 for an item that is only in one of the states."""
        if self.rank_before is None or self.rank_after is None:
            return 0
        return self.rank_before - self.rank_after

    @property
    def main_cause(self) -> Cause | None:
        """The cause with the largest share; None when the score did not change."""
        most = max(self.shares, key=lambda pair: abs(pair[1]), default=None)
        return most[0] if most is not None and abs(most[1]) > 1e-12 else None

    @property
    def sentence(self) -> str:
        """What happened to the item, and why."""
        if self.rank_before is None:
            return f"New in the ranking, at {self.rank_after}."
        if self.rank_after is None:
            return f"No longer ranked; it was at {self.rank_before}."
        if self.places == 0:
            way = f"Stays at {self.rank_after}"
        else:
            verb = "Up" if self.places > 0 else "Down"
            way = f"{verb} from {self.rank_before} to {self.rank_after}"
        if self.main_cause is None:
            return f"{way}{'.' if self.places == 0 else ', because others changed.'}"
        return f"{way}, mostly because of {WORDS[self.main_cause]}."


@dataclass(frozen=True)
class Movement:
    """Every item of either state, those that moved most places first."""

    items: tuple[Moved, ...]
    model_changes: tuple[Changed, ...]

    @property
    def moved(self) -> tuple[Moved, ...]:
        """The items whose rank changed, entered or left."""
        return tuple(each for each in self.items if each.rank_before != each.rank_after)


def compare(before: RankingState, after: RankingState) -> Movement:
    """What moved between two states, and because of what.

    The change of each item's likely score is divided over four causes by Shapley values: the mean
    of a cause's effect over all orders in which the causes could have changed (L. S. Shapley, "A
    value for n-person games", 1953). With four causes these are sixteen rankings, and the shares
    add up exactly. Ratings of criteria that a state's model does not have count in neither. Raises
    :class:`ScoringError` for inputs :func:`rank` would refuse.
    """
    both = sorted(set(before.by_key) & set(after.by_key), key=natural_key)
    games = {
        chosen: _scores(before, after, both, chosen)
        for size in range(len(CAUSES) + 1)
        for chosen in itertools.combinations(CAUSES, size)
    }
    ranks = [_ranks(state) for state in (before, after)]
    model_changes = _model_changes(before.model, after.model)
    found = []
    for row, key in enumerate(both):
        shares = tuple((cause, _shapley(games, cause, row)) for cause in CAUSES)
        changes = _changes(before, after, key)
        found.append(
            Moved(
                key,
                ranks[0][key][0],
                ranks[1][key][0],
                ranks[0][key][1],
                ranks[1][key][1],
                shares,
                changes,
            )
        )
    found += [
        Moved(key, ranks[0][key][0], None, ranks[0][key][1], None, (), ())
        for key in before.by_key.keys() - after.by_key.keys()
    ]
    found += [
        Moved(key, None, ranks[1][key][0], None, ranks[1][key][1], (), ())
        for key in after.by_key.keys() - before.by_key.keys()
    ]
    found.sort(key=_weight)
    return Movement(tuple(found), model_changes)


def _weight(moved: Moved) -> tuple[int, int, tuple[tuple[int, int, str], ...]]:
    both = moved.rank_before is not None and moved.rank_after is not None
    return (-abs(moved.places), 1 if both else 0, natural_key(moved.key))


def _shapley(games: Mapping[tuple[Cause, ...], list[float]], cause: Cause, row: int) -> float:
    count = len(CAUSES)
    total = 0.0
    for chosen, scores in games.items():
        if cause in chosen:
            continue
        joined = tuple(each for each in CAUSES if each in chosen or each == cause)
        weight = (
            math.factorial(len(chosen))
            * math.factorial(count - len(chosen) - 1)
            / math.factorial(count)
        )
        total += weight * (games[joined][row] - scores[row])
    return total


def _scores(
    before: RankingState, after: RankingState, keys: list[str], chosen: tuple[Cause, ...]
) -> list[float]:
    """Likely scores with the chosen causes as they are after, the others as they were before."""
    model = (after if "model" in chosen else before).model
    lens_of = {
        **{c.slug: c.lens for c in before.model.criteria},
        **{c.slug: c.lens for c in after.model.criteria},
    }
    items = []
    for key in keys:
        old, new = before.by_key[key], after.by_key[key]
        ratings = tuple(
            rating
            for side, other in ((old, False), (new, True))
            for rating in side.ratings
            if (lens_of.get(rating.criterion, "value") in chosen) == other
        )
        estimate = (new if "estimates" in chosen else old).estimate
        items.append(replace(new, ratings=ratings, estimate=estimate))
    return _likely(RankingState(model, tuple(items)), _reference(before, after, model, chosen))


def _reference(
    before: RankingState, after: RankingState, model: ScoringModel, chosen: tuple[Cause, ...]
) -> EffortReference | None:
    """What an unestimated item may cost: the pooled estimates of that state, as a ranking has it."""
    if model.effort is None:
        return None
    state = after if "estimates" in chosen else before
    return _reference_of(model, state.items)


def _reference_of(model: ScoringModel, items: Iterable[ItemInputs]) -> EffortReference | None:
    if model.effort is None:
        return None
    estimates = [item.estimate for item in items if item.estimate is not None]
    return EffortReference.from_estimates(estimates, model.effort)


def _known(model: ScoringModel, item: ItemInputs) -> ItemInputs:
    """The item without ratings of criteria the model has not, or that lie outside their scales now."""
    return replace(
        item,
        ratings=tuple(
            rating
            for rating in item.ratings
            if (criterion := model.by_slug.get(rating.criterion)) is not None
            and criterion.kind == "rating"
            and all(
                criterion.scale.holds(number)
                for number in (rating.value, rating.low, rating.high)
                if number is not None
            )
        ),
    )


def _likely(state: RankingState, reference: EffortReference | None) -> list[float]:
    if not state.items:
        return []
    signatures = [signature_of(state.model, _known(state.model, item)) for item in state.items]
    tables = tables_for(state.model, signatures, reference)
    read = Simulation(state.model, tables, seed=0, draws=1).likely_leaf
    found = np.asarray(evaluate(state.model.formula, read), dtype=np.float64).reshape(-1)
    scores: list[float] = np.broadcast_to(found, (len(state.items),)).tolist()
    return scores


def _ranks(state: RankingState) -> dict[str, tuple[int, float]]:
    scores = _likely(state, _reference_of(state.model, state.items))
    ranks = shared_ranks(np.array(scores))
    return {
        item.key: (rank, score)
        for item, rank, score in zip(state.items, ranks, scores, strict=True)
    }


def _changes(before: RankingState, after: RankingState, key: str) -> tuple[Changed, ...]:
    old, new = before.by_key[key], after.by_key[key]
    names = {c.slug: c for c in (*before.model.criteria, *after.model.criteria)}
    then, now = _answers(old), _answers(new)
    found = []
    for slot in sorted(then.keys() | now.keys()):
        one, two = then.get(slot), now.get(slot)
        if one is not None and two is not None and _said(one) == _said(two):
            continue
        slug, rater = slot
        criterion = names.get(slug)
        if criterion is None:
            continue
        found.append(
            Changed(
                criterion.lens,
                criterion.name,
                rater,
                _said(one) if one else "",
                _said(two) if two else "",
            )
        )
    if old.estimate != new.estimate:
        ends = [
            "" if e is None else f"{e.low:g} / {e.likely:g} / {e.high:g}"
            for e in (old.estimate, new.estimate)
        ]
        if ends[0] != ends[1]:
            by = new.estimate.by if new.estimate else ""
            found.append(Changed("estimates", "Estimate", by, ends[0], ends[1]))
    return tuple(found)


def _answers(item: ItemInputs) -> dict[tuple[str, str], Rating]:
    return {
        (slug, rating.rater): rating
        for slug, given in current_ratings(item).items()
        for rating in given
    }


def _said(rating: Rating) -> str:
    ends = "" if rating.low is None else f" ({rating.low:g} to {rating.high:g})"
    return f"{rating.value:g}{ends}, {rating.confidence:.0%} sure"


def _model_changes(before: ScoringModel, after: ScoringModel) -> tuple[Changed, ...]:
    found = []
    if before.name != after.name:
        found.append(Changed("model", "Model", "", before.name, after.name))
    if (before.formula_kind, before.formula_text) != (after.formula_kind, after.formula_text):
        formulas = [m.formula_text or m.formula_kind for m in (before, after)]
        found.append(Changed("model", "Formula", "", *formulas))
    for slug in sorted(before.by_slug.keys() | after.by_slug.keys()):
        one, two = before.by_slug.get(slug), after.by_slug.get(slug)
        name = (two or one).name  # type: ignore[union-attr]
        if one is None or two is None:
            words = ("" if one is None else "asked", "" if two is None else "asked")
            found.append(Changed("model", name, "", *words))
        elif one.weight != two.weight:
            found.append(
                Changed("model", f"Weight of {name}", "", f"{one.weight:g}", f"{two.weight:g}")
            )
        elif (one.scale, one.direction) != (two.scale, two.direction):
            ends = [
                f"{c.scale.low:g} to {c.scale.high:g}, {c.direction} is better" for c in (one, two)
            ]
            found.append(Changed("model", f"Scale of {name}", "", *ends))
    return tuple(found)
