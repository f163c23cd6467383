"""Scoring models: criteria of both lenses and the formula that joins them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tandem_engine.words import figure, said, word

from .computed import Computed
from .errors import ScoringError
from .expressions import RESERVED, CompiledFormula, Named, compile_formula, names_of
from .fields import DEMAND, Field
from .formula import Divided, Formula, Leaf, Multiplied, WeightedPlaces, WeightedSum
from .scale import Scale

Lens = Literal["value", "technical"]
Direction = Literal["higher", "lower"]
Kind = Literal["rating", "effort"]
FormulaKind = Literal["value_effort", "rice", "wsjf", "weighted", "custom"]

FORMULA_KINDS: tuple[FormulaKind, ...] = ("value_effort", "rice", "wsjf", "weighted", "custom")
LENSES: tuple[Lens, Lens] = ("value", "technical")
_LENS_WITHOUT_WEIGHT: dict[Lens, str] = {
    "value": said("the value lens needs a criterion with a weight above zero"),
    "technical": said("the technical lens needs a criterion with a weight above zero"),
}


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
        where = said("criterion %(name)s", name=self.slug or self.name or said("(unnamed)"))
        if not self.slug:
            raise ScoringError(said("a criterion needs a slug"), where)
        if self.lens not in LENSES:
            raise ScoringError(
                said("unknown lens %(lens)s: value or technical", lens=repr(self.lens)), where
            )
        if self.direction not in ("higher", "lower"):
            raise ScoringError(
                said(
                    "unknown direction %(direction)s: higher or lower",
                    direction=repr(self.direction),
                ),
                where,
            )
        if self.kind not in ("rating", "effort"):
            raise ScoringError(
                said("unknown kind %(kind)s: rating or effort", kind=repr(self.kind)), where
            )
        if not (math.isfinite(self.weight) and self.weight >= 0):
            raise ScoringError(
                said("the weight %(weight)s must be 0 or more", weight=figure(self.weight)), where
            )
        if self.kind == "effort":
            if self.scale.low <= 0:
                raise ScoringError(said("an effort scale starts above zero"), where)
            if self.direction != "lower":
                raise ScoringError(
                    said("less effort is better: the direction must be lower"), where
                )


@dataclass(frozen=True)
class ScoringModel:
    """Named criteria and a formula; the same for every item, and blind to all other items.

    ``formula_kind`` is one of the four formulas of ``docs/algorithms/prioritisation.md``; with
    ``B`` for ratings and ``E`` for the effort:

    * ``value_effort``: weighted mean place of the ratings (0-100) / E
    * ``rice``: product of the ratings (a criterion in ``%`` counts as a fraction) / E
    * ``wsjf``: weighted sum of the ratings / E
    * ``weighted``: weighted mean place of everything, effort included (0-100)
    * ``custom``: whatever ``formula_text`` says, see ``docs/algorithms/scoring-models.md``

    ``fields`` are the further inputs a custom formula may read. ``score_unit`` says what the score
    is counted in when the formula's own unit says it badly.

    Raises :class:`ScoringError` when a lens has no weight, when a formula that divides by effort
    has no effort criterion, when a slug appears twice, or (as :class:`FormulaError`, pointing at
    the character) when the text is no formula.
    """

    name: str
    criteria: tuple[Criterion, ...]
    formula_kind: FormulaKind
    preset: str = ""
    formula_text: str = ""
    score_unit: str = ""
    fields: tuple[Field, ...] = (DEMAND,)

    def __post_init__(self) -> None:
        where = said("model %(name)s", name=self.name or said("(unnamed)"))
        slugs = [criterion.slug for criterion in self.criteria]
        twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if twice:
            raise ScoringError(
                said("the criterion %(twice)s appears twice", twice=repr(twice[0])), where
            )
        if self.formula_kind not in FORMULA_KINDS:
            raise ScoringError(
                said("unknown formula %(formula_kind)s", formula_kind=repr(self.formula_kind)),
                where,
            )
        efforts = [criterion for criterion in self.criteria if criterion.kind == "effort"]
        if len(efforts) > 1:
            raise ScoringError(said("a model has at most one effort criterion"), where)
        if self.formula_kind not in ("weighted", "custom") and not efforts:
            raise ScoringError(
                said("this formula divides by effort: add an effort criterion"), where
            )
        for lens in LENSES:
            if not sum(c.weight for c in self.criteria if c.lens == lens) > 0:
                raise ScoringError(_LENS_WITHOUT_WEIGHT[lens], where)
        if not self.ratings:
            raise ScoringError(said("a model needs a criterion that members rate"), where)
        if (
            self.formula_kind not in ("rice", "custom")
            and not sum(c.weight for c in self.ratings) > 0
        ):
            raise ScoringError(said("the rated criteria need a weight above zero"), where)
        if self.formula_kind == "custom":
            taken = next((c.slug for c in self.criteria if c.slug in self._taken(c)), "")
            if taken:
                raise ScoringError(
                    said("%(taken)s has a meaning in formulas; choose another slug", taken=taken),
                    where,
                )
            assert self.compiled is not None

    def _taken(self, criterion: Criterion) -> frozenset[str]:
        fields = {field.slug for field in self.fields}
        return (RESERVED | fields) - ({"effort"} if criterion.kind == "effort" else set())

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
    def names(self) -> dict[str, Named]:
        """Everything a custom formula of this model may read, by name."""
        return names_of(
            self.criteria, self.fields, {lens: self.lens_formula(lens) for lens in LENSES}
        )

    @cached_property
    def compiled(self) -> CompiledFormula | None:
        """The custom formula, compiled; none when the model has one of the four."""
        if self.formula_kind != "custom":
            return None
        return compile_formula(self.formula_text, self.names, self.score_unit)

    @cached_property
    def fields_read(self) -> tuple[Field, ...]:
        """The further inputs that the formula reads, in the model's order."""
        if self.compiled is None:
            return ()
        return tuple(field for field in self.fields if field.slug in self.compiled.reads)

    @cached_property
    def unread(self) -> tuple[Criterion, ...]:
        """Rated criteria that count in their lens only, because the formula does not read them."""
        if self.compiled is None:
            return ()
        leaves = {leaf.slug for leaf in self.compiled.leaves}
        return tuple(c for c in self.ratings if c.slug not in leaves)

    @property
    def per_effort(self) -> bool:
        """Whether the score is something divided by the effort, so that score × effort adds up."""
        formula = self.formula
        if isinstance(formula, Computed) and formula.operation != "/":
            return False
        if not isinstance(formula, Divided | Computed):
            return False
        divisor = formula.parts[1]
        return (
            isinstance(divisor, Leaf)
            and self.effort is not None
            and ((divisor.slug, divisor.form) == (self.effort.slug, "worth"))
        )

    @cached_property
    def formula(self) -> Formula:
        """The score's formula as a tree over the criteria."""
        if self.compiled is not None:
            return self.compiled.tree
        if self.formula_kind == "weighted":
            return _places(said("Score"), self.criteria)
        assert self.effort is not None
        effort = Leaf(self.effort.name, self.effort.unit, self.effort.slug, "worth")
        per = _one(self.effort.unit)
        if self.formula_kind == "value_effort":
            top: Formula = _places(said("Benefit"), self.ratings)
            unit = said("points of benefit per %(unit)s", unit=per)
            return Divided(said("Score"), unit, (top, effort))
        worths = tuple(
            Leaf(c.name, c.unit, c.slug, "fraction" if c.unit == "%" else "worth")
            for c in self.ratings
        )
        if self.formula_kind == "rice":
            top = Multiplied(said("Expected impact"), said("customers × impact"), worths)
            unit = said("customers × impact per %(unit)s", unit=per)
            return Divided(said("Score"), unit, (top, effort))
        weights = tuple(c.weight for c in self.ratings)
        top = WeightedSum(said("Cost of delay"), said("points"), worths, weights)
        unit = said("points of cost of delay per %(unit)s", unit=per)
        return Divided(said("Score"), unit, (top, effort))

    @property
    def unit(self) -> str:
        """The unit of the score, in words."""
        return self.score_unit or self.formula.unit

    def lens_formula(self, lens: Lens) -> WeightedPlaces:
        """The 0-100 formula of one lens: the weighted mean place of its criteria."""
        name = said("Value lens") if lens == "value" else said("Technical lens")
        return _places(name, self.of_lens(lens))


def _places(label: str, criteria: tuple[Criterion, ...]) -> WeightedPlaces:
    return WeightedPlaces(
        label,
        said("of 100"),
        tuple(Leaf(place_of(c.name), "", c.slug, "place") for c in criteria),
        tuple(c.weight for c in criteria),
    )


def place_of(name: str) -> str:
    """The label of a criterion's place on its scale."""
    return said("%(name)s: place on its scale", name=name)


def _one(unit: str) -> str:
    return word(unit[:-1] if unit.endswith("s") else unit) or said("unit of effort")
