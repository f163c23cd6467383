"""What an item's score would be if one side were followed: the ways its dispute may end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .formula import evaluate
from .inputs import ItemInputs, current_ratings, signature_of
from .model import LENSES, Criterion, Lens, ScoringModel
from .quantiles import EffortReference
from .scale import FloatArray
from .simulation import CriterionTables, Simulation, Tables, tables_for

#: Scores closer than this share of the larger one are the same.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Perspective:
    """One item's likely score now and as each side sees it.

    ``value`` is the score when the technical lens's rated criteria stand where the value lens puts
    the item, ``technical`` the other way round; None where a lens was not heard. ``raters`` are the
    scores when one rater's answers replace those of the others on the criteria that several rated
    differently.
    """

    key: str
    now: float
    value: float | None
    technical: float | None
    raters: tuple[tuple[str, float], ...]

    @property
    def is_disputed(self) -> bool:
        """Whether the sides come to different scores."""
        ends = [score for _, score in self.raters]
        ends += [score for score in (self.value, self.technical) if score is not None]
        if len(ends) < 2:
            return False
        return max(ends) - min(ends) > _SAME * max(1.0, abs(max(ends)), abs(min(ends)))


def perspectives(
    model: ScoringModel,
    items: Iterable[ItemInputs],
    *,
    effort_reference: EffortReference | None = None,
) -> tuple[Perspective, ...]:
    """Every item as each lens and each rater sees it, in the order given.

    Following a lens leaves the effort as it is and moves only rated criteria of the other lens, to
    the place (0-1, from the worse to the better end of their scales) of the followed lens's likely
    score / 100. Raises :class:`ScoringError` for inputs :func:`rank` would refuse.
    """
    inputs = list(items)
    if not inputs:
        return ()
    signatures = [signature_of(model, item) for item in inputs]
    if effort_reference is None and model.effort is not None:
        effort_reference = EffortReference.from_efforts(
            (each.effort for each in signatures if each.effort is not None), model.effort
        )
    tables = tables_for(model, signatures, effort_reference)
    now = _likely(model, tables)
    heard = {
        lens: ~np.all([tables[c.slug].guessed for c in _rated(model, lens)], axis=0)
        if _rated(model, lens)
        else np.zeros(len(inputs), dtype=bool)
        for lens in LENSES
    }
    both = heard["value"] & heard["technical"]
    sides = {lens: _likely(model, _followed(model, tables, lens)) for lens in LENSES}
    by_rater = _by_rater(model, inputs, effort_reference)
    return tuple(
        Perspective(
            item.key,
            float(now[row]),
            float(sides["value"][row]) if both[row] else None,
            float(sides["technical"][row]) if both[row] else None,
            by_rater.get(item.key, ()),
        )
        for row, item in enumerate(inputs)
    )


def _rated(model: ScoringModel, lens: Lens) -> list[Criterion]:
    return [c for c in model.of_lens(lens) if c.kind == "rating"]


def _likely(model: ScoringModel, tables: Mapping[str, Tables]) -> FloatArray:
    read = Simulation(model, tables, seed=0, draws=1).likely_leaf
    found = evaluate(model.formula, read)
    return np.asarray(found, dtype=np.float64).reshape(-1)


def _followed(model: ScoringModel, tables: Mapping[str, Tables], lens: Lens) -> dict[str, Tables]:
    """The inputs with the other lens's rated criteria where ``lens`` puts the item."""
    read = Simulation(model, tables, seed=0, draws=1).likely_leaf
    place = evaluate(model.lens_formula(lens), read) / 100.0
    found = dict(tables)
    for criterion in model.ratings:
        table = found[criterion.slug]
        if criterion.lens == lens or not isinstance(table, CriterionTables):
            continue
        likely = 1.0 - place if criterion.direction == "lower" else place
        found[criterion.slug] = replace(table, likely=likely)
    return found


def _by_rater(
    model: ScoringModel, items: list[ItemInputs], reference: EffortReference | None
) -> dict[str, tuple[tuple[str, float], ...]]:
    asked: list[tuple[str, str, ItemInputs]] = []
    for item in items:
        current = current_ratings(item)
        split = {
            slug
            for slug, given in current.items()
            if len({(r.value, r.low, r.high) for r in given}) > 1
        }
        for rater in sorted({r.rater for slug in split for r in current[slug]}):
            mine = {slug for slug in split if any(r.rater == rater for r in current[slug])}
            kept = tuple(
                r
                for slug, given in current.items()
                for r in given
                if slug not in mine or r.rater == rater
            )
            asked.append((item.key, rater, replace(item, ratings=kept)))
    if not asked:
        return {}
    tables = tables_for(model, [signature_of(model, each) for _, _, each in asked], reference)
    found: dict[str, tuple[tuple[str, float], ...]] = {}
    for (key, rater, _), score in zip(asked, _likely(model, tables).tolist(), strict=True):
        found[key] = (*found.get(key, ()), (rater, score))
    return found
