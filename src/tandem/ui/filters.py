"""How dates and numbers are written, everywhere the same."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, ngettext, npgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem_engine.words import Begun, Figure, Joined, Said

#: Between thousands, before decimals.
ENGLISH = ",."
#: Spans behind "ago": German has its own case there, which Django's own translations lack.
AGO: Any = {
    "year": npgettext_lazy("ago", "%(num)d year", "%(num)d years", "num"),
    "month": npgettext_lazy("ago", "%(num)d month", "%(num)d months", "num"),
    "week": npgettext_lazy("ago", "%(num)d week", "%(num)d weeks", "num"),
    "day": npgettext_lazy("ago", "%(num)d day", "%(num)d days", "num"),
    "hour": npgettext_lazy("ago", "%(num)d hour", "%(num)d hours", "num"),
    "minute": npgettext_lazy("ago", "%(num)d minute", "%(num)d minutes", "num"),
}
#: What products are estimated in and spans are told in, for one and for many; others stay as written.
UNITS = {
    "points": (N_("point"), N_("points")),
    "days": (N_("day"), N_("days")),
    "hours": (N_("hour"), N_("hours")),
    "weeks": (N_("week"), N_("weeks")),
    "sprints": (N_("sprint"), N_("sprints")),
    "items": (N_("item"), N_("items")),
}

__all__ = [
    "ago",
    "amount",
    "day",
    "decimal_mark",
    "figure",
    "initials",
    "inside",
    "iso",
    "listed",
    "moment",
    "month",
    "number",
    "spoken",
    "translated",
    "unit",
    "worded",
]


def day(value: datetime.date | None, default: str = "") -> str:
    """``12 Mar 2026``; in the workspace's zone when a moment is given."""
    if value is None:
        return default
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    if get_language() in ("en", None):
        return f"{value.day} {value:%b %Y}"  # what Django's own says in a sixth of the time
    # Translators: a day, in Django's letters: j day, M month, Y year
    return date_format(value, _("j M Y"))


def month(value: datetime.date) -> str:
    """``March 2026``."""
    # Translators: a month, in Django's letters: F month, Y year
    return date_format(value, _("F Y"))


def moment(value: datetime.datetime | None, default: str = "") -> str:
    """``12 Mar 2026, 14:05`` in the workspace's zone."""
    if value is None:
        return default
    local = timezone.localtime(value)
    return f"{day(local)}, {local:%H:%M}"


def ago(value: datetime.datetime | None) -> str:
    """``3 hours ago``; ``just now`` within a minute."""
    if value is None:
        return ""
    since = timesince(value, depth=1, time_strings=AGO)
    return _("just now") if since.startswith("0") else _("%(time)s ago") % {"time": since}


def number(value: Any, digits: int = 0, default: str = "–") -> str:
    """A number with a fixed count of digits and marks between thousands, as charts write it."""
    if value is None:
        return default
    text = f"{float(value):,.{digits}f}".replace("-", "−")
    marks = _marks()
    return text if marks == ENGLISH else text.translate(str.maketrans(ENGLISH, marks))


def decimal_mark() -> str:
    """What stands before decimals."""
    return _marks()[1]


def _marks() -> str:
    if get_language() in ("en", None):
        return ENGLISH
    # Translators: what stands between thousands and what before decimals, as in "10,000.5"
    return _(",.")


def figure(value: Any, most: int = 1) -> str:
    """A number as people write it: ``8``, ``2.5``; at most ``most`` digits after the point."""
    if value is None:
        return "–"
    text, decimals = number(value, most), _marks()[1]
    return text.rstrip("0").rstrip(decimals) if decimals in text else text


def amount(value: Any, name: str, most: int = 1) -> str:
    """A figure with its unit in the right number: ``1 point``, ``2.5 points``, ``8 days``."""
    return f"{figure(value, most)} {unit(value, name, most)}".rstrip()


def unit(value: Any, name: str, most: int = 1) -> str:
    """The unit's name as it stands behind ``value``: ``point`` where the figure shown is 1."""
    singular = figure(value, most) == "1" and name.endswith("s") and not name.endswith("ss")
    one, many = UNITS.get(name, ("", ""))
    if many:
        return _(one) if singular else _(many)
    return name[:-1] if singular else name


def inside(name: str) -> str:
    """A name as it stands inside a sentence: English writes it small, German keeps its capitals."""
    return str(name).lower() if get_language() in ("en", None) else str(name)


def worded(name: str) -> str:
    """A field's name in data as people read it: ``Due date`` for ``due_date``."""
    words = str(name).replace("_", " ").strip()
    return _(words.capitalize()) if words else ""


def translated(text: str) -> str:
    """A word that is known only now, in the reader's language, escaped as any other value.

    ``_(text)`` would write it out as it is: what templates ask ``_`` for is markup of their own.
    """
    return _(text) if text else ""


def spoken(sentence: Any) -> Any:
    """A sentence of the engine in the reader's language; any other text or value as it is."""
    if get_language() in ("en", None):
        return sentence  # still with its parts, for who keeps it
    if isinstance(sentence, Said):
        values = {name: spoken(value) for name, value in sentence.values}
        if sentence.many:
            return ngettext(sentence.text, sentence.many, values["count"]) % values
        return _(sentence.text) % values
    if isinstance(sentence, Figure):
        return _written(sentence)
    if isinstance(sentence, Joined):
        return "".join(spoken(part) for part in sentence.parts)
    if isinstance(sentence, Begun):
        words = spoken(sentence.words)
        return words[:1].upper() + words[1:] if sentence.large else words
    return sentence


def _written(figure: str) -> str:
    """An English number with the language's marks."""
    marks = _marks()
    written = figure if marks == ENGLISH else figure.translate(str.maketrans(ENGLISH, marks))
    if not written.endswith("%"):
        return written
    # Translators: a share, such as "40 %"
    return _("%(number)s %%") % {"number": written[:-1]}


def initials(name: str) -> str:
    """``AO`` for Ada Okafor; one letter for one word, ``?`` for no name."""
    words = str(name).split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def iso(value: datetime.date | datetime.datetime | None) -> str:
    """What a ``<time datetime="…">`` takes: UTC for a moment, the day for a date."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def listed(value: Any) -> Any:
    """A list as words between commas; ``yes`` and ``no`` for a truth; anything else as it is."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(each) for each in value) or _("none")
    return value
