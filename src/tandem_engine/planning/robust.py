"""Efforts are guesses: how likely a plan holds, what makes it fragile, and plans that hold more often.

An effort is estimated as P10, P50 and P90 and drawn from the two-piece lognormal through them, as in
prioritisation: its logarithm is normal on either side of the median with the spread that side states
(Wallis 2014, Statistical Science 29). What is not finished is carried on: a sprint holds when, for
each team, everything planned up to its end takes no more than the capacity up to its end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, log
from statistics import NormalDist
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tandem_engine.planning.budget import Progress, relative_gap
from tandem_engine.planning.errors import ProblemError, is_amount, is_number
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import say
from tandem_engine.planning.result import Plan
from tandem_engine.planning.solve import solve
from tandem_engine.words import join, said

Draws = NDArray[np.float64]

_TRIALS = 4_000
#: The standard normal's 90 % and 99.5 % points, and the middles of equally likely cells.
_Z90, _TAIL = NormalDist().inv_cdf(0.9), NormalDist().inv_cdf(0.995)
_CELLS = 400
_STEPS = np.array([NormalDist().inv_cdf((n + 0.5) / _CELLS) for n in range(_CELLS)])


@dataclass(frozen=True)
class Effort:
    """An estimate: one time in ten it takes less than ``low``, one in ten more than ``high``.

    ``likely`` is the median. The tails end where half a per cent lies beyond; nothing is taken
    to be less than a hundredth of ``high``, since a lognormal knows no 0. Raises
    :class:`ProblemError`.
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        amounts = (self.low, self.likely, self.high)
        if not all(map(is_amount, amounts)) or not self.low <= self.likely <= self.high:
            raise ProblemError("Give an effort as low, likely and high, rising.", "effort")

    @cached_property
    def mean(self) -> float:
        """The distribution's mean, from :data:`_CELLS` equally likely values."""
        return float(self.at(_STEPS).mean())

    def at(self, steps: Draws) -> Draws:
        """The effort where a standard normal would be ``steps``."""
        if self.high <= self.low:
            return np.full(len(steps), self.likely, dtype=np.float64)
        low, likely, high = (log(max(one, self.high / 100)) for one in _three(self))
        beyond = np.clip(steps, -_TAIL, _TAIL) / _Z90
        spread = np.where(beyond < 0, likely - low, high - likely)
        return np.asarray(np.exp(likely + beyond * spread), dtype=np.float64)

    def draw(self, chance: np.random.Generator, trials: int) -> Draws:
        """Samples of the effort."""
        return self.at(chance.standard_normal(trials))


def _three(effort: Effort) -> tuple[float, float, float]:
    return effort.low, effort.likely, effort.high


