"""What if: a relaxation kept warm, that answers while one types.

Forcing an item in or out, taking capacity away or moving a share changes a few numbers of the
relaxation, which is solved on from where it was in a fraction of the time of a plan. The answer is
a bound (no plan under the changed rules is worth more), an estimate (the plan in hand moved by as
much as the bound) and a plan made by rounding, which keeps every rule but may be a little short of
the best. Solve anew for the plan itself.

A relaxation too large to be solved on while one types lumps sprints into periods (see ``lumped``):
what a change comes to is then within a few per cent of what the finer one says, in a tenth of the
time; its bound is looser, and no lower than the plan's own where that is known.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from math import inf
from time import perf_counter

import numpy as np

from tandem_engine.planning import highs
from tandem_engine.planning.assignment import Assignment, is_plan, objective
from tandem_engine.planning.errors import ProblemError
from tandem_engine.planning.fingerprint import fingerprint
from tandem_engine.planning.linear import Flags, Floats
from tandem_engine.planning.lumped import equal_periods, lumped, periods_for
from tandem_engine.planning.model import Model, Positions, build, limit_of
from tandem_engine.planning.pool import pool_sets, pooled
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import worth
from tandem_engine.planning.reasons import names
from tandem_engine.planning.reduce import reduce
from tandem_engine.planning.reduced import Reduced, Row
from tandem_engine.planning.result import Plan
from tandem_engine.planning.rules import Rule, Share
from tandem_engine.planning.search import round_off
from tandem_engine.planning.side_rows import share_rows, side_rules
from tandem_engine.planning.tidy import tidy
from tandem_engine.words import join, said


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked: items forced in and out, capacity left by team (0.8 takes a fifth away), shares.

    ``capacity`` may be per sprint, too: ``{"Web": (1, 0.5, 1)}``. ``shares`` set the smallest share
    of a kind.
    """

    take_in: frozenset[str] = frozenset()
    leave_out: frozenset[str] = frozenset()
    capacity: Mapping[str, float | tuple[float, ...]] | None = None
    shares: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """What a change comes to, quickly.

    ``possible`` is false when the relaxation proves that no plan remains. No plan is worth more
    than ``bound`` (unless ``bounded`` is false, with capacity added or a share moved before it was
    ``settled``); ``estimate`` is what the best
    probably is, ``change`` what the bound moved by. ``enters`` and ``out`` are what the relaxation
    exchanges. ``value`` is what the plan of ``items`` is worth, which was rounded, not solved;
    ``None`` when it was not asked for or none was found.
    """

    possible: bool
    settled: bool
    bound: float
    bounded: bool
    estimate: float
    change: float
    value: float | None
    items: tuple[str, ...]
    enters: tuple[str, ...]
    out: tuple[str, ...]
    seconds: float
    text: str


