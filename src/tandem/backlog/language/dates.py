"""Days as people write them in a filter: ``2026-11-30``, ``2026-11``, ``today``, ``-7d``, ``+2w``."""

import calendar
import datetime
import re

from django.utils.translation import gettext_noop as N_

_RELATIVE = re.compile(r"([+-]?)(\d{1,5})([dwmy])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")
HINT = N_(
    "Write a day like 2027-03-12, a month like 2027-03, today, yesterday, tomorrow, or a distance like -7d, +2w, -3m, -1y."
)
DAY = datetime.timedelta(days=1)


def _months_on(day: datetime.date, months: int) -> datetime.date:
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def period(text: str, today: datetime.date) -> tuple[datetime.date, datetime.date] | None:
    """The days a word means, as first day and the day after the last; ``None``: it means none."""
    word = text.strip().casefold()
    named = {"today": 0, "yesterday": -1, "tomorrow": 1}
    try:
        if word in named:
            day = today + named[word] * DAY
            return day, day + DAY
        if found := _RELATIVE.fullmatch(word):
            sign, amount, unit = found.groups()
            count = int(amount) * (-1 if sign == "-" else 1)
            if unit in "dw":
                day = today + count * (7 if unit == "w" else 1) * DAY
            else:
                day = _months_on(today, count * (12 if unit == "y" else 1))
            return day, day + DAY
        if found := _MONTH.fullmatch(word):
            first = datetime.date(int(found[1]), int(found[2]), 1)
            return first, _months_on(first, 1)
        if _YEAR.fullmatch(word):
            return datetime.date(int(word), 1, 1), datetime.date(int(word) + 1, 1, 1)
        day = datetime.date.fromisoformat(word)
    except (ValueError, OverflowError):
        return None
    return day, day + DAY
