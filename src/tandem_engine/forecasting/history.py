"""What a team has finished, week by week, and the range entered when there is no such record."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from tandem_engine.forecasting.errors import ForecastError
from tandem_engine.words import counted, figure, said

#: Weeks looked back on unless told otherwise. Between half a year and a year a weekly count
#: says enough about its own spread without describing a team that no longer exists.
DEFAULT_WINDOW_WEEKS = 52
LONGEST_WINDOW_WEEKS = 260

#: Below either of these a history is thin: the spread of the weeks cannot be told from luck.
ENOUGH_WEEKS = 6
ENOUGH_ACTIVE_DAYS = 5


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """Whether a history carries a forecast, and the sentence to show when it does not."""

    enough: bool
    weeks: int
    active_days: int
    sentence: str


@dataclass(frozen=True, slots=True)
class History:
    """Items finished per complete week, oldest first, weeks without any included.

    Weeks start on Monday. The period is half-open: from ``first_week`` up to, not including,
    ``until``, the Monday of the week ``today`` lies in. That last, open week is left out,
    because a week that is half over looks like a bad week; its items stand in
    ``open_week_finished``.
    """

    counts: tuple[int, ...]
    first_week: date
    until: date
    today: date
    #: Distinct days of the period on which at least one item was finished.
    active_days: int
    open_week_finished: int = 0
    #: The most items finished on a single day of the period, and that day.
    busiest_day: date | None = None
    busiest_day_finished: int = 0

    def __post_init__(self) -> None:
        if any(count < 0 for count in self.counts):
            raise ForecastError("A week cannot have fewer than zero finished items.", "finished")
        if self.until - self.first_week != timedelta(weeks=len(self.counts)):
            raise ForecastError(
                "The weekly counts and the period they cover differ in length.", "finished"
            )

    @classmethod
    def from_dates(
        cls,
        finished: Iterable[date],
        *,
        today: date,
        window_weeks: int = DEFAULT_WINDOW_WEEKS,
        since: date | None = None,
    ) -> Self:
        """Count the finish dates of items into the complete weeks before ``today``.

        At most ``window_weeks`` (1-260) weeks are looked at. The period starts with the week
        of the first finished item, or of ``since``, the day the team started, when that is
        known: idle weeks before the first finish then count too. Dates outside the period are
        ignored; a date after ``today`` is refused, for it cannot have happened.
        """
        if not 1 <= window_weeks <= LONGEST_WINDOW_WEEKS:
            raise ForecastError(
                f"Look back on 1 to {LONGEST_WINDOW_WEEKS} weeks, not {window_weeks}.",
                "window_weeks",
            )
        today = _day(today)
        days = sorted(_day(moment) for moment in finished)
        if days and days[-1] > today:
            raise ForecastError(
                said(
                    "An item is recorded as finished on %(day)s, which is after %(today)s. Correct "
                    "its finish date.",
                    day=str(days[-1]),
                    today=str(today),
                ),
                "finished",
            )
        until = monday_of(today)
        earliest = until - timedelta(weeks=window_weeks)
        begun = _day(since) if since is not None else (days[0] if days else until)
        first_week = min(max(earliest, monday_of(begun)), until)

        inside = Counter(day for day in days if first_week <= day < until)
        counts = [0] * ((until - first_week).days // 7)
        for day, count in inside.items():
            counts[(day - first_week).days // 7] += count
        busiest = max(inside, key=lambda day: (inside[day], day), default=None)
        return cls(
            counts=tuple(counts),
            first_week=first_week,
            until=until,
            today=today,
            active_days=len(inside),
            open_week_finished=sum(1 for day in days if day >= until),
            busiest_day=busiest,
            busiest_day_finished=inside[busiest] if busiest is not None else 0,
        )

    @classmethod
    def from_counts(
        cls, counts: Sequence[int], *, today: date, active_days: int | None = None
    ) -> Self:
        """A history already counted: complete weeks, oldest first, the last just before ``today``.

        Without ``active_days`` every week with finished items counts as one active day, the
        fewest it can have had.
        """
        until = monday_of(_day(today))
        return cls(
            counts=tuple(int(count) for count in counts),
            first_week=until - timedelta(weeks=len(counts)),
            until=until,
            today=_day(today),
            active_days=(
                sum(1 for count in counts if count) if active_days is None else active_days
            ),
        )

    @property
    def weeks(self) -> int:
        """Number of complete weeks."""
        return len(self.counts)

    @property
    def finished(self) -> int:
        """Items finished in the complete weeks."""
        return sum(self.counts)

    @property
    def zero_weeks(self) -> int:
        """Complete weeks in which nothing was finished."""
        return sum(1 for count in self.counts if count == 0)

    @property
    def sufficiency(self) -> Sufficiency:
        """Whether the weeks and active days carry a forecast of their own."""
        enough = self.weeks >= ENOUGH_WEEKS and self.active_days >= ENOUGH_ACTIVE_DAYS
        values: dict[str, str | int] = {
            "weeks": counted(
                "%(count)s complete week", "%(count)s complete weeks", count=self.weeks
            ),
            "days": counted(
                "%(count)s active day", "%(count)s active days", count=self.active_days
            ),
            "enough_weeks": ENOUGH_WEEKS,
            "enough_days": ENOUGH_ACTIVE_DAYS,
        }
        return Sufficiency(
            enough=enough,
            weeks=self.weeks,
            active_days=self.active_days,
            sentence=(
                said(
                    "The history has %(weeks)s with %(days)s; a forecast needs %(enough_weeks)s "
                    "weeks and %(enough_days)s active days.",
                    **values,
                )
                if enough
                else said(
                    "The history is thin: %(weeks)s with %(days)s, where %(enough_weeks)s weeks and "
                    "%(enough_days)s active days are needed. The ranges are widened; read them as a "
                    "first guess.",
                    **values,
                )
            ),
        )


@dataclass(frozen=True, slots=True)
class Range:
    """A team's pace as somebody judges it: between ``low`` and ``high`` items per week.

    Used when nothing was finished yet. The bounds are the slowest and the fastest *average*
    pace thought possible over the whole forecast, not a bad and a good week.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        for name, value in (("lowest", self.low), ("highest", self.high)):
            if not math.isfinite(value):
                raise ForecastError(f"The {name} pace must be a number.", "range")
            if value < 0:
                raise ForecastError(f"The {name} pace cannot be negative, got {value:g}.", "range")
        if self.low > self.high:
            raise ForecastError(
                said(
                    "The lowest pace, %(low)s, is above the highest, %(high)s. Swap the two.",
                    low=figure(self.low),
                    high=figure(self.high),
                ),
                "range",
            )
        if self.high == 0:
            raise ForecastError(
                said("A pace of zero never finishes anything. Enter a highest pace above zero."),
                "range",
            )


def monday_of(day: date) -> date:
    """The Monday of the week ``day`` lies in."""
    return day - timedelta(days=day.weekday())


def _day(moment: date) -> date:
    # A datetime is a date to Python, but the two do not compare.
    return moment.date() if isinstance(moment, datetime) else moment
