"""Imagined futures: the items finished after each coming week, many times over."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tandem_engine.forecasting.model import Counts, Floats, Model

DAYS = 7
#: Items are counted in thousandths as whole numbers: "when" and "how many" then agree exactly,
#: where rounding floating-point numbers would let them differ by a day or an item.
PARTS = 1000
#: The day of a trial that did not finish within the weeks imagined.
NEVER = np.iinfo(np.int64).max
_MOST_PARTS = PARTS * 10**11


class Spread(Protocol):
    """How far the real total strays from the model's, as a variance of its logarithm."""

    def at(self, weeks: int) -> float:
        """The variance for a total ``weeks`` weeks ahead."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """``done[k, i]``: thousandths of an item finished in trial ``i`` by the end of week ``k``.

    Row 0 is ``today``, with nothing finished. Rows never fall. Within a week the work is spread
    evenly over its seven days.
    """

    done: NDArray[np.int64]

    @property
    def weeks(self) -> int:
        return int(self.done.shape[0]) - 1

    @property
    def trials(self) -> int:
        return int(self.done.shape[1])

    def items_by(self, day: int) -> Counts:
        """Whole items finished by the end of day ``day`` in each trial; day 1 is tomorrow."""
        week, rest = divmod(day, DAYS)
        sevenths = DAYS * self.done[week]
        if rest:
            sevenths = sevenths + rest * (self.done[week + 1] - self.done[week])
        return np.asarray(sevenths // (DAYS * PARTS), dtype=np.int64)

    def day_of(self, parts: Counts) -> Counts:
        """First day by which ``parts`` thousandths of items are finished, in each trial.

        0 where nothing is asked for, :data:`NEVER` where the weeks imagined do not suffice.
        """
        reached = (self.done < parts).sum(axis=0)
        days = np.full(self.trials, NEVER, dtype=np.int64)
        days[reached == 0] = 0
        (inside,) = np.nonzero((reached > 0) & (reached <= self.weeks))
        week = reached[inside]
        before = self.done[week - 1, inside]
        gain = self.done[week, inside] - before
        # Rounded up: the day on which the last part is finished.
        into_week = -((-DAYS * (parts[inside] - before)) // gain)
        days[inside] = DAYS * (week - 1) + into_week
        return days


def imagine(
    model: Model,
    spread: Spread | None,
    *,
    trials: int,
    weeks: int,
    rng: np.random.Generator,
    parts: float | None = None,
    growth: tuple[float, float] = (1.0, 1.0),
    share: float = 1.0,
) -> tuple[Paths, Counts]:
    """Imagine up to ``weeks`` weeks; with ``parts``, stop once ``share`` of trials got there.

    ``growth`` multiplies the parts asked for by a factor between its bounds, drawn per trial:
    the work that is split or discovered on the way. Returns the paths and the parts each trial
    has to finish.

    ``spread`` multiplies a trial's totals by ``exp(sigma z - sigma^2 / 2)``, one ``z`` per trial:
    a future that is better or worse than the model thought is so throughout.
    """
    # Drawn even where unused, so that the same seed gives the same futures with and without.
    stray = rng.standard_normal(trials)
    factor = growth[0] + (growth[1] - growth[0]) * rng.random(trials)
    asked = np.ceil((parts or 0.0) * factor - 1e-6).astype(np.int64)

    rows = [np.zeros(trials, dtype=np.int64)]
    total = np.zeros(trials, dtype=np.int64)
    stream = model.weeks(trials, rng)
    for week in range(1, weeks + 1):
        if parts is not None and np.count_nonzero(rows[-1] >= asked) >= share * trials:
            break
        total = total + next(stream)
        rows.append(np.maximum(rows[-1], _strayed(total, spread, week, stray)))
    return Paths(done=np.stack(rows)), asked


def _strayed(total: Counts, spread: Spread | None, week: int, stray: Floats) -> Counts:
    variance = 0.0 if spread is None else spread.at(week)
    if variance == 0:
        return np.minimum(total * PARTS, _MOST_PARTS)
    moved = total * PARTS * np.exp(np.sqrt(variance) * stray - variance / 2)
    return np.asarray(np.minimum(np.rint(moved), _MOST_PARTS), dtype=np.int64)
