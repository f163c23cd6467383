"""What would have to be true for one item to overtake another, one input at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from tandem_engine.words import Value, figure, join, said, word

from .errors import ScoringError
from .formula import evaluate
from .inputs import signature_of
from .model import Criterion, ScoringModel
from .ranking import Ranking
from .scale import FloatArray
from .simulation import CriterionTables, Simulation, Tables, tables_for

#: Values looked at between the ends of a scale before the crossing is narrowed down.
_STEPS: Final = 201
_HALVINGS: Final = 40
#: The heaviest weight considered, as a multiple of the model's heaviest.
_HEAVIEST: Final = 100.0

Of = Literal["challenger", "leader", "model"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One change that alone makes the challenger as good as the leader, or that cannot.

    ``of`` says whose input it is; ``key`` the item's (empty for a weight of the model). ``now``
    and ``needed`` are in the input's unit; ``needed`` is None when no value is enough. ``relative``
    (0-1) is the size of the change as a share of the scale, for putting conditions in order.
    """

    of: Of
    key: str
    slug: str
    name: str
    unit: str
    now: float
    needed: float | None
    relative: float
    is_weight: bool = False

    @property
    def sentence(self) -> str:
        """The condition in words."""
        now: str = figure(self.now, ".3g")
        in_unit = self.unit and not self.is_weight
        if self.needed is None:
            if in_unit:
                now = join(now, " ", word(self.unit))
            if self.is_weight:
                return said(
                    "No value of the weight of %(name)s is enough (now %(now)s).",
                    name=self.name,
                    now=now,
                )
            return said(
                "No value of %(name)s of %(key)s is enough (now %(now)s).",
                name=self.name,
                key=self.key,
                now=now,
            )
        needed: str = figure(self.needed, ".3g")
        if in_unit:
            needed = join(needed, " ", word(self.unit))
        numbers: dict[str, Value] = {"name": self.name, "needed": needed, "now": now}
        if self.is_weight:
            if self.needed > self.now:
                return said("The weight of %(name)s at least %(needed)s (now %(now)s).", **numbers)
            return said("The weight of %(name)s at most %(needed)s (now %(now)s).", **numbers)
        numbers["key"] = self.key
        # A name at the beginning of a sentence begins large.
        numbers["name"] = f"{self.name[0].upper()}{self.name[1:]}"
        if self.needed > self.now:
            return said("%(name)s of %(key)s at least %(needed)s (now %(now)s).", **numbers)
        return said("%(name)s of %(key)s at most %(needed)s (now %(now)s).", **numbers)


@dataclass(frozen=True, slots=True)
class Overtaking:
    """What separates two items. ``possible`` stand by the smallest change first."""

    challenger: str
    leader: str
    challenger_score: float
    leader_score: float
    possible: tuple[Condition, ...]
    impossible: tuple[Condition, ...]

    @property
    def is_ahead(self) -> bool:
        """Whether the challenger is not behind at all."""
        return self.challenger_score >= self.leader_score

    @property
    def sentence(self) -> str:
        """The finding."""
        if self.is_ahead:
            return said(
                "%(challenger)s is not behind %(leader)s.",
                challenger=self.challenger,
                leader=self.leader,
            )
        if not self.possible:
            return said(
                "No single change lets %(challenger)s overtake %(leader)s.",
                challenger=self.challenger,
                leader=self.leader,
            )
        return said(
            "%(challenger)s overtakes %(leader)s with: %(change)s",
            challenger=self.challenger,
            leader=self.leader,
            change=self.possible[0].sentence,
        )


def what_would_have_to_be_true(ranking: Ranking, challenger: str, leader: str) -> Overtaking:
    """Every single input whose change would let ``challenger`` reach ``leader``'s likely score.

    Looked at are each rated criterion and the effort of either item over their whole scales, and
    each weight from 0 to 100 times the heaviest; of several crossings the nearest counts. Formulas
    need not be monotone. Raises :class:`ScoringError` for an item the ranking does not hold or a
    comparison of an item with itself.
    """
    for key in (challenger, leader):
        if key not in ranking.inputs_by_key:
            raise ScoringError(said("the ranking does not hold this item"), key)
    if challenger == leader:
        raise ScoringError(said("an item cannot overtake itself"), challenger)
    pair = _Pair(ranking, challenger, leader)
    first, second = pair.scores
    if first >= second:
        return Overtaking(challenger, leader, first, second, (), ())
    found = [
        *(pair.input_condition(c, "challenger") for c in ranking.model.criteria),
        *(pair.input_condition(c, "leader") for c in ranking.model.criteria),
        *(pair.weight_condition(c) for c in ranking.model.criteria),
    ]
    possible = sorted((c for c in found if c.needed is not None), key=lambda c: c.relative)
    impossible = tuple(c for c in found if c.needed is None and c.of != "model")
    return Overtaking(challenger, leader, first, second, tuple(possible), impossible)


