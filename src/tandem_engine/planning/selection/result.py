"""What selection answers: frozen values in the caller's units."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Selection:
    """The best choice found for a budget.

    ``status`` is ``"optimal"`` when ``bound`` proves that no choice within the budget is worth
    more, else ``"feasible"``. ``gap`` is how much of the bound is missing, from 0 to 1.
    ``requirements`` are everything to build, in the order given; ``requesters`` whose value
    counts.
    """

    status: Literal["optimal", "feasible"]
    value: float
    cost: float
    budget: float
    bound: float
    requirements: tuple[str, ...]
    requesters: tuple[str, ...]

    @property
    def gap(self) -> float:
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.value) / self.bound)


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """What a plan costs and is worth; ``extreme`` when it lies on the hull of all plans."""

    cost: float
    value: float
    extreme: bool


@dataclass(frozen=True, slots=True)
class Front:
    """Every plan worth considering: no other plan costs as little and is worth as much.

    ``complete`` says that none is missing. Otherwise ``missing`` is the largest part (0 to 1) of
    the area under the front that plans not found could still add.
    """

    points: tuple[FrontPoint, ...]
    complete: bool
    missing: float