@dataclass(frozen=True, slots=True)
class SprintOdds:
    """How likely a sprint's end finds everything planned until then finished; by team as well."""

    number: int
    holds: float
    by_team: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Fragile:
    """An item whose uncertain effort endangers the plan.

    ``gain`` is by how much the chance that the whole plan holds would rise (0 to 1) if the item
    took its mean for certain.
    """

    key: str
    gain: float
    text: str


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a plan holds: by sprint, in every sprint (``whole``), and what makes it fragile.

    ``error`` is the standard error of ``whole`` from so many ``trials``.
    """

    sprints: tuple[SprintOdds, ...]
    whole: float
    fragile: tuple[Fragile, ...]
    trials: int
    seed: int
    error: float
    text: str


def odds(
    problem: Problem,
    plan: Plan,
    efforts: Mapping[str, Effort],
    *,
    trials: int = _TRIALS,
    seed: int = 0,
    most: int = 10,
) -> Odds:
    """How likely ``plan`` holds when efforts are ``efforts``; those not given are certain.

    Every item has draws of its own, the same whatever else is asked (common random numbers).
    """
    draws = _Draws(problem, plan, efforts, trials, seed)
    fits: NDArray[np.bool_] = np.less_equal(draws.load, draws.capacity[:, :, None] + 1e-9)
    each: NDArray[np.bool_] = np.logical_and.reduce(fits, axis=0)
    held = each.all(axis=0)
    whole = float(held.mean())
    sprints = tuple(
        SprintOdds(
            sprint + 1,
            float(each[sprint].mean()),
            tuple(
                (team.name, float(fits[index, sprint].mean()))
                for index, team in enumerate(problem.teams)
            ),
        )
        for sprint in range(problem.sprints)
    )
    fragile = draws.fragile(whole)[:most]
    text: str = said("The whole plan holds in %(cases)s of 100 cases.", cases=say(100 * whole))
    if fragile:
        text = join(text, " ", said("Most endangered by %(key)s.", key=fragile[0].key))
    return Odds(sprints, whole, fragile, trials, seed, (whole * (1 - whole) / trials) ** 0.5, text)


class _Draws:
    """Cumulative load by (team, sprint, trial), and each item's part in it."""

    def __init__(
        self, problem: Problem, plan: Plan, efforts: Mapping[str, Effort], trials: int, seed: int
    ) -> None:
        teams = {team.name: index for index, team in enumerate(problem.teams)}
        self.problem = problem
        self.capacity = np.cumsum([team.capacity for team in problem.teams], axis=1)
        self.load = np.zeros((len(teams), problem.sprints, trials))
        self.parts: list[tuple[str, int, list[tuple[int, float]], Draws, float]] = []
        order = {key: index for index, key in enumerate(problem.by_key)}
        for sprint in plan.sprints:
            for placement in sprint.placements:
                item = problem.by_key[placement.key]
                effort = efforts.get(placement.key)
                drawn = np.full(trials, item.effort, dtype=np.float64)
                if effort is not None:
                    chance = np.random.default_rng([seed, order[placement.key]])
                    drawn = effort.draw(chance, trials)
                drawn = np.maximum(drawn - item.done, 0.0)
                total = sum(take.effort for take in placement.takes) or 1.0
                shares = [(teams[take.team], take.effort / total) for take in placement.takes]
                if not placement.effort:
                    shares = [(team, 1.0 / len(shares)) for team, _ in shares]
                for team, share in shares:
                    self.load[team, sprint.number - 1 :] += share * drawn
                if effort is not None and effort.high > effort.low:
                    mean = max(effort.mean - item.done, 0.0)
                    self.parts.append((placement.key, sprint.number - 1, shares, drawn, mean))

    def fragile(self, whole: float) -> tuple[Fragile, ...]:
        """Items by how much certainty about them would help."""
        found: list[Fragile] = []
        limit = self.capacity[:, :, None] + 1e-9
        bad = self.load > limit
        for key, sprint, shares, drawn, mean in self.parts:
            steady = self.load[:, sprint:].copy()
            for team, share in shares:
                steady[team] += share * (mean - drawn)
            early = bad[:, :sprint].any(axis=(0, 1))
            held = ~early & (steady <= limit[:, sprint:]).all(axis=(0, 1))
            gain = float(held.mean()) - whole
            if gain > 0:
                found.append(
                    Fragile(
                        key,
                        gain,
                        said(
                            "If %(key)s took %(effort)s for certain, the plan would hold in "
                            "%(more)s more of 100 cases.",
                            key=key,
                            effort=say(mean),
                            more=say(100 * gain),
                        ),
                    )
                )
        return tuple(sorted(found, key=lambda one: (-one.gain, one.key)))


@dataclass(frozen=True, slots=True)
class RobustPlan:
    """A plan that holds at a confidence, and what that costs.

    ``plan`` is solved with mean efforts and ``reserve`` of each team's capacity kept free, by sprint:
    that is ``problem``, of which rules, entries and alternatives can be priced. Its bound and gap
    are those among all plans that fit in the mean and hold. ``reached`` says whether every sprint
    holds for every team with the probability asked for.
    """

    plan: Plan
    problem: Problem
    odds: Odds
    confidence: float
    reserve: tuple[tuple[str, tuple[float, ...]], ...]
    reached: bool
    rounds: int
    text: str


