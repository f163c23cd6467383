"""Custom formulas: text that people write, compiled to a formula tree; nothing is ever evaluated
as a program.

The language and every refusal stand in ``docs/algorithms/scoring-models.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tandem_engine.prioritisation.computed import Computed
from tandem_engine.prioritisation.formula import Formula, Leaf, evaluate
from tandem_engine.prioritisation.scale import FloatArray
from tandem_engine.words import said

from .build import Builder
from .errors import FormulaError, Span, Warned
from .names import FUNCTIONS, RESERVED, Named, key_of, names_of
from .parse import parse
from .ranges import Range

__all__ = [
    "FUNCTIONS",
    "RESERVED",
    "CompiledFormula",
    "FormulaError",
    "Named",
    "Range",
    "Span",
    "Warned",
    "compile_formula",
    "key_of",
    "names_of",
]


@dataclass(frozen=True)
class CompiledFormula:
    """A formula ready to compute. ``tree`` is what scores, draws and derivations are made from.

    ``unit`` follows from the units of what is read; ``range`` is what the result can be, whatever
    the item. ``reads`` are the names it reads; ``warnings`` say what is probably not meant.
    """

    text: str
    tree: Computed
    unit: str
    range: Range
    reads: frozenset[str]
    warnings: tuple[Warned, ...]

    def evaluate(self, arrays: Mapping[str, FloatArray]) -> FloatArray:
        """The results for arrays of one shape (or shapes that broadcast), by the names of
        :func:`key_of`; no result counts as 0."""
        return evaluate(self.tree, lambda leaf: arrays[key_of(leaf)])

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The inputs it reads, each once, in the order of the formula."""
        return tuple(dict.fromkeys(_leaves(self.tree)))


def compile_formula(text: str, names: Mapping[str, Named], unit: str = "") -> CompiledFormula:
    """Compile a formula over ``names`` (see :func:`names_of`); ``unit`` overrides its own.

    Raises :class:`FormulaError`, which points at the character: for text that cannot be read, an
    unknown name, a part that is defined by itself, a formula too long, too deep or too large, and
    one that reads nothing of an item.
    """
    program = parse(text)
    builder = Builder(program, names)
    built = builder.build()
    tree = built.tree
    if not _leaves(tree):
        raise FormulaError(
            said("the formula reads nothing of an item, so every item would score the same"),
            text,
            Span(0, len(text)),
        )
    unit = unit or built.unit.text or said("points")
    if isinstance(tree, Computed):
        root = Computed(said("Score"), unit, tree.parts, tree.operation, tree.words, is_root=True)
    else:
        root = Computed(said("Score"), unit, (tree,), "same", tree.label, is_root=True)
    return CompiledFormula(
        text, root, unit, built.range, frozenset(builder.used), tuple(builder.warnings)
    )


def _leaves(tree: Formula) -> list[Leaf]:
    if isinstance(tree, Leaf):
        return [tree]
    return [leaf for part in tree.parts for leaf in _leaves(part)]
