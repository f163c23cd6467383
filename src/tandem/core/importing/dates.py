"""Reading dates as trackers print them, with the order of day and month decided once for a file.

``7/9/2026`` alone is undecidable. :class:`DateEvidence` looks at all dates of a file: any part above 12 settles the
order for all of them. Without such a part the person is asked; who does not answer gets day before month and a
warning, never a silent guess.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from tandem_engine.words import said

from .errors import ImportRefused
from .month_names import MONTHS
from .words import plain

#: Day-month-year, month-day-year, year-month-day. Only dates written in digits are in question.
DATE_ORDERS = ("dmy", "mdy", "ymd")
#: Used, with a warning, when a file's dates settle nothing and nobody was asked.
DEFAULT_ORDER = "dmy"

_NUMERIC = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})(?:[T,\s]+(\S.*))?$", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z?))?$")
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?$|(\d{12,13})$")
_JOINT = r"[\s/.\-]*(?:de\s+)?"
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|º|er)?{_JOINT}([^\W\d_]+)\.?{_JOINT},?\s*(\d{{4}}|\d{{2}})(?!\d)(?:[T,\s]+(\S.*))?$"
)
_MONTH_FIRST = re.compile(
    r"([^\W\d_]+)\.?[\s/\-]*(\d{1,2})(?:st|nd|rd|th)?[,\s/\-]+(\d{4}|\d{2})(?![\d:])(?:[T,\s]+(\S.*))?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})[\s/\-]([^\W\d_]+)\.?[\s/\-](\d{1,2})(?:[T,\s]+(\S.*))?$")
_WEEKDAY = re.compile(r"[^\W\d_]{2,}\.?,?\s+")
_CLOCK = re.compile(
    r"(?:at\s+|um\s+|à\s+|às\s+|a\s+las\s+)?"
    r"(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*"
    r"([ap])?\.?\s?(?:(?<=[ap])m|(?<=[ap]\.)m|(?<=[ap]\.\s)m|(?<=[ap]\s)m)?\.?\s*"
    r"(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ZONE = re.compile(r"(?:(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?|([A-Za-z]+))(?:\s*\([^()]*\))?$")
# The names RFC 2822 section 4.3 defines, and central Europe's. Others mean several zones.
_ZONE_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "cet": 1, "cest": 2,
}  # fmt: skip
_SPACES = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200e": None, "\u200f": None}
)
_CACHE_SIZE = 20_000


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """What a file's dates say about their order.

    ``order`` is what will be used, ``certain`` whether the file (or the person) settled it. ``undecided`` counts the
    dates that read both ways, ``example`` is one of them, ``against`` counts dates that contradict ``order``.
    """

    order: str
    certain: bool
    undecided: int = 0
    example: str = ""
    against: int = 0


class DateEvidence:
    """Gathers, over all date cells of a file, what settles whether the day or the month comes first."""

    def __init__(self) -> None:
        self._day_first = self._month_first = self._open = 0
        self._example = ""

    def see(self, text: str) -> None:
        """Take one cell into account. Dates that read one way only because of their shape say nothing."""
        match = _NUMERIC.match(text.strip())
        if not match or len(match[1]) > 2 or match[2] == ".":
            return
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            self._day_first += 1
        elif second > 12 >= first:
            self._month_first += 1
        elif first != second and first <= 12:
            self._open += 1
            self._example = self._example or text.strip()

    def decide(self) -> OrderFinding:
        """The order the cells settle, by majority if they contradict each other; else the default, not certain."""
        if self._month_first > self._day_first:
            return OrderFinding("mdy", True, self._open, self._example, self._day_first)
        if self._day_first:
            return OrderFinding("dmy", True, self._open, self._example, self._month_first)
        return OrderFinding(DEFAULT_ORDER, not self._open, self._open, self._example)


class DateReader:
    """Turns a file's date texts into UTC moments or days.

    ``order`` is one of :data:`DATE_ORDERS`. ``zone`` is where clocks without a zone were read; a name unknown to the
    system raises ImportRefused.
    """

    def __init__(self, order: str = DEFAULT_ORDER, zone: str | tzinfo = UTC) -> None:
        if order not in DATE_ORDERS:
            raise ImportRefused(
                said(
                    "“%(order)s” is not an order of dates. Use dmy (31/12/2026), mdy (12/31/2026) or ymd (2026/12/31).",
                    order=order,
                )
            )
        self.order = order
        self.zone = zone_named(zone) if isinstance(zone, str) else zone
        self._known: dict[str, datetime | None] = {}

    def moment(self, text: str) -> datetime:
        """The moment in UTC; a day without a clock begins at its midnight. Raises ValueError for anything else."""
        if text not in self._known:
            if len(self._known) >= _CACHE_SIZE:
                self._known.clear()
            self._known[text] = self._read(text)
        found = self._known[text]
        if found is None:
            raise ValueError("not a date")
        return found

    def day(self, text: str) -> date:
        """The day in the reader's zone. Raises ValueError for what is not a date."""
        return self.moment(text).astimezone(self.zone).date()

    def _read(self, text: str) -> datetime | None:
        try:
            naive, zone = self._parts(text.translate(_SPACES).strip())
            if not 1900 <= naive.year <= 2200:
                return None  # a number that happens to look like a date
            return naive.replace(tzinfo=zone or self.zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def _parts(self, text: str) -> tuple[datetime, tzinfo | None]:
        if len(text) > 100:
            raise ValueError("too long for a date")
        if match := _NUMERIC.match(text):
            return _with_clock(*self._ordered(match[1], match[3], match[4], match[2]), match[5])
        if match := _COMPACT.match(text):
            hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
            moment = datetime(int(match[1]), int(match[2]), int(match[3]), hour, minute, second)
            return moment, UTC if match[7] else None
        if match := _EPOCH.match(text):
            seconds = int(match[1]) if match[1] else int(match[2]) / 1000
            return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), UTC
        return _named(text)

    def _ordered(self, first: str, second: str, third: str, separator: str) -> tuple[int, int, int]:
        if len(first) == 4:
            return int(first), int(second), int(third)
        # Dots are written day first wherever they are written.
        order = "dmy" if separator == "." and self.order == "mdy" else self.order
        if order == "ymd" and len(first) == 2 and len(third) <= 2:
            return _year(first), int(second), int(third)
        if len(first) == 3 or len(third) not in (2, 4):
            raise ValueError("not a year")
        if order == "mdy":
            return _year(third), int(first), int(second)
        return _year(third), int(second), int(first)


