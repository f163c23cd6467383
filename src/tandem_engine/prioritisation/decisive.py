"""Which disagreements would change the plan, and which need no meeting.

An item is disputed when it may turn out to be worth one of several values: what the Product Owner
says, what the Technical Product Manager says, what the highest and the lowest rater say. Resolving
the dispute is worth something exactly when one of these values makes another plan better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from tandem_engine.words import said

from .disputes import Agenda, Chosen, Dispute, Ending, Planner, Resolution, Verdict
from .errors import ScoringError
from .ranking import natural_key

#: A gain below this share of the plan's value is rounding.
_TOLERANCE: Final = 1e-6
#: How often a better present plan may turn up before it is taken as it is.
_ROUNDS: Final = 4


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
    more. So one plan per item is enough: the best one with the item on the other side. It gives the
    value at which the item changes sides, and with it every resolution's gain. An item for which
    even the planner's bound cannot reach the present plan needs no plan at all. Where delivery
    dates count, every resolution is planned.

    Every plan made is kept in mind. One that turns out better than the present plan at today's
    values takes its place, and only disputes on items it moves are looked at again: a present plan
    that was not proven best then makes no dispute look decisive.

    ``should_stop`` is asked before each plan; what was not looked at is named. Raises
    :class:`ScoringError` for a dispute without resolutions, with a value that is no number or with
    probabilities that do not add up to 1, and for a key given twice.
    """
    given = list(disputes)
    _check(given)
    return _Judge(planner, given, should_stop).agenda()


