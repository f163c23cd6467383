"""Meeting in the middle: which of the feasible plans two roles would settle on, and why.

A choice is what each of two roles gets from it, in that role's own unit: ``(u1, u2)``. Every rule
starts from the disagreement point, what each gets when they do not agree, and looks only at choices
that leave neither below it. The list of choices is finite, so every answer is exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tandem_engine.words import Figure, begun, figure, said

Rule = Literal["nash", "kalai_smorodinsky", "egalitarian"]
RULES: Final[tuple[Rule, ...]] = ("nash", "kalai_smorodinsky", "egalitarian")

NAMES: Final[dict[Rule, str]] = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "Egalitarian",
}

Point = tuple[float, float]
#: Differences below this share of the larger number are rounding, not gains.
_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one rule picks.

    ``index`` is the choice's place in the list given, ``point`` what the two roles get there,
    ``gains`` how much that is above the disagreement point. ``kept`` (0-1) is each role's gain as a
    share of the most it could gain; 1 for a role that could gain nothing anywhere. ``sentences``
    says to each role what it gave up.
    """

    rule: Rule
    index: int
    point: Point
    gains: Point
    kept: Point
    sentences: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bargain:
    """The three solutions over one list of choices.

    ``ideal`` is the most each role gets at any choice that leaves the other no worse than
    disagreeing (the utopia point). ``front`` are the choices that no other choice beats for both,
    by rising first utility. ``settlements`` is empty when every choice leaves somebody below the
    disagreement point, and ``explanation`` says so; it also says when there is nothing to bargain
    about because one choice is the best for both.
    """

    disagreement: Point
    ideal: Point
    front: tuple[int, ...]
    settlements: tuple[Settlement, ...]
    explanation: str = ""

    def by(self, rule: Rule) -> Settlement | None:
        """What ``rule`` picks; ``None`` when there is no agreement to be had."""
        return next((each for each in self.settlements if each.rule == rule), None)


def bargain(
    choices: Sequence[Point],
    *,
    disagreement: Point = (0.0, 0.0),
    roles: tuple[str, str] = ("The Product Owner", "The Technical Product Manager"),
    unit: str = "points",
    powers: Point = (1.0, 1.0),
) -> Bargain:
    """What Nash, Kalai-Smorodinsky and egalitarian bargaining pick from ``choices``.

    With gains g = u - d and the most each role could gain, m:

    * Nash: the largest g1^p1 x g2^p2 (J. F. Nash, "The bargaining problem", Econometrica 18 (1950)
      155-162; ``powers`` p are 1 and 1 unless one role's word is to count more).
    * Kalai-Smorodinsky: the largest smaller share, min(g1/m1, g2/m2) (E. Kalai and M. Smorodinsky,
      "Other solutions to Nash's bargaining problem", Econometrica 43 (1975) 513-518).
    * Egalitarian: the largest smaller gain, min(g1, g2) (E. Kalai, "Proportional solutions to
      bargaining situations", Econometrica 45 (1977) 1623-1630). It compares the two roles' units
      with each other; the other two do not.

    A tie goes to the choice that leaves the better-off role more, then to the earlier one.
    ``roles`` and ``unit`` are the words of the sentences. Raises ValueError for a utility that is
    not a finite number and for a power that is not above 0.

    >>> found = bargain([(0, 10), (4, 8), (7, 6), (10, 0)])
    >>> [(each.rule, each.point) for each in found.settlements]
    [('nash', (7, 6)), ('kalai_smorodinsky', (7, 6)), ('egalitarian', (7, 6))]
    """
    for point in (*choices, disagreement):
        if not all(math.isfinite(number) for number in point):
            raise ValueError("what a role gets must be a finite number")
    if not all(math.isfinite(power) and power > 0 for power in powers):
        raise ValueError("a power must be above 0")
    front = pareto(choices)
    rational = [
        place
        for place in front
        if all(
            _at_least(got, least) for got, least in zip(choices[place], disagreement, strict=True)
        )
    ]
    if not rational:
        none = (
            said("There is nothing to choose from.")
            if not choices
            else said(
                "Every choice leaves one of the two below what they get without an agreement."
            )
        )
        return Bargain(disagreement, disagreement, front, (), none)
    gains = {
        place: (
            max(0.0, choices[place][0] - disagreement[0]),
            max(0.0, choices[place][1] - disagreement[1]),
        )
        for place in rational
    }
    most = (max(gain[0] for gain in gains.values()), max(gain[1] for gain in gains.values()))
    settlements = []
    for rule in RULES:
        place = max(rational, key=lambda n: (*_worth(rule, gains[n], most, powers), -n))
        settlements.append(
            Settlement(
                rule,
                place,
                choices[place],
                gains[place],
                _kept(gains[place], most),
                _sentences(gains[place], most, roles, unit),
            )
        )
    ideal = (disagreement[0] + most[0], disagreement[1] + most[1])
    why = said("One choice is the best for both.") if len(rational) == 1 else ""
    return Bargain(disagreement, ideal, front, tuple(settlements), why)