def zone_named(name: str) -> tzinfo:
    """The time zone of that name (``Europe/Berlin``, ``UTC``). Raises ImportRefused when the system knows none."""
    try:
        return UTC if name.upper() in ("UTC", "GMT", "Z") else ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise ImportRefused(
            said(
                "There is no time zone “%(name)s”. Use a name like Europe/Berlin, America/New_York or UTC.",
                name=name,
            )
        ) from error


def _named(text: str) -> tuple[datetime, tzinfo | None]:
    for candidate in (text, _WEEKDAY.sub("", text, count=1)):
        if (match := _DAY_FIRST.match(candidate)) and (month := MONTHS.get(plain(match[2]))):
            return _with_clock(_year(match[3]), month, int(match[1]), match[4])
        if (match := _MONTH_FIRST.match(candidate)) and (month := MONTHS.get(plain(match[1]))):
            return _with_clock(_year(match[3]), month, int(match[2]), match[4])
        if (match := _YEAR_FIRST.match(candidate)) and (month := MONTHS.get(plain(match[2]))):
            return _with_clock(int(match[1]), month, int(match[3]), match[4])
    raise ValueError("not a date")


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 70 else 1900)  # the pivot of POSIX strptime


def _with_clock(
    year: int, month: int, day: int, rest: str | None
) -> tuple[datetime, tzinfo | None]:
    moment = datetime(year, month, day)
    if not rest:
        return moment, None
    clock = _CLOCK.match(rest.strip())
    if not clock:
        return moment, _zone(rest.strip())
    hour, minute, second = (int(part or 0) for part in clock.group(1, 2, 3))
    if half := (clock[5] or "").lower():
        if not 1 <= hour <= 12:
            raise ValueError("not an hour of a half day")
        hour = hour % 12 + (12 if half == "p" else 0)
    micro = int((clock[4] or "0")[:6].ljust(6, "0"))
    return moment.replace(hour=hour, minute=minute, second=second, microsecond=micro), _zone(
        clock[6].strip()
    )


def _zone(text: str) -> tzinfo | None:
    if not text:
        return None
    match = _ZONE.match(text)
    if not match:
        raise ValueError("not a time zone")
    if match[4]:
        if match[4].lower() not in _ZONE_HOURS:
            raise ValueError("not a time zone")
        return timezone(timedelta(hours=_ZONE_HOURS[match[4].lower()]))
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-offset if match[1] == "-" else offset)
