"""How much the order depends on each weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from tandem_engine.statistics import kendall_tau
from tandem_engine.words import Value, figure, said

from .errors import ScoringError
from .formula import evaluate
from .inputs import signature_of
from .model import ScoringModel
from .ranking import Ranking
from .scale import FloatArray
from .simulation import Simulation, tables_for

#: A weight is changed at most by this factor in either direction.
WIDEST: Final = 10.0
_STEPS: Final = 12
_HALVINGS: Final = 12


@dataclass(frozen=True, slots=True)
class WeightSensitivity:
    """What changing one criterion's weight does to the order of the likely scores.

    ``tau_half`` and ``tau_double`` compare the order with half and with twice the weight to the
    present one (Kendall's tau-b; None where undefined). ``leaving`` counts the items among the
    first ``top`` that half or twice the weight replaces, whichever replaces more. ``down`` and
    ``up`` are the factors nearest to 1 at which the first ``top`` become others, None when no
    factor between 1/10 and 10 does.
    """

    slug: str
    name: str
    weight: float
    tau_half: float | None
    tau_double: float | None
    leaving: int
    down: float | None
    up: float | None
    top: int

    @property
    def is_steady(self) -> bool:
        """Whether neither half nor twice the weight changes who comes first."""
        return self.leaving == 0

    @property
    def sentence(self) -> str:
        """The finding in words."""
        if self.down is None and self.up is None:
            return said(
                "%(name)s: the first %(count)s stay whatever this weight is, from a tenth to ten times "
                "as much.",
                name=self.name,
                count=self.top,
            )
        numbers: dict[str, Value] = {
            "name": self.name,
            "count": self.top,
            "now": figure(self.weight),
        }
        if self.down is not None:
            numbers["low"] = figure(self.weight * self.down, ".3g")
        if self.up is not None:
            numbers["high"] = figure(self.weight * self.up, ".3g")
        if self.up is None:
            return said(
                "%(name)s: the first %(count)s change below %(low)s (now %(now)s).", **numbers
            )
        if self.down is None:
            return said(
                "%(name)s: the first %(count)s change above %(high)s (now %(now)s).", **numbers
            )
        return said(
            "%(name)s: the first %(count)s change below %(low)s or above %(high)s (now %(now)s).",
            **numbers,
        )


def weight_sensitivity(
    ranking: Ranking, *, top: int | None = None
) -> tuple[WeightSensitivity, ...]:
    """Every weight of the model that the formula reads, the most sensitive one first.

    ``top`` is by default the ranking's. Ties at the edge of the first ``top`` go to the items in
    the ranking's order, before and after.
    """
    model = ranking.model
    first = min(ranking.top if top is None else top, len(ranking))
    if not ranking.scores:
        return ()
    inputs = [ranking.inputs_by_key[score.key] for score in ranking.scores]
    signatures = [signature_of(model, item) for item in inputs]
    tables = tables_for(model, signatures, ranking.effort_reference)

    def scores(changed: ScoringModel) -> FloatArray:
        found = evaluate(changed.formula, Simulation(changed, tables, seed=0, draws=1).likely_leaf)
        return np.broadcast_to(np.asarray(found, dtype=np.float64).reshape(-1), (len(inputs),))

    present = scores(model)
    leaders = _leaders(present, first)
    found = []
    for criterion in model.criteria:
        if criterion.weight <= 0:
            continue

        def at(factor: float, slug: str = criterion.slug) -> FloatArray | None:
            changed = _with_factor(model, slug, factor)
            return None if changed is None else scores(changed)

        half, double = at(0.5), at(2.0)
        extremes = [each for each in (at(1 / WIDEST), half, double, at(WIDEST)) if each is not None]
        if all(np.allclose(each, present, rtol=1e-12, atol=0) for each in extremes):
            continue
        leaving = max(
            (len(leaders - _leaders(each, first)) for each in (half, double) if each is not None),
            default=0,
        )
        found.append(
            WeightSensitivity(
                criterion.slug,
                criterion.name,
                criterion.weight,
                _tau(present, half),
                _tau(present, double),
                leaving,
                _edge(at, leaders, first, 1 / WIDEST),
                _edge(at, leaders, first, WIDEST),
                first,
            )
        )
    return tuple(sorted(found, key=_steadiness))


def _steadiness(found: WeightSensitivity) -> tuple[float, str]:
    """How large a change is needed, as a factor; the most sensitive weight has the smallest."""
    needed = [found.up or WIDEST * 2, 1 / found.down if found.down else WIDEST * 2]
    return min(needed), found.slug


def _leaders(scores: FloatArray, first: int) -> set[int]:
    order: npt.NDArray[np.intp] = np.argsort(-scores, kind="stable")
    return set(order[:first].tolist())


def _tau(present: FloatArray, changed: FloatArray | None) -> float | None:
    return None if changed is None else kendall_tau(present.tolist(), changed.tolist())


def _with_factor(model: ScoringModel, slug: str, factor: float) -> ScoringModel | None:
    criteria = tuple(
        replace(each, weight=each.weight * factor) if each.slug == slug else each
        for each in model.criteria
    )
    try:
        return replace(model, criteria=criteria)
    except ScoringError:
        return None


def _edge(
    at: Callable[[float], FloatArray | None], leaders: set[int], first: int, widest: float
) -> float | None:
    """The factor nearest to 1 on the way to ``widest`` at which other items come first."""

    def changes(factor: float) -> bool:
        scores = at(factor)
        return scores is not None and _leaders(scores, first) != leaders

    before = 1.0
    for factor in np.geomspace(1.0, widest, _STEPS + 1)[1:].tolist():
        if changes(factor):
            low, high = before, factor
            for _ in range(_HALVINGS):
                middle = (low * high) ** 0.5
                low, high = (low, middle) if changes(middle) else (middle, high)
            return float(high)
        before = factor
    return None
