"""Why a number is what it is: the formula as a tree with every input's source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tandem_engine.words import figure, join, said, word

from .computed import Computed, Constant
from .formula import Formula, Leaf, evaluate
from .inputs import Estimate, ItemInputs, Rating, current_ratings, signature_of
from .model import Criterion, Lens, ScoringModel
from .quantiles import EffortReference
from .simulation import Interval, Simulation, bounds, tables_for

GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Node:
    """One number of a derivation; ``children`` are the numbers it was computed from.

    ``value`` follows from the children's values by ``formula``; ``low`` and ``high`` are P10 and
    P90 and do not: intervals neither add nor divide. ``source`` names who said an input and when,
    or is ``"guess"``; ``note`` is a sentence for the reader.
    """

    label: str
    value: float
    low: float
    high: float
    unit: str = ""
    formula: str = ""
    source: str = ""
    note: str = ""
    children: tuple[Node, ...] = ()

    @property
    def is_guess(self) -> bool:
        return self.source == GUESS

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def derive(
    model: ScoringModel,
    item: ItemInputs,
    *,
    seed: int,
    draws: int,
    effort_reference: EffortReference | None,
    lens: Lens | None = None,
) -> Node:
    """The derivation of an item's score, or of one lens's score.

    With a ranking's seed, draws and reference the numbers are exactly the ranking's. Raises
    :class:`ScoringError` for inputs :func:`rank` would refuse.
    """
    signature = signature_of(model, item)
    if effort_reference is None and model.effort is not None:
        effort_reference = EffortReference.prior(model.effort)
    tables = tables_for(model, [signature], effort_reference)
    simulation = Simulation(model, tables, seed=seed, draws=draws)
    formula = model.formula if lens is None else model.lens_formula(lens)
    return _Deriver(model, item, simulation, effort_reference).node(formula)


class _Deriver:
    def __init__(
        self,
        model: ScoringModel,
        item: ItemInputs,
        simulation: Simulation,
        reference: EffortReference | None,
    ) -> None:
        self.model = model
        self.item = item
        self.simulation = simulation
        self.reference = reference
        self.ratings = current_ratings(item)

    def node(self, formula: Formula) -> Node:
        if isinstance(formula, Computed):
            return self._computed(formula)
        interval = self._interval(formula)
        if not isinstance(formula, Leaf):
            return Node(
                formula.label,
                interval.likely,
                interval.low,
                interval.high,
                formula.unit,
                formula.text(),
                children=tuple(self.node(part) for part in formula.parts),
            )
        if formula.form == "field":
            return self._field(formula, interval)
        criterion = self.model.by_slug[formula.slug]
        if formula.form in ("low", "high"):
            source, note = self._effort_source(criterion)
            return Node(formula.label, *_numbers(interval), criterion.unit, "", source, note)
        if formula.form == "raw" or (
            formula.form == "worth"
            and (criterion.kind == "effort" or criterion.direction == "higher")
        ):
            return self._input(criterion)
        return Node(
            formula.label,
            interval.likely,
            interval.low,
            interval.high,
            "" if formula.form != "worth" else criterion.unit,
            _leaf_text(formula, criterion),
            children=(self._input(criterion),),
        )

    def _computed(self, formula: Computed) -> Node:
        """A part of a custom formula; one without a result counts as 0 and says why."""
        interval = self._interval(formula)
        note = ""
        inner = replace(formula, is_root=False)
        if not np.isfinite(self._likely(inner)):
            note = formula.missing_reason([self._likely(part) for part in formula.parts])
            if formula.is_root:
                note = join(note, " ", said("So the score counts as 0."))
        return Node(
            formula.label,
            *_numbers(interval),
            formula.unit,
            formula.text(),
            note=note,
            # A bare number stands in the text already.
            children=tuple(
                self.node(part)
                for part in dict.fromkeys(formula.parts)
                if not (isinstance(part, Constant) and part.label == f"{part.value:g}")
            ),
        )

    def _field(self, leaf: Leaf, interval: Interval) -> Node:
        field = next(each for each in self.model.fields if each.slug == leaf.slug)
        given = leaf.slug in dict(self.item.fields)
        missing = field.missing_note or said(
            "Not given, so it counts as %(number)s.", number=figure(field.missing)
        )
        note = "" if given else missing
        source = said("the item") if given else ""
        return Node(leaf.label, *_numbers(interval), leaf.unit, "", source, note)

    def _likely(self, formula: Formula) -> float:
        return float(np.max(evaluate(formula, self.simulation.likely_leaf)))

    def _interval(self, formula: Formula) -> Interval:
        likely = np.broadcast_to(evaluate(formula, self.simulation.likely_leaf), (1, 1))[:, 0]
        drawn = evaluate(formula, self.simulation.leaf)
        if not np.isfinite(likely).all() or not np.isfinite(drawn).all():
            likely = np.nan_to_num(likely, nan=0.0, posinf=0.0, neginf=0.0)
            drawn = np.where(np.isfinite(drawn), drawn, likely)
        return bounds(likely, np.broadcast_to(drawn, (1, self.simulation.draws)))[0]

    def _input(self, criterion: Criterion) -> Node:
        """The criterion's own value, in its unit, with its raters or its guess."""
        if criterion.kind == "effort":
            interval = self._interval(Leaf(criterion.name, "", criterion.slug, "worth"))
            source, note = self._effort_source(criterion)
            return Node(criterion.name, *_numbers(interval), criterion.unit, "", source, note)
        interval = self._raw(criterion)
        given = self.ratings.get(criterion.slug, [])
        if not given:
            scale = criterion.scale
            note = said(
                "Nobody has rated this, so the whole scale counts, %(low)s to %(high)s, with its middle "
                "as likely value.",
                low=figure(scale.low),
                high=figure(scale.high),
            )
            return Node(criterion.name, *_numbers(interval), criterion.unit, "", GUESS, note)
        anchor = criterion.scale.nearest_anchor(interval.likely)
        words = anchor.text if anchor else ""
        if len(given) == 1:
            source = _rating_source(given[0])
            return Node(criterion.name, *_numbers(interval), criterion.unit, "", source, words)
        text = said("the raters' mean by confidence")
        if criterion.scale.spacing == "log":
            text = said("the raters' geometric mean by confidence")
        return Node(
            criterion.name,
            *_numbers(interval),
            criterion.unit,
            text,
            note=words,
            children=tuple(_rating_node(criterion, rating) for rating in given),
        )

    def _raw(self, criterion: Criterion) -> Interval:
        return self._interval(Leaf(criterion.name, "", criterion.slug, "raw"))

    def _effort_source(self, criterion: Criterion) -> tuple[str, str]:
        estimate = self.item.estimate
        if estimate is not None:
            return _estimate_source(estimate), _floor_note(estimate, criterion)
        assert self.reference is not None
        count = self.reference.count
        if not count:
            scale = criterion.scale
            return GUESS, said(
                "Nobody has estimated this, so every size from %(low)s to %(high)s counts.",
                low=figure(scale.low),
                high=figure(scale.high),
            )
        if self.reference.source != "estimates":
            return GUESS, said(
                "Nobody has estimated this, so the distribution of this product's %(count)s estimates "
                "counts, widened because they are few.",
                count=count,
            )
        return GUESS, said(
            "Nobody has estimated this, so the distribution of this product's %(count)s estimates "
            "counts.",
            count=count,
        )


