"""How long a search may take, and how it talks to whoever waits for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from time import perf_counter

from tandem_engine.planning.result import SprintPlan


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands. ``value`` is the objective of the best plan yet, ``-inf`` for none."""

    value: float
    bound: float
    seconds: float
    #: Makes the best plan yet, sprint by sprint; ``None`` where there is none.
    sprints: Callable[[], tuple[SprintPlan, ...]] | None = field(
        default=None, compare=False, repr=False
    )

    @property
    def gap(self) -> float:
        """How much of the bound the plan may miss, 0 to 1; 1 without a plan."""
        return relative_gap(self.value, self.bound)


class Budget:
    """The time, the seed and the two ways to talk to a running search.

    ``rounds`` ends the improving after so many steps, each limited by search nodes: then every
    run ends at the same place, as long as the clock does not end it earlier.
    """

    def __init__(
        self,
        time_limit: float,
        seed: int,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        rounds: int | None = None,
    ) -> None:
        self.seed = seed
        self.rounds = rounds
        #: A plan of the reduced problem to begin with, if one is known.
        self.start: Mapping[int, tuple[int, int]] | None = None
        #: Puts a plan of the reduced problem into sprints, and the best plan of it yet.
        self.show: Callable[[Mapping[int, tuple[int, int]]], tuple[SprintPlan, ...]] | None = None
        self.best: Mapping[int, tuple[int, int]] | None = None
        self._started = perf_counter()
        self._limit = time_limit
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._told: tuple[float, float] | None = None

    def keep_back(self, seconds: float) -> None:
        """End the search so much earlier."""
        self._limit -= seconds

    @property
    def seconds(self) -> float:
        """Since the search began."""
        return perf_counter() - self._started

    def left(self) -> float:
        """Seconds left, 0 when time is over or the caller wants an end."""
        return 0.0 if self.stopped() else max(0.0, self._limit - self.seconds)

    def stopped(self) -> bool:
        """The caller wants an end."""
        return self._should_stop is not None and self._should_stop()

    def tell(self, value: float, bound: float) -> None:
        """Report a better plan or a lower bound, once each."""
        if self._on_progress is not None and self._told != (value, bound):
            self._told = (value, bound)
            show, best = self.show, self.best
            sprints = None if show is None or best is None else lambda: show(best)
            self._on_progress(Progress(value, bound, self.seconds, sprints))


def relative_gap(value: float, bound: float) -> float:
    """(bound - value) / |bound|, from 0 to 1."""
    if value >= bound:
        return 0.0
    if value == -inf or bound == 0:
        return 1.0
    return min(1.0, (bound - value) / abs(bound))