class _Pair:
    """Two items' inputs, and their scores under changes."""

    def __init__(self, ranking: Ranking, challenger: str, leader: str) -> None:
        self.model = ranking.model
        self.keys = (challenger, leader)
        signatures = [signature_of(self.model, ranking.inputs_by_key[key]) for key in self.keys]
        self.tables = [
            tables_for(self.model, [signature], ranking.effort_reference)
            for signature in signatures
        ]
        self.scores = tuple(float(_scores(self.model, each, 1)[0]) for each in self.tables)

    def input_condition(self, criterion: Criterion, of: Of) -> Condition:
        side = 0 if of == "challenger" else 1
        table = self.tables[side][criterion.slug]
        assert isinstance(table, CriterionTables)
        rated = criterion.kind == "rating"
        now = float(table.likely[0, 0])
        other = self.scores[1 - side]

        def margin(values: FloatArray) -> FloatArray:
            """Above or at 0 where the challenger is not behind."""
            changed: dict[str, Tables] = dict(self.tables[side])
            changed[criterion.slug] = replace(table, likely=values[:, None])
            scores = _scores(self.model, changed, values.size)
            return scores - other if side == 0 else other - scores

        scale = criterion.scale
        low, high = (0.0, 1.0) if rated else (scale.low, max(scale.high, 4 * now))
        grid = np.linspace(low, high, _STEPS) if rated else np.geomspace(low, high, _STEPS)
        needed = _nearest(margin, grid, now)
        say = (lambda place: float(scale.at(np.array(place)))) if rated else float
        return Condition(
            of,
            self.keys[side],
            criterion.slug,
            criterion.name,
            criterion.unit,
            say(now),
            None if needed is None else say(needed),
            1.0 if needed is None else _apart(criterion, needed, now),
        )

    def weight_condition(self, criterion: Criterion) -> Condition:
        heaviest = max(c.weight for c in self.model.criteria) * _HEAVIEST

        def margin(values: FloatArray) -> FloatArray:
            found = []
            for value in values.tolist():
                model = _with_weight(self.model, criterion.slug, value)
                if model is None:
                    found.append(-np.inf)
                    continue
                one, two = (float(_scores(model, each, 1)[0]) for each in self.tables)
                found.append(one - two)
            return np.array(found)

        now = criterion.weight
        grid = np.unique(np.concatenate(([0.0, now], np.geomspace(heaviest / 1e5, heaviest, 60))))
        needed = _nearest(margin, grid, now)
        change = 1.0 if needed is None else abs(needed - now) / (needed + now or 1.0)
        return Condition(
            "model", "", criterion.slug, criterion.name, "", now, needed, change, is_weight=True
        )


def _apart(criterion: Criterion, needed: float, now: float) -> float:
    """The distance of two values as a share of the scale."""
    if criterion.kind == "rating":
        return abs(needed - now)
    one, two = criterion.scale.place(np.array([needed, now])).tolist()
    return float(abs(one - two))


def _scores(model: ScoringModel, tables: dict[str, Tables], rows: int) -> FloatArray:
    found = evaluate(model.formula, Simulation(model, tables, seed=0, draws=1).likely_leaf)
    return np.broadcast_to(np.asarray(found, dtype=np.float64).reshape(-1), (rows,))


def _with_weight(model: ScoringModel, slug: str, weight: float) -> ScoringModel | None:
    """The model with another weight; None when it would not be one (a lens without weight)."""
    criteria = tuple(
        replace(each, weight=weight) if each.slug == slug else each for each in model.criteria
    )
    try:
        return replace(model, criteria=criteria)
    except ScoringError:
        return None


def _nearest(
    margin: Callable[[FloatArray], FloatArray], grid: FloatArray, now: float
) -> float | None:
    """The value nearest to ``now`` at which the margin reaches 0, narrowed down by halving."""
    grid = np.unique(np.append(grid, now))
    enough = np.flatnonzero(margin(grid) >= 0)
    if not enough.size:
        return None
    at = int(enough[np.abs(grid[enough] - now).argmin()])
    here = int(np.searchsorted(grid, now))
    good, bad = float(grid[at]), float(grid[at + 1 if at < here else at - 1])
    for _ in range(_HALVINGS):
        middle = (good + bad) / 2
        if margin(np.array([middle]))[0] >= 0:
            good = middle
        else:
            bad = middle
    return good
