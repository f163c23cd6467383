"""Adjusted Winner: divide things between exactly two roles, splitting at most one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tandem_engine.words import figure, said

_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Division:
    """Who gets what.

    ``first`` and ``second`` are the things each role gets whole, in the order given. ``split`` is
    the one thing that is divided, if any, and ``split_share`` (0-1) the part of it that changes
    hands: ``split_to`` (0 or 1) is the role that receives that part. ``points`` is what each role
    has in its own points out of 100: equal up to rounding whenever both value something.
    ``sentences`` says to each role what it got and what it gave up.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    split: str | None
    split_share: float
    split_to: int
    points: tuple[float, float]
    sentences: tuple[str, str]


def adjusted_winner(
    first: Mapping[str, float],
    second: Mapping[str, float],
    *,
    roles: tuple[str, str] = ("The Product Owner", "The Technical Product Manager"),
) -> Division:
    """Divide the things both roles put points on; the same things for both.

    Points are scaled to 100 for each role, so that nobody gains by writing larger numbers. Each
    thing goes to whoever puts more on it (a tie to the first role); then the one who is ahead hands
    things over, in the order of the ratio of its points to the other's, lowest first, until both
    have equally many of their own points; the last thing handed over may be split. The result is
    envy-free, equitable and efficient (S. J. Brams and A. D. Taylor, "Fair Division", 1996,
    chapter 4).

    Raises ValueError when the two lists differ, when a number is negative or no number, or when a
    role puts no points on anything.

    >>> found = adjusted_winner({"A": 60, "B": 40}, {"A": 30, "B": 70})
    >>> found.first, found.second, found.split, [round(each, 1) for each in found.points]
    (('A',), (), 'B', [63.6, 63.6])
    """
    if set(first) != set(second):
        odd = sorted(set(first) ^ set(second))[0]
        raise ValueError(f"both roles must put points on the same things; {odd!r} stands once")
    ours, theirs = _scaled(first, roles[0]), _scaled(second, roles[1])
    things = list(first)
    mine = [thing for thing in things if ours[thing] >= theirs[thing]]
    yours = [thing for thing in things if ours[thing] < theirs[thing]]
    ahead_first = math.fsum(ours[t] for t in mine) >= math.fsum(theirs[t] for t in yours)
    # The one ahead gives: what costs the giver least for what it brings the other goes first.
    giver, taker = (ours, theirs) if ahead_first else (theirs, ours)
    keeps, gets = (mine, yours) if ahead_first else (yours, mine)
    split, share = None, 0.0
    order = sorted(
        keeps,
        key=lambda t: (giver[t] / taker[t] if taker[t] > 0 else math.inf, things.index(t)),
    )
    for thing in order:
        high = math.fsum(giver[t] for t in keeps)
        low = math.fsum(taker[t] for t in gets)
        if high - low <= _TOLERANCE * 100:
            break
        both = giver[thing] + taker[thing]
        if both <= 0:
            continue
        needed = (high - low) / both
        keeps.remove(thing)
        if needed >= 1 - _TOLERANCE:
            gets.append(thing)
            continue
        split, share = thing, needed
        break
    whole_first = tuple(t for t in things if t in (keeps if ahead_first else gets))
    whole_second = tuple(t for t in things if t in (gets if ahead_first else keeps))
    to = 1 if ahead_first else 0
    points = (
        math.fsum(ours[t] for t in whole_first) + _part(ours, split, share, to == 0),
        math.fsum(theirs[t] for t in whole_second) + _part(theirs, split, share, to == 1),
    )
    return Division(
        whole_first,
        whole_second,
        split,
        share,
        to,
        points,
        (
            _sentence(roles[0], whole_first, points[0], split, share if to == 0 else 1 - share),
            _sentence(roles[1], whole_second, points[1], split, share if to == 1 else 1 - share),
        ),
    )


def _scaled(points: Mapping[str, float], role: str) -> dict[str, float]:
    for thing, number in points.items():
        if not (math.isfinite(number) and number >= 0):
            raise ValueError(f"the points on {thing!r} must be 0 or more")
    total = math.fsum(points.values())
    if total <= 0:
        raise ValueError(f"{role} puts no points on anything, so nothing can be divided")
    return {thing: number * 100.0 / total for thing, number in points.items()}


def _part(points: Mapping[str, float], split: str | None, share: float, receives: bool) -> float:
    if split is None:
        return 0.0
    return points[split] * (share if receives else 1 - share)


def _sentence(
    role: str, whole: tuple[str, ...], points: float, split: str | None, part: float
) -> str:
    got = ", ".join(whole) or said("nothing whole")
    has, without = figure(points, ".0f"), figure(100 - points, ".0f")
    if split is None or part <= 0:
        return said(
            "%(role)s gets %(got)s: %(points)s of 100 points, giving up %(rest)s.",
            role=role,
            got=got,
            points=has,
            rest=without,
        )
    return said(
        "%(role)s gets %(got)s, and %(part)s of %(split)s: %(points)s of 100 points, giving up "
        "%(rest)s.",
        role=role,
        got=got,
        part=figure(part, ".0%"),
        split=split,
        points=has,
        rest=without,
    )
