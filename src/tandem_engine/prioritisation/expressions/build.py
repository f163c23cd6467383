"""From syntax to a formula tree: names resolved, units and ranges checked, loops refused."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tandem_engine.prioritisation.computed import Computed, Constant
from tandem_engine.prioritisation.formula import Formula, Leaf
from tandem_engine.words import Value, figure, join, phrase, said

from .errors import FormulaError, Span, Warned
from .names import FUNCTIONS, Named
from .parse import COMPARISONS, WORDS, Name, Number, Operation, Program, Syntax
from .ranges import Range, range_of
from .units import NONE, OPEN, Unit

#: Nodes of the tree with every named part written out.
LARGEST: Final = 400
#: Operations inside each other, with every named part written out.
DEEPEST_TREE: Final = 100

_BINDING: Final = {
    "or": 1, "and": 2, "not": 3, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5,
    "*": 6, "/": 6, "negative": 7, "^": 8,
}  # fmt: skip
_ATOM: Final = 9
_SIGNS: Final = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠"}
#: Operations that need their parts in one unit, and what they do with them.
_COMPARES: Final = phrase("this compares %(first)s and %(second)s: mixed units")
_MIXING: Final = {
    "+": phrase("this adds %(first)s and %(second)s: mixed units"),
    "-": phrase("this subtracts %(first)s and %(second)s: mixed units"),
}
_CHOOSES: Final = phrase("this chooses between %(first)s and %(second)s: mixed units")
#: Where a piece may have no result: the piece, what it can be, and the rule that helps.
_CAN_BE_ZERO: Final = phrase(
    "“%(piece)s” can be 0 (it is %(range)s); the score has no result then and counts as 0. Say what "
    "you want with if(… %(rule)s, …, …)"
)
_CAN_BE_ZERO_OR_LESS: Final = phrase(
    "“%(piece)s” can be 0 or less (it is %(range)s); the score has no result then and counts as 0. "
    "Say what you want with if(… %(rule)s, …, …)"
)
_CAN_BE_BELOW_ZERO: Final = phrase(
    "“%(piece)s” can be below 0 (it is %(range)s); the score has no result then and counts as 0. Say "
    "what you want with if(… %(rule)s, …, …)"
)
_CAN_BE_NO_NUMBER: Final = phrase(
    "“%(piece)s” can make this power no number (it is %(range)s); the score has no result then and "
    "counts as 0. Say what you want with if(… %(rule)s, …, …)"
)


@dataclass(frozen=True, slots=True)
class Built:
    """A piece of the tree with all that was worked out about it."""

    tree: Formula
    unit: Unit
    range: Range
    binding: int
    size: int
    depth: int

    def shown(self, binding: int) -> str:
        label = self.tree.label
        return join("(", label, ")") if self.binding < binding else label


class Builder:
    def __init__(self, program: Program, names: Mapping[str, Named]) -> None:
        self.program = program
        self.names = names
        self.warnings: list[Warned] = []
        self.used: set[str] = set()
        self._built: dict[str, Built] = {}
        self._open: list[str] = []
        #: Inside a branch of ``if`` the author decides when it counts.
        self._guarded = 0

    def build(self) -> Built:
        for part in self.program.parts.values():
            if part.name in self.names or part.name in FUNCTIONS or part.name in WORDS:
                raise self._error(
                    said("%(name)s has a meaning already; choose another name", name=part.name),
                    part.span,
                )
        found = self._syntax(self.program.score)
        for part in self.program.parts.values():
            if part.name not in self._built:
                # Read it all the same: an error in it is an error.
                self._part(part.name, part.span)
                self._warn(said("%(name)s has a name and is not used", name=part.name), part.span)
        return found

    def _error(self, message: str, span: Span) -> FormulaError:
        return FormulaError(message, self.program.text, span)

    def _warn(self, message: str, span: Span) -> None:
        self.warnings.append(Warned(message, span, self.program.text))

    def _syntax(self, syntax: Syntax) -> Built:
        if isinstance(syntax, Number):
            value = syntax.value
            return Built(Constant(figure(value), "", value), OPEN, Range(value, value), _ATOM, 1, 1)
        if isinstance(syntax, Name):
            return self._name(syntax)
        if syntax.called:
            return self._call(syntax)
        return self._operation(syntax, [self._syntax(part) for part in syntax.parts])

    def _name(self, syntax: Name) -> Built:
        if syntax.name in self.program.parts:
            return self._part(syntax.name, syntax.span)
        named = self.names.get(syntax.name)
        if named is None:
            raise self._unknown(syntax)
        self.used.add(syntax.name)
        size = 1 + len(named.tree.parts)
        return Built(named.tree, Unit.of(named.unit), named.range, _ATOM, size, 2)

    def _part(self, name: str, span: Span) -> Built:
        if name in self._open:
            circle = " → ".join([*self._open[self._open.index(name) :], name])
            raise self._error(
                said("%(name)s is defined by itself: %(circle)s", name=name, circle=circle), span
            )
        if name not in self._built:
            self._open.append(name)
            found = self._syntax(self.program.parts[name].body)
            self._open.pop()
            label = name.replace("_", " ")
            label = label[:1].upper() + label[1:]
            tree = found.tree
            if isinstance(tree, Computed):
                tree = Computed(label, tree.unit, tree.parts, tree.operation, tree.words)
            else:
                tree = Computed(label, found.unit.text, (tree,), "same", tree.label)
            self._built[name] = Built(
                tree, found.unit, found.range, _ATOM, found.size + 1, found.depth + 1
            )
        return self._checked(self._built[name], span)

    def _unknown(self, syntax: Name) -> FormulaError:
        name = syntax.name
        if name in FUNCTIONS:
            return self._error(said("%(name)s needs brackets: %(name)s(…)", name=name), syntax.span)
        if name == "effort" or name.startswith("effort."):
            return self._error(
                said("this model has no effort: add the effort criterion, or leave it out"),
                syntax.span,
            )
        known = [*self.names, *self.program.parts]
        near = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
        if near:
            message = said(
                "nothing is called %(name)s; did you mean %(near)s?", name=name, near=near[0]
            )
        else:
            names = ", ".join(sorted(known)[:12])
            message = said("nothing is called %(name)s; names: %(names)s", name=name, names=names)
        return self._error(message, syntax.span)

    def _call(self, syntax: Operation) -> Built:
        name, given = syntax.operator, len(syntax.parts)
        if name not in FUNCTIONS:
            near = difflib.get_close_matches(name.casefold(), FUNCTIONS, n=1, cutoff=0.5)
            if near:
                message = said(
                    "there is no function %(name)s; did you mean %(near)s?", name=name, near=near[0]
                )
            else:
                names = ", ".join(FUNCTIONS)
                message = said(
                    "there is no function %(name)s; functions: %(names)s", name=name, names=names
                )
            raise self._error(message, syntax.sign)
        fewest, most = FUNCTIONS[name]
        if not fewest <= given <= most:
            wanted: Value = fewest
            if fewest != most:
                wanted = said("%(low)s to %(high)s", low=fewest, high=most)
            raise self._error(
                said(
                    "%(name)s takes %(wanted)s parts, not %(given)s",
                    name=name,
                    wanted=wanted,
                    given=given,
                ),
                syntax.span,
            )
        if name in ("place", "weight"):
            return self._asked(name, syntax)
        parts = []
        for place, part in enumerate(syntax.parts):
            branch = name == "if" and place > 0
            self._guarded += branch
            parts.append(self._syntax(part))
            self._guarded -= branch
        return self._operation(syntax, parts)

    def _asked(self, function: str, syntax: Operation) -> Built:
        """``place(x)`` and ``weight(x)`` ask about a criterion, not about a number."""
        part = syntax.parts[0]
        named = self.names.get(part.name) if isinstance(part, Name) else None
        if named is None or not named.criterion:
            raise self._error(
                said("%(function)s() takes the name of a criterion", function=function), part.span
            )
        assert isinstance(part, Name)
        self.used.add(part.name)
        if function == "weight":
            constant = Constant(said("weight of %(name)s", name=named.tree.label), "", named.weight)
            weight = Range(named.weight, named.weight)
            return Built(constant, OPEN, weight, _ATOM, 1, 1)
        label = said("%(name)s: place on its scale", name=named.tree.label)
        leaf = Leaf(label, "", named.criterion, "place")
        return Built(leaf, NONE, Range(0.0, 1.0), _ATOM, 1, 1)

    def _operation(self, syntax: Operation, parts: list[Built]) -> Built:
        operator = syntax.operator
        unit = self._unit(syntax, parts)
        self._meets_no_result(syntax, parts)
        words = _words(operator, parts, syntax.called)
        tree = Computed(words, unit.text, tuple(each.tree for each in parts), operator, words)
        found = Built(
            tree,
            unit,
            range_of(operator, [each.range for each in parts]),
            _ATOM if syntax.called else _BINDING[operator],
            1 + sum(each.size for each in parts),
            1 + max(each.depth for each in parts),
        )
        return self._checked(found, syntax.span)

    def _checked(self, found: Built, span: Span) -> Built:
        if found.size > LARGEST:
            raise self._error(
                said(
                    "the formula is too large: more than %(most)s parts when written out",
                    most=LARGEST,
                ),
                span,
            )
        if found.depth > DEEPEST_TREE:
            raise self._error(
                said(
                    "the formula is too deep: at most %(most)s operations inside each other",
                    most=DEEPEST_TREE,
                ),
                span,
            )
        return found

    def _unit(self, syntax: Operation, parts: list[Built]) -> Unit:
        operator = syntax.operator
        match operator:
            case "*":
                unit = parts[0].unit
                for each in parts[1:]:
                    unit = unit.times(each.unit)
                return unit
            case "/":
                return parts[0].unit.times(parts[1].unit, -1.0)
            case "^":
                return self._power_unit(syntax, parts)
            case "sqrt":
                return parts[0].unit.to(0.5)
            case "negative" | "abs" | "round":
                return parts[0].unit
            case "log" | "and" | "or" | "not":
                return NONE
            case "if":
                return self._same_unit(syntax, parts, _CHOOSES, 1)
        unit = self._same_unit(syntax, parts, _MIXING.get(operator, _COMPARES), 0)
        return NONE if operator in COMPARISONS else unit

    def _power_unit(self, syntax: Operation, parts: list[Built]) -> Unit:
        base, power = parts
        if base.unit.open or not base.unit.powers:
            return base.unit
        if isinstance(power.tree, Constant):
            return base.unit.to(power.tree.value)
        self._warn(
            said(
                "%(text)s to a power that differs from item to item has no unit",
                text=base.unit.text,
            ),
            syntax.sign,
        )
        return OPEN

    def _same_unit(self, syntax: Operation, parts: list[Built], does: str, start: int) -> Unit:
        unit = parts[start].unit
        for place in range(start + 1, len(parts)):
            other = parts[place].unit
            if not unit.fits(other):
                first, second = (
                    each.text or said("a number without unit") for each in (unit, other)
                )
                self._warn(
                    said(does, first=first, second=second),
                    syntax.parts[place].span,
                )
            elif unit.open:
                unit = other
        return unit

    def _meets_no_result(self, syntax: Operation, parts: list[Built]) -> None:
        if self._guarded:
            return
        operator, ranges = syntax.operator, [each.range for each in parts]
        if operator == "/" and ranges[1].holds(0.0):
            self._no_result(syntax, 1, ranges[1], _CAN_BE_ZERO, "> 0")
        elif operator == "log" and ranges[0].low <= 0:
            self._no_result(syntax, 0, ranges[0], _CAN_BE_ZERO_OR_LESS, "> 0")
        elif operator == "sqrt" and ranges[0].low < 0:
            self._no_result(syntax, 0, ranges[0], _CAN_BE_BELOW_ZERO, ">= 0")
        elif operator == "^" and (
            (ranges[0].holds(0.0) and ranges[1].low < 0)
            or (ranges[0].low < 0 and not _whole(parts[1].tree))
        ):
            self._no_result(syntax, 0, ranges[0], _CAN_BE_NO_NUMBER, "> 0")

    def _no_result(self, syntax: Operation, place: int, range: Range, text: str, rule: str) -> None:
        part = syntax.parts[place]
        piece = self.program.text[part.span.start : part.span.end]
        self._warn(
            said(text, piece=piece, range=range.words, rule=rule),
            part.span,
        )


def _whole(tree: Formula) -> bool:
    return isinstance(tree, Constant) and tree.value.is_integer()


def _words(operator: str, parts: list[Built], called: bool) -> str:
    if called:
        labels = [each.tree.label for each in parts]
        inner = (
            part for at, each in enumerate(labels) for part in ((", ", each) if at else (each,))
        )
        return join(operator, "(", *inner, ")")
    binding = _BINDING[operator]
    if operator == "negative":
        return f"−{parts[0].shown(binding)}"
    if operator == "not":
        return join("not ", parts[0].shown(binding))
    # The right side of − ÷ ^ needs brackets also around its equals: a − (b − c).
    first = parts[0].shown(binding + (operator == "^"))
    strict = binding + (operator in ("-", "/") or operator in COMPARISONS)
    rest = [each.shown(strict) for each in parts[1:]]
    sign = f" {_SIGNS.get(operator, operator)} "
    return join(first, *(part for each in rest for part in (sign, each)))
