"""Two states of a ranking, and the single inputs that differ between them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final, Literal

import numpy as np

from tandem_engine.words import figure, join, said

from .formula import evaluate
from .inputs import Estimate, ItemInputs, Rating, current_ratings, signature_of
from .model import Criterion, ScoringModel
from .quantiles import EffortReference
from .scale import FloatArray
from .simulation import Simulation, tables_for

Cause = Literal["model", "value", "technical", "estimates"]
CAUSES: Final[tuple[Cause, ...]] = ("model", "value", "technical", "estimates")
WORDS: Final[dict[Cause, str]] = {
    "model": said("the model and its weights"),
    "value": said("value ratings"),
    "technical": said("technical ratings"),
    "estimates": said("estimates"),
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

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every estimate there is."""
        return tuple(item.estimate for item in self.items if item.estimate is not None)


@dataclass(frozen=True, slots=True)
class Changed:
    """One input that is another now; ``before`` or ``after`` is empty when there was none.

    ``at`` is the day it was given, where known. ``share`` is its part of the item's change of score
    and ``places`` its part of the places won (above 0) or lost; None where no item is meant.
    """

    cause: Cause
    what: str
    who: str
    before: str
    after: str
    at: date | None = None
    share: float | None = None
    places: float | None = None

    @property
    def sentence(self) -> str:
        """The change in words."""
        nothing = said("none")
        what = said("%(what)s by %(who)s", what=self.what, who=self.who) if self.who else self.what
        return join(what, ": ", self.before or nothing, " → ", self.after or nothing)


@dataclass(frozen=True, slots=True)
class Step:
    """A single change as a player: ``name`` tells it from the others of its item."""

    name: Hashable
    changed: Changed


class Likely:
    """Items' likely inputs, ready to be read by any model that differs in weights only."""

    def __init__(
        self,
        model: ScoringModel,
        items: Iterable[ItemInputs],
        reference: EffortReference | None,
    ) -> None:
        signatures = [signature_of(model, known(model, item)) for item in items]
        # Items with the same inputs have the same score, and changes share most of theirs.
        distinct = list(dict.fromkeys(signatures))
        places = {signature: row for row, signature in enumerate(distinct)}
        self._rows = np.array([places[signature] for signature in signatures], dtype=np.intp)
        self._tables = tables_for(model, distinct, reference) if distinct else {}

    def scores(self, model: ScoringModel) -> FloatArray:
        """The formula at the likely inputs, in the items' order."""
        if not self._rows.size:
            return np.zeros(0)
        read = Simulation(model, self._tables, seed=0, draws=1).likely_leaf
        found = np.asarray(evaluate(model.formula, read), dtype=np.float64).reshape(-1)
        return found[self._rows] if found.size > 1 else np.full(self._rows.size, found[0])


def reference_of(model: ScoringModel, state: RankingState) -> EffortReference | None:
    """What an unestimated item may cost: the pooled estimates of that state, as a ranking has it."""
    if model.effort is None:
        return None
    return EffortReference.from_estimates(list(state.estimates), model.effort)


def known(model: ScoringModel, item: ItemInputs) -> ItemInputs:
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


def answers(item: ItemInputs) -> dict[tuple[str, str], Rating]:
    return {
        (slug, rating.rater): rating
        for slug, given in current_ratings(item).items()
        for rating in given
    }


def answer(rating: Rating) -> str:
    value, sure = figure(rating.value), figure(rating.confidence, ".0%")
    if rating.low is None or rating.high is None:
        return said("%(value)s, %(share)s sure", value=value, share=sure)
    return said(
        "%(value)s (%(low)s to %(high)s), %(share)s sure",
        value=value,
        low=figure(rating.low),
        high=figure(rating.high),
        share=sure,
    )


def rating_steps(before: RankingState, after: RankingState, key: str) -> list[Step]:
    """The answers about an item that differ; which group each is in, its ``cause`` says."""
    criteria = {c.slug: c for c in (*before.model.criteria, *after.model.criteria)}
    then, now = answers(before.by_key[key]), answers(after.by_key[key])
    found = []
    for slot in sorted(then.keys() | now.keys()):
        one, two = then.get(slot), now.get(slot)
        slug, rater = slot
        if one is not None and two is not None and answer(one) == answer(two):
            continue
        criterion = criteria.get(slug)
        if criterion is None:
            continue
        faded = one is not None and two is not None and one.rated_at == two.rated_at is not None
        changed = Changed(
            criterion.lens,
            said("%(name)s (faded with age)", name=criterion.name) if faded else criterion.name,
            rater,
            answer(one) if one else "",
            answer(two) if two else "",
            two.rated_at if two is not None and not faded else None,
        )
        found.append(Step(slot, changed))
    return found


