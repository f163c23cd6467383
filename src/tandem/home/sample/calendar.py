"""When things happened in the sample: everything counts from the running sprint's Monday.

Counting from that Monday and not from today keeps the order of all moments, and with it every
item's number, the same on whichever weekday the sample is made.
"""

import datetime
import random
from dataclasses import dataclass

from tandem.home.sample.reading import RUNNING_SPRINT, SampleItem

SPRINT_DAYS = 14
#: The sprint of the summer holidays: a smaller team, and nothing finished in its second week.
HOLIDAY_SPRINT = 6
#: The day the company began to use Tandem, before the running sprint's Monday.
FOUNDED = -200


def chance(name: str) -> random.Random:
    """A source of small differences that depends on nothing but the name."""
    return random.Random(f"skerry:{name}")  # noqa: S311  (believable dates, no secret)


@dataclass(frozen=True)
class Calendar:
    today: datetime.date

    @property
    def base(self) -> datetime.date:
        """The Monday the running sprint began: 7 to 13 days before today."""
        return self.today - datetime.timedelta(days=self.today.weekday() + 7)

    def day(self, offset: float) -> datetime.date:
        return self.base + datetime.timedelta(days=int(offset // 1))

    def moment(self, offset: float) -> datetime.datetime:
        """``offset`` days after the base, in working hours; weekends move to the Friday before."""
        day = self.day(offset)
        day -= datetime.timedelta(days=max(0, day.weekday() - 4))
        # A day's fraction falls into working hours, 7:30 to 17:30.
        seconds = round((7.5 + 10 * (offset % 1)) * 3600)
        midnight = datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
        return midnight + datetime.timedelta(seconds=seconds)

    def ago(self, days: int, name: str) -> datetime.datetime:
        """In the working hours of the day ``days`` before today."""
        day = self.today - datetime.timedelta(days=days)
        midnight = datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
        return midnight + datetime.timedelta(minutes=480 + chance(name).randrange(540))

    def sprint(self, number: int) -> tuple[datetime.date, datetime.date]:
        """First day and end day (not included) of a team's sprint."""
        start = self.day(sprint_offset(number))
        return start, start + datetime.timedelta(days=SPRINT_DAYS)


def sprint_offset(number: int) -> int:
    return SPRINT_DAYS * (number - RUNNING_SPRINT)


@dataclass(frozen=True)
class Life:
    """An item's turning points as offsets in days; ``None``: it did not come to that yet."""

    created: float
    described: float
    estimated: float | None
    rated: float
    ready: float | None
    started: float | None
    reviewed: float | None
    finished: float | None
    dropped: float | None


def life_of(item: SampleItem, finish_day: float | None = None) -> Life:
    """Believable turning points; ``finish_day`` is the offset the item was finished at."""
    dice = chance(item.slug)
    hours = dice.uniform(0.05, 0.85)
    if finish_day is not None:
        work = 1.2 + min(9.0, 0.7 * item.estimate[1]) * dice.uniform(0.6, 1.2)
        started = _within(finish_day - work, item)
        created = max(FOUNDED + 10, started - dice.uniform(14, 45))
    elif item.taken is not None:
        started = sprint_offset(item.taken) + dice.uniform(0.4, 3.6)
        created = sprint_offset(item.taken) - dice.uniform(20, 70)
    else:
        created = -dice.uniform(30, 165) if item.ratings else -dice.uniform(3, 12)
        started = None
    created = int(created) + hours
    described = created + dice.uniform(0.02, 0.08)
    step = 0.3 if not item.ratings else 1.0
    estimated = created + step * dice.uniform(1, 6) if item.estimate else None
    rated = max(created + step * dice.uniform(2, 9), -150.0)
    begun = item.status in ("In progress", "In review", "Done")
    ready = None
    if begun or item.status == "Ready":
        ready = created + dice.uniform(6, 12)
        if started is not None:
            ready = min(ready, started - 0.5)
    reviewed = None
    if finish_day is not None and started is not None:
        reviewed = started + (finish_day - started) * dice.uniform(0.6, 0.9)
    elif item.status == "In review":
        reviewed = 4 + dice.uniform(0.3, 0.9)
    return Life(
        created=created,
        described=described,
        estimated=estimated,
        rated=min(rated, 6.5),
        ready=ready,
        started=started if begun else None,
        reviewed=reviewed,
        finished=finish_day,
        dropped=created + dice.uniform(10, 25) if item.status == "Dropped" else None,
    )


def _within(started: float, item: SampleItem) -> float:
    """Work begins in working hours and not before the sprint the item was taken into."""
    earliest = sprint_offset(item.taken or RUNNING_SPRINT) + 0.4
    day = max(int(started // 1), int(earliest // 1))
    return day + chance(f"{item.slug}:start").uniform(0.1, 0.5)


def finish_days(items: list[SampleItem]) -> dict[str, float]:
    """When each finished item was finished: spread over the working days of its sprint."""
    days: dict[str, float] = {}
    for number in sorted({item.done for item in items if item.done}):
        for team in sorted({item.team for item in items}):
            group = [item for item in items if item.done == number and item.team == team]
            # The running sprint has seen one week; of the holidays only the first was worked in.
            working = 5 if number in (HOLIDAY_SPRINT, RUNNING_SPRINT) else 10
            for position, item in enumerate(
                sorted(group, key=lambda each: chance(each.slug).random())
            ):
                dice = chance(f"{item.slug}:finish")
                share = (position + dice.uniform(0.45, 1.0)) / len(group)
                index = min(working - 1, max(1, int(share * working)))
                days[item.slug] = (
                    sprint_offset(number)
                    + index
                    + (2 if index > 4 else 0)
                    + dice.uniform(0.6, 0.95)
                )
    return days
