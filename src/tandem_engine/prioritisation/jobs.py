"""Jobs to be put in order, and what an order of theirs comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tandem_engine.words import figure, said

#: Passes of improvement over an order that is not proven best.
_PASSES: Final = 30
#: Jobs up to which such an order is improved by moving single jobs: a pass costs their square.
_IMPROVED: Final = 400


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do: its time (0 or more), what each day of waiting costs (0 or more), and the
    keys of what has to be done before. Any units, the same for all."""

    key: str
    time: float
    cost_of_delay: float
    after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """One job's place in an order: when it is done, and what its delay cost until then."""

    key: str
    done: float
    cost: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to order the same jobs, and its cost."""

    name: str
    order: tuple[str, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class Sequenced:
    """The order with its proof.

    No order costs less than ``bound``; ``is_exact`` says that ``cost`` equals it. ``alternatives``
    are other rules' orders, the cheapest first. ``method`` says how the order was found.
    """

    slots: tuple[Slot, ...]
    cost: float
    bound: float
    is_exact: bool
    method: str
    alternatives: tuple[Alternative, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The keys in order."""
        return tuple(slot.key for slot in self.slots)

    @property
    def gap(self) -> float:
        """How much of the cost the bound leaves open, 0 to 1."""
        return 0.0 if self.is_exact or self.cost <= 0 else (self.cost - self.bound) / self.cost

    @property
    def sentence(self) -> str:
        """How good the order is."""
        if not self.slots:
            return said("There is nothing to put in order.")
        if self.is_exact:
            return said(
                "No order that keeps the prerequisites costs less than %(cost)s.",
                cost=say(self.cost),
            )
        return said(
            "This order costs %(cost)s; none costs less than %(bound)s, so at most %(share)s can be "
            "saved. Items with several prerequisites that have several followers each leave no exact "
            "method fast enough.",
            cost=say(self.cost),
            bound=say(self.bound),
            share=figure(self.gap, ".0%"),
        )


def say(number: float) -> str:
    return figure(number, ",.0f" if abs(number) >= 100 else ",.3g")