def three(estimate: Estimate) -> str:
    """The estimate's three numbers."""
    numbers = (estimate.low, estimate.likely, estimate.high)
    low, likely, high = (figure(each) for each in numbers)
    return join(low, " / ", likely, " / ", high)


def estimate_step(before: RankingState, after: RankingState, key: str) -> Step | None:
    """The item's own estimate, if it is another now."""
    one, two = before.by_key[key].estimate, after.by_key[key].estimate
    ends = ["" if e is None else three(e) for e in (one, two)]
    if ends[0] == ends[1]:
        return None
    by, at = (two.by, two.estimated_at) if two else ("", None)
    return Step("estimate", Changed("estimates", said("Estimate"), by, ends[0], ends[1], at))


def model_steps(before: ScoringModel, after: ScoringModel) -> list[Step]:
    """What differs between two models: each weight is a change of its own."""
    found = []
    if before.name != after.name:
        found.append(Step("name", Changed("model", said("Model"), "", before.name, after.name)))
    if (before.formula_kind, before.formula_text) != (after.formula_kind, after.formula_text):
        formulas = [m.formula_text or m.formula_kind for m in (before, after)]
        found.append(
            Step("formula", Changed("model", said("Formula"), "", formulas[0], formulas[1]))
        )
    for slug in sorted(before.by_slug.keys() | after.by_slug.keys()):
        found += _criterion_steps(slug, before.by_slug.get(slug), after.by_slug.get(slug))
    return found


def _criterion_steps(slug: str, one: Criterion | None, two: Criterion | None) -> list[Step]:
    if one is None or two is None:
        words = ("" if one is None else said("asked"), "" if two is None else said("asked"))
        name = (two or one).name  # type: ignore[union-attr]
        return [Step(("asked", slug), Changed("model", name, "", *words))]
    found = []
    if one.weight != two.weight:
        ends = (figure(one.weight), figure(two.weight))
        found.append(
            Step(
                ("weight", slug),
                Changed("model", said("Weight of %(name)s", name=two.name), "", *ends),
            )
        )
    if (one.scale, one.direction) != (two.scale, two.direction):
        words = (_scale_of(one), _scale_of(two))
        found.append(
            Step(
                ("scale", slug),
                Changed("model", said("Scale of %(name)s", name=two.name), "", *words),
            )
        )
    return found


def _scale_of(criterion: Criterion) -> str:
    scale = criterion.scale
    low, high = figure(scale.low), figure(scale.high)
    if criterion.direction == "lower":
        return said("%(low)s to %(high)s, lower is better", low=low, high=high)
    return said("%(low)s to %(high)s, higher is better", low=low, high=high)


def mixed(before: ScoringModel, after: ScoringModel, chosen: frozenset[Hashable]) -> ScoringModel:
    """The model with some changes made: weights one by one, everything else (``"rest"``) at once.

    Raises :class:`ScoringError` where the mixture is no model, as when a lens has no weight left.
    """
    shape, other = (after, before) if "rest" in chosen else (before, after)
    criteria = []
    for criterion in shape.criteria:
        twin = other.by_slug.get(criterion.slug)
        wanted = after if ("weight", criterion.slug) in chosen else before
        if twin is not None and wanted is other:
            criterion = replace(criterion, weight=twin.weight)
        criteria.append(criterion)
    return replace(shape, criteria=tuple(criteria))


def same_but_weights(one: ScoringModel, other: ScoringModel) -> bool:
    """Whether the models differ in nothing that counts but in weights."""
    return _weightless(one) == _weightless(other)


def _weightless(model: ScoringModel) -> tuple[object, ...]:
    criteria = tuple((c.slug, c.lens, c.scale, c.direction, c.kind, c.unit) for c in model.criteria)
    return (criteria, model.formula_kind, model.formula_text, model.fields)