class _Judge:
    """The plans made so far, and what they say about each dispute."""

    def __init__(
        self,
        planner: Planner,
        disputes: list[Dispute],
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.planner = planner
        self.disputes = disputes
        self.should_stop = should_stop
        self.values = {dispute.key: dispute.value for dispute in disputes}
        self.present = _Known(planner.plan({}), {}, self.values)
        self.known = [self.present]
        #: By item: on which side it was looked for, the best objective there at most, today's values.
        self.reach: dict[str, dict[bool, float]] = {}
        self.bounded: set[str] = set()
        self.unasked: set[str] = set()

    def agenda(self) -> Agenda:
        for _ in range(_ROUNDS):
            for dispute in self.disputes:
                self._look(dispute)
            best = max(self.known, key=lambda each: each.objective)
            if best.objective <= self.present.objective + self._least:
                break
            self.present = best
            self.bounded.clear()
        verdicts = [
            self._verdict(dispute) for dispute in self.disputes if dispute.key not in self.unasked
        ]
        decisive = [verdict for verdict in verdicts if verdict.is_decisive]
        noise = [verdict for verdict in verdicts if not verdict.is_decisive]
        return Agenda(
            tuple(sorted(decisive, key=lambda each: (-each.evpi, natural_key(each.key)))),
            tuple(sorted(noise, key=lambda each: natural_key(each.key))),
            len(self.known),
            tuple(sorted(self.unasked, key=natural_key)),
        )

    @property
    def _least(self) -> float:
        return _TOLERANCE * max(1.0, abs(self.present.objective))

    def _look(self, dispute: Dispute) -> None:
        """Make the plans that tell whether this dispute matters, unless a bound does."""
        key, planner = dispute.key, self.planner
        inside = key in self.present.weights
        values = sorted({each.value for each in dispute.resolutions})
        if self._out_of_reach(dispute, values, inside=inside):
            self.bounded.add(key)
            return
        if (not inside) in self.reach.get(key, {}):
            return
        if self.should_stop is not None and self.should_stop():
            self.unasked.add(key)
            return
        if planner.dates_count:
            for value in values:
                plan = planner.plan({key: value})
                self._keep(key, value, plan, inside=not inside)
            return
        value = values[0] if inside else values[-1]
        enough = self.present.worth(dispute, value) + self._least
        plan = planner.other_side(key, value, inside=not inside, enough=enough)
        self._keep(key, value, plan, inside=not inside)

    def _keep(self, key: str, value: float, plan: Chosen, *, inside: bool) -> None:
        found = _Known(plan, {key: value}, self.values)
        # The bound holds for plans on that side, where the item counts in full or not at all.
        today = plan.bound + (self.values[key] - value) * (1.0 if inside else 0.0)
        self.reach.setdefault(key, {})[inside] = today
        self.known.append(found)

    def _out_of_reach(self, dispute: Dispute, values: list[float], *, inside: bool) -> bool:
        if inside and self.planner.dates_count:
            # Worth less it may be delivered later and make room for others without changing sides.
            return False
        return all(
            self.planner.bound(dispute.key, value, inside=not inside)
            <= self.present.worth(dispute, value) + self._least
            for value in values
        )

    def _verdict(self, dispute: Dispute) -> Verdict:
        key = dispute.key
        inside = key in self.present.weights
        chances = _chances(dispute)
        endings = tuple(
            self._ending(dispute, each, chance)
            for each, chance in zip(dispute.resolutions, chances, strict=True)
        )
        return Verdict(
            key,
            inside,
            endings,
            math.fsum(ending.probability * ending.gain for ending in endings),
            None if self.planner.dates_count else self._threshold(dispute),
            key in self.bounded,
            key in self.bounded or self._is_proven(dispute, endings),
        )

    def _ending(self, dispute: Dispute, resolution: Resolution, chance: float) -> Ending:
        value = resolution.value
        best = max(self.known, key=lambda each: each.worth(dispute, value))
        gain = best.worth(dispute, value) - self.present.worth(dispute, value)
        if dispute.key in self.bounded or gain <= self._least:
            return Ending(resolution.label, value, chance, 0.0, (), ())
        before, after = set(self.present.weights), set(best.weights)
        return Ending(
            resolution.label,
            value,
            chance,
            gain,
            tuple(sorted(after - before, key=natural_key)),
            tuple(sorted(before - after, key=natural_key)),
        )

    def _is_proven(self, dispute: Dispute, endings: tuple[Ending, ...]) -> bool:
        """Whether no plan that was not found could change the verdict."""
        inside = dispute.key in self.present.weights
        reach = self.reach.get(dispute.key, {}).get(not inside)
        if reach is None or self.present.bound > self.present.objective + self._least:
            return False
        side = 0.0 if inside else 1.0
        for ending in endings:
            most = reach + (ending.value - dispute.value) * side
            found = self.present.worth(dispute, ending.value) + ending.gain
            if most > found + self._least and not self.planner.dates_count:
                return False
        return True

    def _threshold(self, dispute: Dispute) -> float | None:
        """Where the present plan and the best one on the other side are worth the same."""
        key = dispute.key
        inside = key in self.present.weights
        others = [each for each in self.known if (key in each.weights) != inside]
        if not others or key in self.bounded:
            return None
        best = max(others, key=lambda each: each.objective)
        if best.objective == -math.inf:
            return None
        # Today's objectives differ by what the value has to change: down to leave, up to enter.
        apart = self.present.objective - best.objective
        return dispute.value - apart if inside else dispute.value + apart


class _Known:
    """A plan at today's values."""

    __slots__ = ("bound", "objective", "weights")

    def __init__(
        self, plan: Chosen, asked: Mapping[str, float], values: Mapping[str, float]
    ) -> None:
        self.weights = plan.weights
        shift = math.fsum(
            (values[key] - value) * plan.weights.get(key, 0.0) for key, value in asked.items()
        )
        self.objective = plan.objective + shift
        self.bound = plan.bound + shift

    def worth(self, dispute: Dispute, value: float) -> float:
        """What the plan is worth when the item is worth ``value``."""
        return self.objective + (value - dispute.value) * self.weights.get(dispute.key, 0.0)


def _check(disputes: list[Dispute]) -> None:
    seen: set[str] = set()
    for dispute in disputes:
        where = dispute.key or "disputes"
        if dispute.key in seen:
            raise ScoringError(
                said("the item is disputed twice; put its resolutions together"), where
            )
        seen.add(dispute.key)
        if not dispute.resolutions:
            raise ScoringError(said("a dispute needs a resolution"), where)
        numbers = [dispute.value, *(each.value for each in dispute.resolutions)]
        if not all(math.isfinite(number) for number in numbers):
            raise ScoringError(said("a value is not a number"), where)
        chances = [each.probability for each in dispute.resolutions]
        stated = [chance for chance in chances if chance is not None]
        if stated and (
            len(stated) < len(chances)
            or min(stated) < 0
            or not math.isclose(math.fsum(stated), 1.0, abs_tol=1e-9)
        ):
            raise ScoringError(said("the probabilities of its resolutions must add up to 1"), where)


def _chances(dispute: Dispute) -> list[float]:
    count = len(dispute.resolutions)
    return [
        1.0 / count if each.probability is None else each.probability
        for each in dispute.resolutions
    ]
