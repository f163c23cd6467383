"""A search under way: the best plan yet and the bound, told to whoever listens."""

from math import inf

from tandem_engine.planning.assignment import Assignment, is_plan, misplaced, objective
from tandem_engine.planning.budget import Budget
from tandem_engine.planning.reduced import Reduced
from tandem_engine.planning.tidy import tidy

#: A plan this close to its bound, relative to the bound, counts as proven best.
GAP = 1e-6


class Run:
    """Mutable, and private to one solve."""

    def __init__(self, reduced: Reduced, budget: Budget) -> None:
        self.reduced = reduced
        self.budget = budget
        self.best: Assignment = {}
        self.found = False
        self.value = -inf
        self.bound = sum(max(candidate.worths[0], 0.0) for candidate in reduced.candidates)

    @property
    def closed(self) -> bool:
        """The best plan is proven best."""
        return self.found and self.value >= self.enough

    @property
    def enough(self) -> float:
        """What a plan has to be worth to be proven best."""
        return self.bound - GAP * abs(self.bound) - 1e-12

    def lower(self, bound: float) -> None:
        """No plan is worth more than ``bound``."""
        self.bound = max(min(self.bound, bound), self.value)
        self.budget.tell(self.value, self.bound)

    def offer(self, plan: Assignment, *, tidied: bool = True) -> bool:
        """Take ``plan`` if it keeps every rule and is the best yet; ``tidied`` False fills it first."""
        if not tidied:
            if any(misplaced(self.reduced, plan)):
                return False
            plan = tidy(self.reduced, plan)
        value = objective(self.reduced, plan)
        if self.found and value <= self.value + 1e-9 * abs(self.value):
            return False
        if not is_plan(self.reduced, plan):
            return False
        self.best, self.value, self.found = plan, value, True
        self.bound = max(self.bound, value)
        self.budget.best = plan
        self.budget.tell(value, self.bound)
        return True

    def tidy(self) -> None:
        """Fill the best plan's room and move value forward."""
        neat = tidy(self.reduced, self.best)
        value = objective(self.reduced, neat)
        if value >= self.value - 1e-9 * abs(self.value) and is_plan(self.reduced, neat):
            self.best, self.value = neat, value
            self.bound = max(self.bound, value)
