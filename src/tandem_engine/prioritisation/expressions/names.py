"""What a name in a formula stands for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tandem_engine.prioritisation.fields import Field
from tandem_engine.prioritisation.formula import Formula, Leaf, WeightedPlaces
from tandem_engine.words import said

from .ranges import ANY, Range

if TYPE_CHECKING:
    from tandem_engine.prioritisation.model import Criterion

#: Functions, with the fewest and the most parts they take.
FUNCTIONS: Final[dict[str, tuple[int, int]]] = {
    "min": (1, 50),
    "max": (1, 50),
    "log": (1, 2),
    "sqrt": (1, 1),
    "abs": (1, 1),
    "round": (1, 1),
    "if": (3, 3),
    "place": (1, 1),
    "weight": (1, 1),
}
#: Words a criterion cannot be called, because they mean something in every formula.
RESERVED: Final = frozenset(
    {*FUNCTIONS, "and", "or", "not", "effort", "demand", "value_lens", "technical_lens", "score"}
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name reads: a tree (one leaf, or a lens's formula), its unit, what it can be.

    ``criterion`` is the slug that ``place()`` and ``weight()`` may ask about, with its weight.
    """

    tree: Formula
    unit: str = ""
    range: Range = ANY
    criterion: str = ""
    weight: float = 0.0


def names_of(
    criteria: Iterable[Criterion], fields: Iterable[Field], lenses: dict[str, WeightedPlaces]
) -> dict[str, Named]:
    """Everything a formula over these criteria and fields may read, by name.

    A rated criterion is its value as rated, nothing mirrored; one in ``%`` is a share (80 % is
    0.8). ``effort`` is the estimate, ``effort.low`` and ``effort.high`` (or
    ``effort.p10``, ``effort.p90``) its P10 and P90.
    """
    found: dict[str, Named] = {}
    for each in criteria:
        scale = each.scale
        if each.kind == "effort":
            endless = Range(scale.low, math.inf)
            worth = Named(
                Leaf(each.name, each.unit, each.slug, "worth"),
                each.unit,
                endless,
                each.slug,
                each.weight,
            )
            found |= dict.fromkeys((each.slug, "effort", "effort.likely", "effort.p50"), worth)
            for form, level in (("low", "P10"), ("high", "P90")):
                label = (
                    said("%(name)s, low (P10)", name=each.name)
                    if form == "low"
                    else said("%(name)s, high (P90)", name=each.name)
                )
                leaf = Leaf(label, each.unit, each.slug, form)  # type: ignore[arg-type]
                quantile = Named(leaf, each.unit, endless)
                found |= dict.fromkeys((f"effort.{form}", f"effort.{level.casefold()}"), quantile)
            continue
        share = each.unit == "%"
        by = 0.01 if share else 1.0
        found[each.slug] = Named(
            Leaf(each.name, "" if share else each.unit, each.slug, "share" if share else "raw"),
            "" if share else each.unit,
            Range(scale.low * by, scale.high * by),
            each.slug,
            each.weight,
        )
    for field in fields:
        low = -math.inf if field.low is None else field.low
        high = math.inf if field.high is None else field.high
        leaf = Leaf(field.name, field.unit, field.slug, "field")
        found.setdefault(field.slug, Named(leaf, field.unit, Range(low, high)))
    for lens, tree in lenses.items():
        found[f"{lens}_lens"] = Named(tree, "", Range(0.0, 100.0))
    return found


def key_of(leaf: Leaf) -> str:
    """What an array for this leaf is called: ``reach``, ``effort.low``, ``place(reach)``."""
    match leaf.form:
        case "place":
            return f"place({leaf.slug})"
        case "low" | "high":
            return f"{leaf.slug}.{leaf.form}"
    return leaf.slug