def pareto(choices: Sequence[Point]) -> tuple[int, ...]:
    """The places of the choices that no other beats for both roles, by rising first utility.

    Of equal choices the first counts.

    >>> pareto([(1, 1), (3, 0), (2, 2), (2, 2), (0, 3)])
    (4, 2, 1)
    """
    order = sorted(range(len(choices)), key=lambda n: (-choices[n][0], -choices[n][1], n))
    front: list[int] = []
    best = -math.inf
    for place in order:
        if choices[place][1] > best:
            best = choices[place][1]
            front.append(place)
    return tuple(reversed(front))


def knee(choices: Sequence[Point]) -> int | None:
    """The choice where giving up more of one gains little of the other.

    The point of the front farthest above the straight line between its ends, both utilities
    measured from 0 to 1 over the front (V. Satopaa et al., "Finding a 'kneedle' in a haystack",
    2011, section III). ``None`` when the front has no point above that line.

    >>> knee([(0, 10), (5, 9), (10, 0)])
    1
    """
    front = pareto(choices)
    if len(front) < 3:
        return None
    (left, top), (right, bottom) = choices[front[0]], choices[front[-1]]
    above = {
        place: (choices[place][0] - left) / (right - left)
        + (choices[place][1] - bottom) / (top - bottom)
        - 1.0
        for place in front
    }
    found = max(front, key=lambda place: (above[place], -place))
    return found if above[found] > _TOLERANCE else None


def _at_least(got: float, least: float) -> bool:
    return got >= least - _TOLERANCE * max(1.0, abs(least))


def _worth(rule: Rule, gain: Point, most: Point, powers: Point) -> tuple[float, float]:
    """What the rule maximises, and what breaks its ties."""
    if rule == "nash":
        return _product(gain, powers), sum(_kept(gain, most))
    measured = gain if rule == "egalitarian" else _kept(gain, most)
    if rule == "egalitarian":
        # A role that can gain nothing anywhere holds nobody back.
        measured = (
            gain[0] if most[0] > 0 else math.inf,
            gain[1] if most[1] > 0 else math.inf,
        )
    return min(measured), max(measured)


def _product(gain: Point, powers: Point) -> float:
    """g1^p1 x g2^p2 as a logarithm, so that large utilities do not overflow."""
    if min(gain) <= 0:
        return -math.inf
    return powers[0] * math.log(gain[0]) + powers[1] * math.log(gain[1])


def _kept(gain: Point, most: Point) -> Point:
    return (
        gain[0] / most[0] if most[0] > 0 else 1.0,
        gain[1] / most[1] if most[1] > 0 else 1.0,
    )


def _sentences(gain: Point, most: Point, roles: tuple[str, str], unit: str) -> tuple[str, str]:
    kept = _kept(gain, most)
    return (
        _sentence(roles[0], gain[0], most[0], kept[1], roles[1], unit),
        _sentence(roles[1], gain[1], most[1], kept[0], roles[0], unit),
    )


def _sentence(role: str, gain: float, most: float, other_kept: float, other: str, unit: str) -> str:
    if most <= 0:
        return said(
            "%(role)s has nothing to gain from any choice, and gives up nothing.", role=role
        )
    if gain >= most * (1 - _TOLERANCE):
        return said("%(role)s gives up nothing: no choice is worth more to this side.", role=role)
    return said(
        "%(role)s gives up %(given)s of %(most)s %(unit)s (%(share)s), so that %(other)s keeps "
        "%(kept)s of what that side could have.",
        role=role,
        given=_say(most - gain),
        most=_say(most),
        unit=unit,
        share=figure((most - gain) / most, ".0%"),
        other=begun(other, large=False) if other.startswith("The ") else other,
        kept=figure(other_kept, ".0%"),
    )


def _say(number: float) -> Figure:
    return figure(number, ",.0f" if abs(number) >= 100 else ",.3g")
