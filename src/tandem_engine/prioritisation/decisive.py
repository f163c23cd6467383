"""Which disagreements would change the plan, and which need no meeting.

An item is disputed when it may turn out to be worth one of several values: what the Product Owner
says, what the Technical Product Manager says, what the highest and the lowest rater say. Resolving
the dispute is worth something exactly when one of these values makes another plan better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from .errors import ScoringError
from .ranking import natural_key

#: A gain below this share of the plan's value is rounding.
_TOLERANCE: Final = 1e-6


class Chosen(Protocol):
    """A plan as far as this question goes.

    ``weights`` says what an item's value counts in the plan: 1 in it, less when delivered late and
    delivery dates count; items that are not in it are left out. ``objective`` is the plan's value
    under these weights. ``proven`` says that no plan is better.
    """

    @property
    def weights(self) -> Mapping[str, float]: ...

    @property
    def objective(self) -> float: ...

    @property
    def proven(self) -> bool: ...


class Planner(Protocol):
    """Whatever makes plans: the solver, or an enumeration in a test."""

    @property
    def dates_count(self) -> bool:
        """Whether a value counts less when it is delivered later."""
        ...

    def plan(self, values: Mapping[str, float]) -> Chosen:
        """The best plan when these items are worth this, and all others what they are worth now."""
        ...

    def bound(self, key: str, value: float, *, inside: bool) -> float:
        """At least the best objective of any plan with ``key`` in it (``inside``) or left out, when
        it is worth ``value``: ``inf`` when nothing is known, ``-inf`` when there is no such plan."""
        ...


@dataclass(frozen=True, slots=True)
class Resolution:
    """One way a dispute may end: who is followed, and what the item is then worth to the plan."""

    label: str
    value: float
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """An item, what it is worth in the plan now, and the ways its dispute may end.

    Probabilities are given for all resolutions, adding up to 1, or for none: then all are equally
    likely.
    """

    key: str
    value: float
    resolutions: tuple[Resolution, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """What one resolution does to the plan.

    ``gain`` is what the plan made for it is worth more than the present plan would be then.
    ``enters`` and ``leaves`` are the items that change sides.
    """

    label: str
    value: float
    probability: float
    gain: float
    enters: tuple[str, ...]
    leaves: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether another set of items is then the better plan."""
        return bool(self.enters or self.leaves)

    @property
    def sentence(self) -> str:
        """What happens if the dispute ends like this."""
        if not self.changes:
            return f"{self.label}: the plan stays as it is."
        moves = []
        if self.enters:
            moves.append(f"{_names(self.enters)} {_verb(self.enters, 'come')} in")
        if self.leaves:
            moves.append(f"{_names(self.leaves)} {_verb(self.leaves, 'leave')}")
        return (
            f"{self.label}: {' and '.join(moves)}; keeping the plan would cost {_say(self.gain)}."
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a dispute matters.

    ``evpi`` is the expected value of perfect information: the mean gain over the endings, in the
    plan's unit. ``threshold`` is the value at which the item changes sides, where known.
    ``bounded`` says that no plan had to be made to know that it does not matter; ``proven`` is
    false when the time ended before a plan was proven best.
    """

    key: str
    inside: bool
    endings: tuple[Ending, ...]
    evpi: float
    threshold: float | None
    bounded: bool
    proven: bool

    @property
    def is_decisive(self) -> bool:
        """Whether some ending changes which items are in the plan."""
        return any(ending.changes for ending in self.endings)


@dataclass(frozen=True)
class Agenda:
    """What to talk about, and what not.

    ``decisive`` stand by falling expected value of perfect information, ``noise`` by key.
    ``plans`` counts the plans made; ``unasked`` are disputes no time was left for.
    """

    decisive: tuple[Verdict, ...]
    noise: tuple[Verdict, ...]
    plans: int
    unasked: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The finding."""
        count = len(self.decisive) + len(self.noise)
        if not count and not self.unasked:
            return "Nothing is disputed."
        if not self.decisive:
            said = f"None of {count} disputed items would change the plan, whoever is followed."
        else:
            verb = "changes" if len(self.decisive) == 1 else "change"
            said = (
                f"{len(self.decisive)} of {count} disputed items {verb} the plan when resolved; "
                "the others need no meeting."
            )
        if self.unasked:
            said += f" {len(self.unasked)} more were not looked at: the time ended."
        return said


def decisive_disputes(
    planner: Planner,
    disputes: Iterable[Dispute],
    *,
    should_stop: Callable[[], bool] | None = None,
) -> Agenda:
    """Tell the disputes that change the plan from those that do not, exactly.

    With V(P, x) the value of plan P when the item is worth x, and P0 the present plan, an ending's
    gain is max_P V(P, x) - V(P0, x), and EVPI = sum of probability x gain (H. Raiffa and
    R. Schlaifer, "Applied Statistical Decision Theory", 1961, section 4.5). The plan's value is
    linear in each value, so the other items' uncertainty does not enter and nothing is sampled.

    max_P V(P, x) is convex in x and an item that is in the best plan stays in it when it is worth
    more. So one plan per item is enough: the best one for the resolution that speaks most against
    the side the item is on. If that changes nothing, no other resolution does; if it does, the
    crossing point follows from the two plans. An item for which even the planner's bound cannot
    reach the present plan needs no plan at all. Where delivery dates count, every resolution is
    planned.

    ``should_stop`` is asked before each plan; what was not looked at is named. Raises
    :class:`ScoringError` for a dispute without resolutions, with a value that is no number or with
    probabilities that do not add up to 1, and for a key given twice.
    """
    given = list(disputes)
    _check(given)
    present = planner.plan({})
    plans = 1
    decisive: list[Verdict] = []
    noise: list[Verdict] = []
    unasked: list[str] = []
    for dispute in given:
        bounded = _bounded(planner, present, dispute)
        if bounded is not None:
            noise.append(bounded)
            continue
        if should_stop is not None and should_stop():
            unasked.append(dispute.key)
            continue
        verdict, made = _judged(planner, present, dispute)
        plans += made
        (decisive if verdict.is_decisive else noise).append(verdict)
    decisive.sort(key=lambda verdict: (-verdict.evpi, natural_key(verdict.key)))
    noise.sort(key=lambda verdict: natural_key(verdict.key))
    return Agenda(tuple(decisive), tuple(noise), plans, tuple(unasked))


def _check(disputes: list[Dispute]) -> None:
    seen: set[str] = set()
    for dispute in disputes:
        where = dispute.key or "disputes"
        if dispute.key in seen:
            raise ScoringError("the item is disputed twice; put its resolutions together", where)
        seen.add(dispute.key)
        if not dispute.resolutions:
            raise ScoringError("a dispute needs a resolution", where)
        numbers = [dispute.value, *(each.value for each in dispute.resolutions)]
        if not all(math.isfinite(number) for number in numbers):
            raise ScoringError("a value is not a number", where)
        chances = [each.probability for each in dispute.resolutions]
        stated = [chance for chance in chances if chance is not None]
        if stated and (
            len(stated) < len(chances)
            or min(stated) < 0
            or not math.isclose(math.fsum(stated), 1.0, abs_tol=1e-9)
        ):
            raise ScoringError("the probabilities of its resolutions must add up to 1", where)


def _worth_now(present: Chosen, dispute: Dispute, value: float) -> float:
    """What the present plan is worth when the item is worth ``value``."""
    return present.objective + (value - dispute.value) * present.weights.get(dispute.key, 0.0)


def _least(present: Chosen) -> float:
    return _TOLERANCE * max(1.0, abs(present.objective))


def _bounded(planner: Planner, present: Chosen, dispute: Dispute) -> Verdict | None:
    """The verdict that nothing changes, when the planner's bound is enough to know."""
    inside = dispute.key in present.weights
    if inside and planner.dates_count:
        # Worth less it may be delivered later and make room for others, on the same side itself.
        return None
    for value in {each.value for each in dispute.resolutions}:
        reach = planner.bound(dispute.key, value, inside=not inside)
        if reach > _worth_now(present, dispute, value) + _least(present):
            return None
    endings = tuple(
        Ending(each.label, each.value, chance, 0.0, (), ())
        for each, chance in zip(dispute.resolutions, _chances(dispute), strict=True)
    )
    return Verdict(dispute.key, inside, endings, 0.0, None, True, present.proven)


def _judged(planner: Planner, present: Chosen, dispute: Dispute) -> tuple[Verdict, int]:
    key = dispute.key
    inside = key in present.weights
    values = sorted({each.value for each in dispute.resolutions})
    dated = planner.dates_count
    asked = values if dated else [values[0] if inside else values[-1]]
    made = [(value, planner.plan({key: value})) for value in asked]
    endings = []
    for each, chance in zip(dispute.resolutions, _chances(dispute), strict=True):
        endings.append(_ending(present, dispute, each, chance, made, dated=dated))
    evpi = math.fsum(ending.probability * ending.gain for ending in endings)
    verdict = Verdict(
        key,
        inside,
        tuple(endings),
        evpi,
        None if dated else _threshold(present, dispute, made[0]),
        False,
        present.proven and all(plan.proven for _, plan in made),
    )
    return verdict, len(made)


def _ending(
    present: Chosen,
    dispute: Dispute,
    resolution: Resolution,
    chance: float,
    made: list[tuple[float, Chosen]],
    *,
    dated: bool,
) -> Ending:
    """The best of the plans made, against the present one, at the resolution's value."""
    key, value = dispute.key, resolution.value
    now = _worth_now(present, dispute, value)

    def worth(pair: tuple[float, Chosen]) -> float:
        at, plan = pair
        return plan.objective + (value - at) * plan.weights.get(key, 0.0)

    best = max(made, key=worth)
    gain = worth(best) - now
    before, after = set(present.weights), set(best[1].weights)
    turned = (key in before) != (key in after)
    if gain <= _least(present) or not (turned or dated):
        # A better plan with the item on the same side would have been better before, too: it only
        # shows that the present plan was not proven best.
        return Ending(resolution.label, value, chance, 0.0, (), ())
    return Ending(
        resolution.label,
        value,
        chance,
        gain,
        tuple(sorted(after - before, key=natural_key)),
        tuple(sorted(before - after, key=natural_key)),
    )


def _threshold(present: Chosen, dispute: Dispute, made: tuple[float, Chosen]) -> float | None:
    """Where the present plan and the other one are worth the same."""
    at, plan = made
    now, then = (weights.get(dispute.key, 0.0) for weights in (present.weights, plan.weights))
    if now == then:
        return None
    # present + (x - value) now = plan + (x - at) then
    return (plan.objective - at * then - present.objective + dispute.value * now) / (now - then)


def _chances(dispute: Dispute) -> list[float]:
    count = len(dispute.resolutions)
    return [
        1.0 / count if each.probability is None else each.probability
        for each in dispute.resolutions
    ]


def _names(keys: tuple[str, ...]) -> str:
    if len(keys) > 4:
        return f"{', '.join(keys[:3])} and {len(keys) - 3} more"
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} and {keys[-1]}"


def _verb(keys: tuple[str, ...], verb: str) -> str:
    return verb + "s" if len(keys) == 1 else verb


def _say(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:,.2g}"
