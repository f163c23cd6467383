"""Sorted lists, as planning by hand makes them: what the solved plan is compared with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tandem_engine.planning.assemble import sprint_plans
from tandem_engine.planning.assignment import Assignment, is_plan
from tandem_engine.planning.filling import Filling
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.reduce import reduce
from tandem_engine.planning.reduced import Reduced
from tandem_engine.planning.result import SprintPlan


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A plan made by going down a sorted list.

    ``cut_at`` is the first item that did not fit, where a strict list ends. ``left_out`` are the
    keys not taken, in the order of the list. ``keeps_rules`` is false when a must-have is
    missing, or a rule about several items is broken; every other rule always holds.
    """

    name: str
    value: float
    sprints: tuple[SprintPlan, ...]
    left_out: tuple[str, ...]
    cut_at: str | None
    keeps_rules: bool

    @property
    def items(self) -> tuple[str, ...]:
        """The keys in the plan, sprint by sprint."""
        return tuple(key for sprint in self.sprints for key in sprint.items)


def score_and_cut(problem: Problem, scores: Mapping[str, float] | None = None) -> ListPlan:
    """Sort by score, take in order, stop at the first item that fits nowhere.

    ``scores`` are what is sorted by, by key, where that is not the value: value for effort, say.

    Must-haves and what they need come first. An item waits until its prerequisites are taken.
    Items that can be in no plan (see ``reduce``) are passed over, which is kinder than a real
    list. Each item goes into the first sprint with room. Rules about several items are not
    looked at, as no list does: ``keeps_rules`` tells.
    """
    reduced = reduce(problem).reduced
    filling = with_musts(reduced)
    order = by_score(reduced)
    if scores is not None:
        order.sort(key=lambda i: -scores.get(reduced.candidates[i].key, 0.0))
    waiting = [i for i in order if i not in filling.placed]
    cut_at: str | None = None
    while cut_at is None:
        following = next((i for i in waiting if filling.ready(i)), None)
        if following is None:
            break
        waiting.remove(following)
        if not filling.place(following):
            cut_at = reduced.candidates[following].key
    return _list_plan(problem, reduced, "score_and_cut", filling.placed, cut_at)


def score_and_fill(problem: Problem) -> ListPlan:
    """Sort by score, pull prerequisites in, skip what does not fit and go on: the kinder list."""
    reduced = reduce(problem).reduced
    filled = fill(reduced, by_score(reduced))
    return _list_plan(problem, reduced, "score_and_fill", filled, None)


def density_and_fill(problem: Problem) -> ListPlan:
    """Sort by value for effort, pull prerequisites in, skip what does not fit: the best of lists."""
    reduced = reduce(problem).reduced
    filled = fill(reduced, by_marginal_density(reduced))
    return _list_plan(problem, reduced, "density_and_fill", filled, None)


def fill(
    reduced: Reduced, order: list[int], enough: Callable[[], bool] | None = None
) -> Assignment:
    """Must-haves first, then ``order`` with prerequisites pulled in, as far as rules allow."""
    filling = with_musts(reduced)
    filling.satisfy(order)
    # With rules about several items, one that was refused may be welcome later.
    while filling.pull_in_all(order, enough) and reduced.rows:
        pass
    return filling.placed


def starts(reduced: Reduced, enough: Callable[[], bool]) -> Iterator[Assignment]:
    """Plans of several lists that keep every rule, the quickest to make first.

    The first is made in any case, the others until ``enough`` says that there is no more time.
    """
    orders: tuple[Callable[[Reduced], list[int]], ...] = (by_density, by_score, by_marginal_density)
    for number, order in enumerate(orders):
        if number and enough():
            return
        filled = fill(reduced, order(reduced), enough if number else None)
        if is_plan(reduced, filled):
            yield filled


def by_score(reduced: Reduced) -> list[int]:
    """Candidates by falling value; equal ones as given."""
    return sorted(range(len(reduced.candidates)), key=lambda i: -reduced.candidates[i].value)


def by_density(reduced: Reduced) -> list[int]:
    """Candidates by falling value for their effort."""

    def density(i: int) -> float:
        candidate = reduced.candidates[i]
        return candidate.value / max(candidate.effort, 1)

    return sorted(range(len(reduced.candidates)), key=lambda i: -density(i))


def by_marginal_density(reduced: Reduced) -> list[int]:
    """Candidates by falling value for effort, both counted with everything they need."""
    empty = Filling(reduced)

    def density(i: int) -> float:
        group = [reduced.candidates[j] for j in empty.missing(i)]
        return sum(c.value for c in group) / max(sum(c.effort for c in group), 1)

    return sorted(range(len(reduced.candidates)), key=lambda i: -density(i))


def with_musts(reduced: Reduced) -> Filling:
    """The must-haves, as many as find room."""
    filling = Filling(reduced)
    for i in _must_order(reduced):
        if i not in filling.placed and not filling.pull_in(i):
            filling.place(i)
    return filling


def _must_order(reduced: Reduced) -> Iterator[int]:
    """Must-haves, prerequisites first, then the most urgent and the largest."""
    due: dict[int, int] = {}
    for i in reversed(range(len(reduced.candidates))):
        candidate = reduced.candidates[i]
        if not candidate.must:
            continue
        last = max(option.sprints[-1] for option in candidate.options)
        due[i] = min(due.get(i, last), last)
        for j, lag in candidate.needs:
            due[j] = min(due.get(j, reduced.sprints), due[i] - lag)
    waiting = sorted(due, key=lambda i: (due[i], -reduced.candidates[i].effort, i))
    taken: set[int] = set()
    while waiting:
        i = next(i for i in waiting if all(j in taken for j, _ in reduced.candidates[i].needs))
        waiting.remove(i)
        taken.add(i)
        yield i


def _list_plan(
    problem: Problem, reduced: Reduced, name: str, placed: Assignment, cut_at: str | None
) -> ListPlan:
    taken = {reduced.candidates[i].key for i in placed}
    must = problem.closure(*problem.musts)
    rest = sorted(
        (item for item in problem.items if item.key not in taken), key=lambda item: -item.value
    )
    return ListPlan(
        name=name,
        value=float(sum(item.value for item in problem.items if item.key in taken)),
        sprints=sprint_plans(problem, reduced, placed),
        left_out=tuple(item.key for item in rest),
        cut_at=cut_at,
        keeps_rules=must <= taken and is_plan(reduced, placed),
    )