def robust(
    problem: Problem,
    efforts: Mapping[str, Effort],
    *,
    confidence: float = 0.8,
    time_limit: float = 20.0,
    trials: int = _TRIALS,
    seed: int = 0,
    most_rounds: int = 6,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RobustPlan:
    """A plan each of whose sprints holds, for each team, with probability ``confidence``.

    Chance-constrained capacity (Charnes & Cooper 1959, Management Science 6): the load up to a
    sprint has to fit at its quantile ``confidence``, not only in the mean. The quantile depends on
    what is planned, so that it is solved with mean efforts, measured by simulation, and solved anew
    with the reserve that was found missing, until all sprints hold or the time ends.

    What fits in the mean without any reserve holds every plan that is looked for: its bound is the
    bound, and a plan that holds without a reserve is proven best. With reserves the gap says how much
    a better one might bring; how much of it is the price of certainty is not known. ``on_progress``
    and ``should_stop`` are those of :func:`solve`; stopped, the plan there is is measured. Raises :class:`ProblemError` for a confidence not between 0 and 1.
    """
    if not is_number(confidence) or not 0 < confidence < 1:
        raise ProblemError("Give a confidence between 0 and 1.", "confidence")
    items = tuple(
        replace(item, effort=max(efforts[item.key].mean, item.done))
        if item.key in efforts and not item.parts
        else item
        for item in problem.items
    )
    means = replace(problem, items=items)
    reserve = np.zeros((len(problem.teams), problem.sprints))
    began = perf_counter()
    best: RobustPlan | None = None
    bound = inf

    def hear(told: Progress) -> None:
        # A plan counts only once it was measured: until then there is a bound alone.
        if on_progress is not None:
            seconds = perf_counter() - began
            on_progress(Progress(-inf, min(bound, told.bound), seconds))

    for number in range(1, most_rounds + 1):
        left = time_limit - (perf_counter() - began)
        stopped = should_stop is not None and should_stop()
        if best is not None and (left <= 0 or stopped):
            break
        kept_free = _reserved(means, reserve)
        plan = solve(
            kept_free,
            time_limit=max(left / (most_rounds - number + 1), 0.05),
            seed=seed,
            on_progress=hear if number == 1 else None,
            should_stop=should_stop,
        )
        if plan.status == "infeasible" and best is not None:
            # What is kept free leaves no room for the rules: the plan before is as sure as can be.
            break
        if number == 1:
            bound = plan.bound
        measured = odds(problem, plan, efforts, trials=trials, seed=seed)
        lacking = _lacking(problem, plan, efforts, confidence, trials, seed)
        reached = plan.status != "infeasible" and bool((lacking <= 1e-9).all())
        if plan.status != "infeasible":
            proven = plan.status == "optimal" and number == 1 and reached
            status: Literal["optimal", "feasible"] = "optimal" if proven else "feasible"
            gap = relative_gap(plan.objective, bound)
            plan = replace(plan, status=status, bound=bound, gap=gap)
        found = RobustPlan(
            plan,
            kept_free,
            measured,
            confidence,
            tuple(
                (team.name, tuple(float(amount) for amount in reserve[index]))
                for index, team in enumerate(problem.teams)
            ),
            reached,
            number,
            "",
        )
        best = found
        if found.reached or plan.status == "infeasible":
            break
        # What is missing up to a sprint is kept free in it, on top of what was before it.
        missing = np.maximum(lacking, 0.0)
        more = np.maximum(np.diff(missing, axis=1, prepend=0.0), 0.0)
        reserve += more + 1e-6 * (more > 0)
    assert best is not None
    share = say(100 * confidence)
    holds = (
        said("Each sprint holds in %(cases)s of 100 cases.", cases=share)
        if best.reached
        else said("Each sprint could not be made to hold in %(cases)s of 100 cases.", cases=share)
    )
    return replace(best, text=join(holds, " ", best.odds.text))


def _reserved(problem: Problem, reserve: Draws) -> Problem:
    teams = tuple(
        replace(
            team,
            capacity=tuple(
                max(0.0, amount - float(kept))
                for amount, kept in zip(team.capacity, reserve[index], strict=True)
            ),
        )
        for index, team in enumerate(problem.teams)
    )
    if sum(sum(team.capacity) for team in teams) <= 0:
        return problem
    return replace(problem, teams=teams)


def _lacking(
    problem: Problem,
    plan: Plan,
    efforts: Mapping[str, Effort],
    confidence: float,
    trials: int,
    seed: int,
) -> Draws:
    """By team and sprint, by how much the load at this confidence exceeds the capacity until then."""
    draws = _Draws(problem, plan, efforts, trials, seed)
    needed = np.quantile(draws.load, confidence, axis=2, method="inverted_cdf")
    return np.asarray(needed - draws.capacity, dtype=np.float64)