def _numbers(interval: Interval) -> tuple[float, float, float]:
    return interval.likely, interval.low, interval.high


def _leaf_text(leaf: Leaf, criterion: Criterion) -> str:
    scale, name = criterion.scale, criterion.name
    better_low = criterion.direction == "lower"
    if leaf.form in ("fraction", "share"):
        return f"{name} ÷ 100"
    if leaf.form == "worth":
        if scale.spacing == "log":
            text = join(figure(scale.low), " × ", figure(scale.high), " ÷ ", name)
        else:
            text = join(figure(scale.low), " + ", figure(scale.high), " − ", name)
        return said("%(formula)s (lower is better)", formula=text)
    low, high = figure(scale.low), figure(scale.high)
    top, bottom = (high, name) if better_low else (name, low)
    if scale.spacing == "log":
        text = join("ln(", top, " ÷ ", bottom, ") ÷ ln(", high, " ÷ ", low, ")")
    else:
        text = join("(", top, " − ", bottom, ") ÷ (", high, " − ", low, ")")
    if criterion.kind == "effort":
        return said("%(formula)s, between 0 and 1", formula=text)
    return text


def _rating_node(criterion: Criterion, rating: Rating) -> Node:
    low = rating.value if rating.low is None else rating.low
    high = rating.value if rating.high is None else rating.high
    return Node(
        rating.rater,
        rating.value,
        low,
        high,
        criterion.unit,
        source=rating.source,
        note=said("as rated, %(trust)s", trust=rating.trust),
    )


def _rating_source(rating: Rating) -> str:
    return join(rating.source, ", ", rating.trust)


def _estimate_source(estimate: Estimate) -> str:
    when = f", {estimate.estimated_at.isoformat()[:10]}" if estimate.estimated_at else ""
    numbers = join(
        figure(estimate.low), " / ", figure(estimate.likely), " / ", figure(estimate.high)
    )
    if estimate.by:
        return join(said("estimate %(numbers)s by %(who)s", numbers=numbers, who=estimate.by), when)
    return join(said("estimate %(numbers)s", numbers=numbers), when)


def _floor_note(estimate: Estimate, criterion: Criterion) -> str:
    floor = criterion.scale.low
    if estimate.likely >= floor:
        return ""
    smallest: str = figure(floor)
    if criterion.unit:
        smallest = join(smallest, " ", word(criterion.unit))
    return said(
        "An effort below %(smallest)s counts as %(smallest)s, because it is divided by.",
        smallest=smallest,
    )
