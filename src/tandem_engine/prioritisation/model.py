"""Scoring models: criteria of both lenses and the formula that joins them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from .errors import ScoringError
from .formula import Divided, Formula, Leaf, Multiplied, WeightedPlaces, WeightedSum
from .scale import Scale

Lens = Literal["value", "technical"]
Direction = Literal["higher", "lower"]
Kind = Literal["rating", "effort"]
FormulaKind = Literal["value_effort", "rice", "wsjf", "weighted"]

LENSES: tuple[Lens, Lens] = ("value", "technical")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question asked about every item, answered on an absolute scale.

    ``direction`` says which end is better. ``weight`` (0 or more) is its share inside its lens
    and inside the weighted formulas. ``kind`` is ``rating`` when members answer it and ``effort``
    when the item's estimate does; an effort's scale starts above zero, its ``low`` is the smallest
    effort the formulas count (a zero estimate counts as that much), its ``high`` is where an item
    stops losing points in the technical lens.
    """

    slug: str
    name: str
    lens: Lens
    scale: Scale
    direction: Direction = "higher"
    weight: float = 1.0
    unit: str = ""
    kind: Kind = "rating"
    question: str = ""

    def __post_init__(self) -> None:
        where = f"criterion {self.slug or self.name or '(unnamed)'}"
        if not self.slug:
            raise ScoringError("a criterion needs a slug", where)
        if self.lens not in LENSES:
            raise ScoringError(f"unknown lens {self.lens!r}: value or technical", where)
        if self.direction not in ("higher", "lower"):
            raise ScoringError(f"unknown direction {self.direction!r}: higher or lower", where)
        if self.kind not in ("rating", "effort"):
            raise ScoringError(f"unknown kind {self.kind!r}: rating or effort", where)
        if not (math.isfinite(self.weight) and self.weight >= 0):
            raise ScoringError(f"the weight {self.weight:g} must be 0 or more", where)
        if self.kind == "effort":
            if self.scale.low <= 0:
                raise ScoringError("an effort scale starts above zero", where)
            if self.direction != "lower":
                raise ScoringError("less effort is better: the direction must be lower", where)


@dataclass(frozen=True)
class ScoringModel:
    """Named criteria and a formula; the same for every item, and blind to all other items.

    ``formula_kind`` is one of the four formulas of ``docs/algorithms/prioritisation.md``; with
    ``B`` for ratings and ``E`` for the effort:

    * ``value_effort``: weighted mean place of the ratings (0-100) / E
    * ``rice``: product of the ratings (a criterion in ``%`` counts as a fraction) / E
    * ``wsjf``: weighted sum of the ratings / E
    * ``weighted``: weighted mean place of everything, effort included (0-100)

    Raises :class:`ScoringError` when a lens has no weight, when a formula that divides by effort
    has no effort criterion, or when a slug appears twice.
    """

    name: str
    criteria: tuple[Criterion, ...]
    formula_kind: FormulaKind
    preset: str = ""

    def __post_init__(self) -> None:
        where = f"model {self.name or '(unnamed)'}"
        slugs = [criterion.slug for criterion in self.criteria]
        twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if twice:
            raise ScoringError(f"the criterion {twice[0]!r} appears twice", where)
        if self.formula_kind not in ("value_effort", "rice", "wsjf", "weighted"):
            raise ScoringError(f"unknown formula {self.formula_kind!r}", where)
        efforts = [criterion for criterion in self.criteria if criterion.kind == "effort"]
        if len(efforts) > 1:
            raise ScoringError("a model has at most one effort criterion", where)
        if self.formula_kind != "weighted" and not efforts:
            raise ScoringError("this formula divides by effort: add an effort criterion", where)
        for lens in LENSES:
            if not sum(c.weight for c in self.criteria if c.lens == lens) > 0:
                raise ScoringError(
                    f"the {lens} lens needs a criterion with a weight above zero", where
                )
        if not self.ratings:
            raise ScoringError("a model needs a criterion that members rate", where)
        if self.formula_kind != "rice" and not sum(c.weight for c in self.ratings) > 0:
            raise ScoringError("the rated criteria need a weight above zero", where)

    @cached_property
    def by_slug(self) -> dict[str, Criterion]:
        """The criteria by their slug."""
        return {criterion.slug: criterion for criterion in self.criteria}

    @cached_property
    def ratings(self) -> tuple[Criterion, ...]:
        """The criteria that members rate, in the model's order."""
        return tuple(criterion for criterion in self.criteria if criterion.kind == "rating")

    @cached_property
    def effort(self) -> Criterion | None:
        """The criterion that the item's estimate answers, if the model has one."""
        return next((c for c in self.criteria if c.kind == "effort"), None)

    def of_lens(self, lens: Lens) -> tuple[Criterion, ...]:
        """The criteria of one lens, in the model's order."""
        return tuple(criterion for criterion in self.criteria if criterion.lens == lens)

    @cached_property
    def formula(self) -> Formula:
        """The score's formula as a tree over the criteria."""
        if self.formula_kind == "weighted":
            return _places("Score", self.criteria)
        assert self.effort is not None
        effort = Leaf(self.effort.name, self.effort.unit, self.effort.slug, "worth")
        per = f" per {_one(self.effort.unit)}"
        if self.formula_kind == "value_effort":
            top: Formula = _places("Benefit", self.ratings)
            return Divided("Score", "points of benefit" + per, (top, effort))
        worths = tuple(
            Leaf(c.name, c.unit, c.slug, "fraction" if c.unit == "%" else "worth")
            for c in self.ratings
        )
        if self.formula_kind == "rice":
            top = Multiplied("Expected impact", "customers × impact", worths)
            return Divided("Score", "customers × impact" + per, (top, effort))
        top = WeightedSum("Cost of delay", "points", worths, tuple(c.weight for c in self.ratings))
        return Divided("Score", "points of cost of delay" + per, (top, effort))

    @property
    def unit(self) -> str:
        """The unit of the score, in words."""
        return self.formula.unit

    def lens_formula(self, lens: Lens) -> Formula:
        """The 0-100 formula of one lens: the weighted mean place of its criteria."""
        return _places("Value lens" if lens == "value" else "Technical lens", self.of_lens(lens))


def _places(label: str, criteria: tuple[Criterion, ...]) -> Formula:
    return WeightedPlaces(
        label,
        "of 100",
        tuple(Leaf(f"{c.name}: place on its scale", "", c.slug, "place") for c in criteria),
        tuple(c.weight for c in criteria),
    )


def _one(unit: str) -> str:
    return unit[:-1] if unit.endswith("s") else unit or "unit of effort"
