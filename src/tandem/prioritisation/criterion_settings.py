"""A criterion's settings as people write them, checked one by one."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from tandem.core.errors import Refused
from tandem.prioritisation.checks import number_of
from tandem.prioritisation.models import Lens, ScoringCriterion
from tandem.ui.filters import worded
from tandem.ui.phrases import plain
from tandem_engine.prioritisation import RESERVED

HEAVIEST: Final = 1000
MOST_ANCHORS: Final = 20
#: The settings a criterion can be given; ``slug`` and ``kind`` only when it is made.
SETTINGS: Final = (
    "name", "question", "lens", "low", "high", "step", "spacing", "direction", "weight", "unit",
    "anchors",
)  # fmt: skip
_LONGEST: Final = {"name": 80, "question": 500, "unit": 40}
_WORDS: Final = {
    "lens": tuple(Lens.values),
    "spacing": ("linear", "log"),
    "direction": ("higher", "lower"),
}
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they are kept; refuses the first one that has no meaning, naming it."""
    found: dict[str, Any] = {}
    for name, given in settings.items():
        if name in _LONGEST:
            found[name] = _text(name, given)
        elif name in _WORDS:
            if given not in _WORDS[name]:
                raise Refused(
                    _("%(name)s: one of %(known)s.")
                    % {"name": name, "known": ", ".join(_WORDS[name])},
                    field=name,
                )
            found[name] = given
        elif name == "anchors":
            found[name] = _anchors(given)
        elif name in ("low", "high", "step", "weight"):
            found[name] = number_of(given, name)
        else:
            raise Refused(_("A criterion has no setting %(name)s.") % {"name": name}, field=name)
    if "name" in found and not found["name"]:
        raise Refused(_("A criterion needs a name."), field="name")
    for name in ("low", "high", "weight"):
        if name in found and found[name] is None:
            raise Refused(_("%(name)s is a number.") % {"name": worded(name)}, field=name)
    if "weight" in found and not 0 <= found["weight"] <= HEAVIEST:
        raise Refused(
            _("A weight is a number from 0 to %(most)s.") % {"most": HEAVIEST},
            field="weight",
        )
    if found.get("step") is not None and not found["step"] > 0:
        raise Refused(_("A step is above 0; leave it empty for any value."), field="step")
    return found


def check_scale(row: ScoringCriterion) -> None:
    """Refuse a scale whose ends, spacing and levels do not go together."""
    if not row.low < row.high:
        raise Refused(
            _("The low end %(low)s must be below the high end %(high)s.")
            % {"low": plain(row.low), "high": plain(row.high)},
            field="low",
        )
    if row.spacing == "log" and row.low <= 0:
        raise Refused(_("A scale of equal ratios starts above 0."), field="low")
    if row.kind == "effort":
        if row.low <= 0:
            raise Refused(_("The smallest effort that counts is above 0."), field="low")
        if row.direction != "lower":
            raise Refused(_("Less effort is better: lower."), field="direction")
    for value, _words in row.anchors:
        if not row.low <= value <= row.high:
            raise Refused(
                _("The level %(value)s lies outside %(low)s to %(high)s.")
                % {"value": plain(value), "low": plain(row.low), "high": plain(row.high)},
                field="anchors",
            )


def slug_for(name: str, wanted: str, taken: set[str]) -> str:
    """The criterion's name in formulas: ``wanted``, or made from its name."""
    if wanted:
        if not _SLUG.fullmatch(wanted):
            raise Refused(
                _("A name in formulas has small letters, digits and _, and starts with a letter."),
                field="slug",
            )
        if wanted in taken:
            raise Refused(
                _("There is a criterion %(wanted)s already.") % {"wanted": wanted}, field="slug"
            )
        if wanted in RESERVED:
            raise Refused(
                _("%(wanted)s has a meaning in formulas; choose another.") % {"wanted": wanted},
                field="slug",
            )
        return wanted
    base = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:36] or "criterion"
    if not base[0].isalpha():
        base = f"c_{base}"[:36]
    slug, number = base, 2
    while slug in taken or slug in RESERVED:
        slug, number = f"{base}_{number}", number + 1
    return slug


def _text(name: str, given: Any) -> str:
    text = " ".join(str(given or "").replace("\x00", "").split())
    if len(text) > _LONGEST[name]:
        raise Refused(
            _("%(name)s: at most %(most)s characters.")
            % {"name": worded(name), "most": _LONGEST[name]},
            field=name,
        )
    return text


def _anchors(given: Any) -> list[list[Any]]:
    """``[[value, sentence], …]``, or lines such as ``3: Some will notice.``"""
    if isinstance(given, str):
        given = [line.split(":", 1) for line in given.splitlines() if line.strip()]
    found: dict[float, str] = {}
    for pair in given or ():
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise Refused(_("Write a level as number: sentence."), field="anchors")
        value = number_of(pair[0], "anchors")
        text = " ".join(str(pair[1]).replace("\x00", "").split())
        if value is None or not text or len(text) > 200:
            raise Refused(
                _("A level is a number and a sentence of at most 200 characters."), field="anchors"
            )
        if value in found:
            raise Refused(
                _("The level %(value)s is described twice.") % {"value": plain(value)},
                field="anchors",
            )
        found[value] = text
    if len(found) > MOST_ANCHORS:
        raise Refused(
            _("At most %(most)s levels are described.") % {"most": MOST_ANCHORS},
            field="anchors",
        )
    return [[value, found[value]] for value in sorted(found)]