class WhatIf:
    """A problem kept ready for questions; each is answered for itself.

    ``plan`` is the plan in hand, if there is one: estimates start from it. ``kinds`` are those
    whose share can be moved. ``periods`` is into how many the sprints are lumped; as many as are
    answered quickly unless given. Raises :class:`ProblemError` when the rules cannot be kept.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan | None = None,
        *,
        kinds: Collection[str] = ("debt",),
        time_limit: float = 60.0,
        periods: int | None = None,
    ) -> None:
        shared = {_movable(rule) for rule in problem.rules}
        more = tuple(Share(minimum=0.0, kind=kind) for kind in kinds if kind not in shared)
        self.problem = replace(problem, rules=(*problem.rules, *more))
        reduction = reduce(self.problem)
        if reduction.broken:
            raise ProblemError(said("There is no plan while its rules cannot be kept."), "rules")
        self._left_out = reduction.left_out
        self._reduced = reduction.reduced
        self._place = {c.key: i for i, c in enumerate(self._reduced.candidates)}
        #: The rows of shares of all capacity, which move with it.
        self._of_capacity = self._numbers(
            lambda rule: isinstance(rule, Share) and rule.of == "capacity"
        )
        self._sets = pool_sets(self._reduced)
        sprints = self._reduced.sprints
        self.periods = (
            periods_for(self._reduced)
            if periods is None
            else equal_periods(sprints, min(max(periods, 1), sprints))
        )
        self._model = build(lumped(pooled(self._reduced), self.periods))
        self._relaxation = highs.Relaxation(self._model.linear)
        answer = self._relaxation.solve(time_limit)
        if answer is None:
            raise ProblemError(said("The relaxation was not solved in time."), "time_limit")
        self._basis = self._relaxation.basis()
        self._relaxation.hurry()
        self._prices = answer.row_prices
        self.bound = answer.objective
        self._before = self._chosen(answer)
        self._proven = inf
        if plan is None:
            self.value = objective(self._reduced, self._rounded(self._reduced, answer))
        else:
            self.value = plan.objective
            if plan.fingerprint == fingerprint(problem):
                self._proven = plan.bound

    def holds(self, key: str) -> bool:
        """Whether the item is in the relaxation, and was not left out before."""
        return key in self._place

    def ask(self, change: Change, *, with_plan: bool = False, within: float = inf) -> WhatIfAnswer:
        """The answer to ``change``; nothing of it stays.

        ``with_plan`` rounds a plan as well. ``within`` seconds the relaxation is left where it
        stands: the answer is then not ``settled``, its bound is the one before, moved by the prices
        of what was taken away (weak duality), and the estimate where the dual simplex has come to.
        """
        began = perf_counter()
        self._check(change)
        gone = [key for key in sorted(change.take_in) if key in self._left_out]
        if gone:
            return self._impossible(join(gone[0], ": ", self._left_out[gone[0]].text), began)
        undo = _Undo(self._relaxation)
        reduced, bounded = self._apply(change, undo)
        answer = self._relaxation.solve(within)
        settled = answer is not None
        if answer is None and self._relaxation.interrupted:
            answer = self._relaxation.here()
        undo.all()
        self._relaxation.use(self._basis)
        if answer is None:
            return self._impossible(said("No plan can keep the rules then."), began)
        chosen = self._chosen(answer)
        gain = answer.objective - self.bound
        bound = answer.objective if settled else self.bound + self._lost(undo)
        enters, out = self._names(chosen & ~self._before), self._names(self._before & ~chosen)
        found = self._rounded(reduced, answer) if with_plan else {}
        whole = with_plan and is_plan(reduced, found)
        return WhatIfAnswer(
            possible=True,
            settled=settled,
            # What only takes away leaves nothing worth more than the plan is proven to miss.
            bound=min(bound, self._proven) if bounded and not change.shares else bound,
            bounded=bounded and (settled or not change.shares),
            estimate=min(self.value + gain, answer.objective),
            change=gain,
            value=objective(reduced, found) if whole else None,
            items=tuple(self._key(i) for i in sorted(found)) if whole else (),
            enters=enters,
            out=out,
            seconds=perf_counter() - began,
            text=_text(gain, enters, out),
        )

    def _chosen(self, answer: highs.LpAnswer) -> Flags:
        """By candidate, whether the relaxation finishes more than half of it."""
        return self._model.finished(answer.values)[:, -1] > 0.5

    def _lost(self, undo: "_Undo") -> float:
        """By what the bound falls at least, for limits of rows that were lowered."""
        return sum(float(self._prices[row]) * min(0.0, now - was) for row, now, was in undo.lowered)

    def _names(self, flags: Flags) -> tuple[str, ...]:
        return tuple(self._key(i) for i in np.flatnonzero(flags).tolist())

    def _check(self, change: Change) -> None:
        for key in sorted(change.take_in | change.leave_out):
            if key not in self.problem.by_key:
                raise ProblemError(said("%(key)s is not among the items.", key=key), f"items.{key}")
        teams = {team.name for team in self.problem.teams}
        for name in change.capacity or {}:
            if name not in teams:
                raise ProblemError(said("There is no team %(name)s.", name=name), f"teams.{name}")
        for kind, part in (change.shares or {}).items():
            if not 0 <= part <= 1:
                raise ProblemError(f"A share of {part}; give 0 to 1.", f"shares.{kind}")
            self._share(kind)

    def _impossible(self, text: str, began: float) -> WhatIfAnswer:
        seconds = perf_counter() - began
        return WhatIfAnswer(False, True, -inf, True, -inf, -inf, None, (), (), (), seconds, text)

    def _key(self, i: int) -> str:
        return self._reduced.candidates[i].key

    def _rounded(self, reduced: Reduced, answer: highs.LpAnswer) -> Assignment:
        found = round_off(reduced, self.periods.spread(self._model.finished(answer.values)))
        return tidy(reduced, found) if len(reduced.candidates) <= 500 else found

    def _apply(self, change: Change, undo: "_Undo") -> tuple[Reduced, bool]:
        candidates = list(self._reduced.candidates)
        for key in change.leave_out:
            if key in self._place:
                i = self._place[key]
                candidates[i] = replace(candidates[i], options=())
                self._bound(i, undo, lower=0.0, upper=0.0)
        for key in self.problem.closure(*change.take_in):
            i = self._place[key]
            candidates[i] = replace(candidates[i], must=True)
            self._bound(i, undo, lower=1.0, upper=1.0)
        capacity, bounded = self._capacity(change, undo)
        rows = self._rows(change, capacity, undo)
        reduced = replace(self._reduced, candidates=tuple(candidates), capacity=capacity, rows=rows)
        for name in ("pulls", "ties"):
            reduced.__dict__[name] = getattr(self._reduced, name)
        # With less capacity, less of it may be asked for: more plans are possible.
        return reduced, bounded and not (change.capacity and self._of_capacity)

    def _bound(self, i: int, undo: "_Undo", *, lower: float, upper: float) -> None:
        """Force a candidate in (its last columns together are 1) or out (every column is 0)."""
        columns = self._model.columns_of(i)
        if upper == 0.0:
            undo.columns(columns, np.zeros(len(columns)), np.zeros(len(columns)))
        elif i in self._model.once_rows:
            undo.row(self._model.once_rows[i], (lower, 1.0), self._model.once_limits(i))
        else:
            undo.columns(columns[-1:], np.ones(1), np.ones(1))

    def _capacity(self, change: Change, undo: "_Undo") -> tuple[tuple[tuple[int, ...], ...], bool]:
        if not change.capacity:
            return self._reduced.capacity, True
        rows = [list(row) for row in self._reduced.capacity]
        resources: list[str] = [team.name for team in self.problem.teams]
        resources += [team.name for team in self.problem.teams for _ in team.skills]
        for at, name in enumerate(resources):
            factors = change.capacity.get(name, 1.0)
            for sprint in range(self.problem.sprints):
                factor = factors[sprint] if isinstance(factors, tuple) else factors
                rows[at][sprint] = int(rows[at][sprint] * max(factor, 0.0))
        pools = [
            [sum(rows[team][sprint] for team in team_set) for sprint in range(self.problem.sprints)]
            for team_set in self._sets
        ]
        old = self._model.reduced.capacity
        for resource, row in enumerate([*rows, *pools]):
            for sprint, units in enumerate(self.periods.summed(row)):
                where = self._model.capacity_rows.get((resource, sprint))
                if where is not None and units != old[resource][sprint]:
                    now = limit_of(self._model, units)
                    before = limit_of(self._model, old[resource][sprint])
                    undo.row(where, (-inf, now), (-inf, before))
        less = all(
            new <= was
            for row, olds in zip(rows, self._reduced.capacity, strict=True)
            for new, was in zip(row, olds, strict=True)
        )
        return tuple(tuple(row) for row in rows), less

    def _share(self, kind: str) -> int:
        """The row of the smallest share of ``kind``."""
        found = self._numbers(lambda rule: _movable(rule) == kind)
        if not found:
            raise ProblemError(
                f"The share of {kind} was not asked to be movable.", f"shares.{kind}"
            )
        return found[0]

    def _numbers(self, wanted: Callable[[Rule], bool]) -> list[int]:
        """The rows that rules of a kind make."""
        found: list[int] = []
        row = 0
        rules = self.problem.rules if any(map(wanted, self.problem.rules)) else ()
        for rule in rules:
            count = len(side_rules(replace(self.problem, rules=(rule,)), self._place)[2])
            if wanted(rule):
                found += range(row, row + count)
            row += count
        return found

    def _rows(
        self, change: Change, capacity: tuple[tuple[int, ...], ...], undo: "_Undo"
    ) -> tuple[Row, ...]:
        rows, teams = list(self._reduced.rows), len(self.problem.teams)
        for number in self._of_capacity if change.capacity else ():
            old = rows[number]
            was, now = (
                sum(sum(row) if old.sprint is None else row[old.sprint] for row in part)
                for part in (self._reduced.capacity[:teams], capacity[:teams])
            )
            rows[number] = new = replace(
                old, lower=_scaled(old.lower, now, was), upper=_scaled(old.upper, now, was)
            )
            # Lumped, a row of one sprint is without entries and limits.
            if self._model.reduced.rows[number].entries:
                undo.row(self._model.counted_rows + number, new.limits, old.limits)
        for kind, part in (change.shares or {}).items():
            number = self._share(kind)
            rule = Share(minimum=part, kind=kind)
            new = share_rows(self.problem, self._place, rule)[0]
            undo.coefficients(self._model, number, rows[number], new)
            rows[number] = new
        return tuple(rows)


def _scaled(limit: float, now: int, was: int) -> float:
    """A limit that is so many times the capacity, once there is another one."""
    return limit // was * now if was and abs(limit) < inf else limit


def _movable(rule: Rule) -> str | None:
    """The kind whose smallest share over the horizon ``rule`` sets."""
    movable = isinstance(rule, Share) and rule.minimum is not None and not rule.each_sprint
    return rule.kind if isinstance(rule, Share) and movable else None


class _Undo:
    """Changes to a relaxation, and how to take them back."""

    def __init__(self, relaxation: highs.Relaxation) -> None:
        self._relaxation = relaxation
        self._columns: list[Positions] = []
        self._rows: list[tuple[int, tuple[float, float]]] = []
        self._coefficients: list[tuple[int, int, float]] = []
        #: Rows whose upper limit fell: (row, now, before).
        self.lowered: list[tuple[int, float, float]] = []

    def columns(self, which: Positions, lower: Floats, upper: Floats) -> None:
        """New bounds of columns that go from 0 to 1."""
        self._columns.append(which)
        self._relaxation.bound_columns(which, lower, upper)

    def row(self, which: int, now: tuple[float, float], before: tuple[float, float]) -> None:
        """New limits of a row."""
        self._rows.append((which, before))
        if now[1] < before[1]:
            self.lowered.append((which, now[1], before[1]))
        self._relaxation.bound_row(which, *now)

    def coefficients(self, model: Model, number: int, old: Row, new: Row) -> None:
        """New coefficients of a counted row, in the scale of the old."""
        row = model.counted_rows + number
        before, after = dict(old.entries), dict(new.entries)
        for i in sorted(before.keys() | after.keys()):
            now, was = after.get(i, 0) / old.scale, before.get(i, 0) / old.scale
            if now != was:
                for column in model.last_columns(i):
                    self._coefficients.append((row, column, was))
                    self._relaxation.coefficient(row, column, now)

    def all(self) -> None:
        """Everything as it was."""
        for which in self._columns:
            self._relaxation.bound_columns(which, np.zeros(len(which)), np.ones(len(which)))
        for row, before in self._rows:
            self._relaxation.bound_row(row, *before)
        for row, column, was in self._coefficients:
            self._relaxation.coefficient(row, column, was)


def _text(change: float, enters: tuple[str, ...], out: tuple[str, ...]) -> str:
    if abs(change) < 0.05:
        start = said("About as much as before")
    elif change > 0:
        start = said("About %(value)s more than before", value=worth(change))
    else:
        start = said("About %(value)s less than before", value=worth(-change))
    parts: list[str] = [start]
    if enters:
        parts += [": ", said("%(keys)s in", keys=names(enters))]
    if out:
        parts += ["; " if enters else ": ", said("%(keys)s out", keys=names(out))]
    return join(*parts, ". ", said("An estimate: solve for the plan."))
