"""One sprint after the other: a sprint decided exactly, all later ones lumped into one.

Deciding all sprints at once asks the solver to choose between thousands of equally good ways to
fill them. Here the first step lumps the whole horizon into one sprint, where items any team may
take count against all teams together. Lumping and pooling only loosen rules, so its optimum is a
bound for every plan. Then each step solves "this sprint, and the rest as one big pooled sprint",
keeps the first part, and goes on with what remains. When the steps reach the bound, the plan is
proven best. (A rolling horizon with an aggregated tail.)
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

from tandem_engine.planning import highs
from tandem_engine.planning.assignment import Assignment, objective
from tandem_engine.planning.model import build
from tandem_engine.planning.reduced import Candidate, Option, Reduced

#: A step need not be proven: its effort is bounded by search nodes rather than by the clock, so
#: that every run takes the same way. The share of the time left only stops the rare hard step.
_STEP_GAP = 1e-5
_STEP_NODES = 200
_STEP_SHARE = 0.25

#: Seconds left for the next step.
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Rolled:
    """What the steps put together, and a bound no plan can exceed."""

    assignment: Assignment
    bound: float


def roll(reduced: Reduced, *, left: Clock, seed: int, gap: float, stop: highs.Watch) -> Rolled:
    """Plan sprint by sprint. The result may miss a must-have; the caller checks the rules."""
    lumped, _ = lump(reduced, -1, {}, pooled=True)
    answer = highs.maximise(
        build(lumped).linear, time_limit=left() / 2, seed=seed, gap=gap / 2, watch=stop
    )
    if answer.status == "infeasible":
        return Rolled({}, -inf)
    bound = answer.bound
    target = bound - gap / 2 * abs(bound)
    done: dict[int, tuple[int, int]] = {}
    for sprint in range(reduced.sprints):
        missing = target - objective(reduced, done)

        def watch(found: float, possible: float, missing: float = missing) -> bool:
            return found >= missing or stop(found, possible)

        for pooled in (True, False):
            if left() <= 0:
                return Rolled(done, bound)
            lumped, origin = lump(reduced, sprint, done, pooled=pooled)
            model = build(lumped)
            answer = highs.maximise(
                model.linear,
                time_limit=left() * _STEP_SHARE,
                seed=seed,
                gap=_STEP_GAP,
                nodes=_STEP_NODES,
                watch=watch,
            )
            if answer.values is None:
                continue
            chosen = {
                origin[i]: lumped.candidates[i].options[way].team
                for i, (way, part) in model.read(answer.values).items()
                if part == 0
            }
            placed = _hand_out(reduced, sprint, chosen, left, seed) if pooled else chosen
            if not pooled or len(placed) == len(chosen):
                done.update((i, (_way(reduced, i, team), sprint)) for i, team in placed.items())
                break
    return Rolled(done, bound)


def lump(
    reduced: Reduced, sprint: int, done: Assignment, *, pooled: bool
) -> tuple[Reduced, tuple[int, ...]]:
    """``sprint`` and all after it as two sprints, with one more team, "any", without ``done``.

    With ``sprint`` -1 everything is in the second of the two. ``pooled`` lets items of several
    teams count against all together in this sprint too.

    Candidates that can no longer be finished leave, with what needs them. The second part tells
    which candidate of ``reduced`` each one left is.
    """
    anyone = len(reduced.capacity)
    origin: list[int] = []
    place: dict[int, int] = {}
    candidates: list[Candidate] = []
    for i, candidate in enumerate(reduced.candidates):
        if i in done:
            continue
        waits = [(j, lag) for j, lag in candidate.needs if j not in done]
        now = not any(lag for _, lag in waits) and all(
            done[j][1] + lag <= sprint for j, lag in candidate.needs if j in done
        )
        options = _lumped(candidate, sprint, anyone, pooled=pooled, now=now)
        if not options or any(j not in place for j, _ in waits):
            continue
        place[i] = len(origin)
        origin.append(i)
        later = candidate.worths[min(sprint + 1, reduced.sprints - 1)]
        candidates.append(
            replace(
                candidate,
                # Within the lump any order is taken to be possible.
                needs=tuple((place[j], 0) for j, _ in waits),
                options=options,
                worths=(candidate.worths[max(sprint, 0)], later),
            )
        )
    rows = [(row[sprint] if sprint >= 0 else 0, sum(row[sprint + 1 :])) for row in reduced.capacity]
    roof = tuple(map(sum, zip(*rows, strict=True)))
    both = Reduced(tuple(candidates), (*rows, roof), reduced.grain, roof=roof)
    return both, tuple(origin)


def _lumped(
    candidate: Candidate, sprint: int, anyone: int, *, pooled: bool, now: bool
) -> tuple[Option, ...]:
    """``candidate`` in this sprint (0) by each of its teams, or later (1) by its own or any."""
    here = [option.team for option in candidate.options if now and sprint in option.sprints]
    later = [option.team for option in candidate.options if option.sprints[-1] > sprint]
    pool = later[0] if len(candidate.options) == 1 and later else anyone
    if pooled and len(here) > 1:
        here = [anyone]
    if later and here == [pool]:
        return (_option(pool, candidate.effort, (0, 1)),)
    found = tuple(_option(team, candidate.effort, (0,)) for team in here)
    return found + ((_option(pool, candidate.effort, (1,)),) if later else ())


def _option(team: int, units: int, sprints: tuple[int, ...]) -> Option:
    return Option((team,), ((team, units),), sprints)


def _way(reduced: Reduced, i: int, team: int) -> int:
    options = reduced.candidates[i].options
    return next(way for way, option in enumerate(options) if option.team == team)


def _hand_out(
    reduced: Reduced, sprint: int, chosen: dict[int, int], left: Clock, seed: int
) -> dict[int, int]:
    """A team for as many of ``chosen`` as fit into ``sprint``, by effort."""
    anyone = len(reduced.capacity)
    settled = {i: team for i, team in chosen.items() if team != anyone}
    open_items = [i for i in chosen if i not in settled]
    rooms = [row[sprint] for row in reduced.capacity]
    for i, team in settled.items():
        rooms[team] -= reduced.candidates[i].effort
    values = [max(reduced.candidates[i].effort / reduced.grain, 1e-3) for i in open_items]
    candidates = tuple(
        replace(
            reduced.candidates[i],
            # What counts here is to fill the sprint; an item without effort is still taken.
            value=value,
            worths=(value,),
            must=False,
            needs=(),
            options=tuple(
                replace(option, sprints=(0,))
                for option in reduced.candidates[i].options
                if sprint in option.sprints
            ),
        )
        for i, value in zip(open_items, values, strict=True)
    )
    if not candidates:
        return settled
    one = Reduced(candidates, tuple((room,) for room in rooms), reduced.grain)
    model = build(one)
    total = sum(values)
    answer = highs.maximise(
        model.linear,
        time_limit=left() * _STEP_SHARE,
        seed=seed,
        gap=1e-9,
        nodes=_STEP_NODES,
        watch=lambda found, possible: found > total - 5e-4,
    )
    if answer.values is not None:
        for index, (way, _) in model.read(answer.values).items():
            settled[open_items[index]] = candidates[index].options[way].team
    return settled
