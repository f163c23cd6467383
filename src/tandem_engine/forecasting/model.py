"""What every way of imagining a team's coming weeks has in common."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


class Model(Protocol):
    """A pace that can be drawn from.

    ``trials`` is the number of imagined futures. All randomness comes from ``rng``.
    """

    @property
    def name(self) -> str:
        """The method's name, as stored with the result."""
        ...

    @property
    def parameters(self) -> tuple[tuple[str, float], ...]:
        """What was learned, named, for the derivation."""
        ...

    def mean(self, weeks: int) -> float:
        """Items expected in the next ``weeks`` weeks."""
        ...

    def weeks(self, trials: int, rng: np.random.Generator) -> Iterator[Counts]:
        """The items of week 1, 2, 3, ... without end, one number for each trial.

        Drawn week after week, so that asking for more weeks never changes the earlier ones:
        "when" and "how many" then read the same futures.
        """
        ...

    def totals(self, weeks: int, trials: int, rng: np.random.Generator) -> Counts:
        """The items of the next ``weeks`` weeks together, one number for each trial.

        Distributed as the sum of :meth:`weeks`, and quicker where only the sum matters.
        """
        ...
