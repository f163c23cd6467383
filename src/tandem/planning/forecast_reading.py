"""A forecast as the page reads it out: headline, answers, pictures, where it comes from."""

import datetime
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from tandem.planning.forecast_pictures import Picture, fan_picture, record_picture, weeks_picture
from tandem.planning.models import Forecast, ForecastQuestion
from tandem.planning.sayings import reworded
from tandem.ui.filters import day, figure, number, spoken

METHODS = {
    "steady": N_("Learned pace (steady model)"),
    "bootstrap": N_("Repeated weeks (bootstrap)"),
    "range": N_("Entered range"),
    "teams": N_("Each team at its own pace"),
}
NOTES = {
    "50": N_("as likely early as late"),
    "70": N_("two times in three"),
    "85": N_("the one to promise"),
    "95": N_("when it must hold"),
}
PARAMETERS = {
    "items_per_week": N_("Items per week now"),
    "delta": N_("Weight of the week before"),
    "phi": N_("Spread of the weeks over chance"),
    "low": N_("Slowest pace"),
    "high": N_("Fastest pace"),
}
_ANSWER = re.compile(r"\d+ %: ")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def worded(sentence: str) -> str:
    """A sentence in the reader's language, its days written as everywhere: ``12 Mar 2026``."""

    def written(found: re.Match[str]) -> str:
        try:
            return day(datetime.date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    return _ISO_DAY.sub(written, str(spoken(sentence)))


@dataclass(frozen=True)
class Promise:
    """The answer at one percentile: a day (``None``: beyond) or a number of items."""

    share: str
    day: datetime.date | None
    items: int | None
    text: str
    note: str
    #: The same as ``text`` below a heading: ``after 12 Mar 2036``, ``30 items``.
    short: str = ""


@dataclass(frozen=True)
class Reading:
    """Everything a page says about one forecast, kept or only looked at."""

    forecast: Forecast
    #: The kept forecast before it that answered the same question.
    before: Forecast | None = None

    @property
    def question(self) -> str:
        return self.forecast.question

    @property
    def counts_items(self) -> bool:
        return self.question == ForecastQuestion.HOW_MANY

    @cached_property
    def subject(self) -> str:
        """What the answer is about: ``30 items``, ``by 12 Mar 2026``, ``the plan Autumn``."""
        asked = self.forecast.asked
        if self.counts_items:
            return _("By %(day)s") % {"day": day(datetime.date.fromisoformat(asked["by"]))}
        items = _items(asked["items"])
        if self.question == ForecastQuestion.PLAN:
            plan = self.forecast.plan
            if plan is None:
                return _("A deleted plan, %(items)s left") % {"items": items}
            return _("Plan %(name)s, %(items)s left") % {"name": plan.scenario.name, "items": items}
        return _("All %(items)s open") % {"items": items} if asked.get("everything_open") else items

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        return tuple(self._promise(share) for share in self.forecast.percentiles)

    @property
    def promise(self) -> Promise:
        """The one at 85 %."""
        return self._promise("85")

    def _promise(self, share: str) -> Promise:
        value = self.forecast.percentiles.get(share)
        note = reworded(NOTES.get(share, ""))
        if self.counts_items:
            items = _items(value)
            least = _("at least %(items)s") % {"items": items}
            return Promise(share, None, value, least, note, items)
        if value is None:
            beyond = {"day": self._beyond}
            later = _("later than %(day)s") % beyond
            return Promise(share, None, None, later, note, _("after %(day)s") % beyond)
        when = datetime.date.fromisoformat(value)
        return Promise(share, when, None, _("by %(day)s") % {"day": day(when)}, note, day(when))

    @property
    def _beyond(self) -> str:
        text = self.forecast.details.get("beyond")
        return day(datetime.date.fromisoformat(text)) if text else _("ten years ahead")

    @cached_property
    def headline(self) -> str:
        """``30 items: 85 % by 12 Mar 2026`` in one line, for titles and messages."""
        return _("%(subject)s: %(answer)s") % {"subject": self.subject, "answer": self.short_answer}

    @property
    def short_answer(self) -> str:
        """``85 % by 12 Mar 2026``."""
        return _shared(self.promise)

    @cached_property
    def sentence(self) -> str:
        """What the number means, for the tip on it."""
        others = ", ".join(map(_shared, self.promises))
        return _("Of the imagined futures: %(answers)s.") % {"answers": others}

    @cached_property
    def was(self) -> Promise | None:
        """The earlier answer at 85 %, where it differs."""
        if self.before is None:
            return None
        old = Reading(self.before).promise
        return old if (old.day, old.items) != (self.promise.day, self.promise.items) else None

    @cached_property
    def slip(self) -> str:
        """How far the answer moved since it was last kept, in words."""
        if self.was is None or self.before is None:
            return ""
        since = day(datetime.date.fromisoformat(self.before.asked["today"]))
        if self.was.items is not None and self.promise.items is not None:
            more = self.promise.items - self.was.items
            said = (
                _("%(items)s more than on %(day)s")
                if more > 0
                else _("%(items)s fewer than on %(day)s")
            )
            return said % {"items": _items(abs(more)), "day": since}
        if self.was.day is not None and self.promise.day is not None:
            days = (self.promise.day - self.was.day).days
            said = (
                ngettext(
                    "%(count)s day later than on %(day)s",
                    "%(count)s days later than on %(day)s",
                    days,
                )
                if days > 0
                else ngettext(
                    "%(count)s day earlier than on %(day)s",
                    "%(count)s days earlier than on %(day)s",
                    -days,
                )
            ) % {"count": number(abs(days)), "day": since}
        else:
            said = _("%(answer)s was the answer on %(day)s") % {
                "answer": self.was.text,
                "day": since,
            }
        return self._when_left(said)

    def _when_left(self, said: str) -> str:
        """The same, with how much was left then, where that differs."""
        left = self.before.asked.get("items") if self.before else None
        if self.before is None or left == self.forecast.asked.get("items"):
            return said
        return ngettext(
            "%(said)s, when %(items)s was left", "%(said)s, when %(items)s were left", left or 0
        ) % {"said": said, "items": _items(left)}

    @cached_property
    def fan(self) -> Picture | None:
        middle = self._promise("50").text
        if self.counts_items:
            title = _("%(subject)s half of the futures finish %(middle)s, %(answer)s")
        else:
            title = _("Half of the futures finish %(middle)s, %(answer)s")
        values = {"subject": self.subject, "middle": middle, "answer": self.short_answer}
        return fan_picture(self.forecast, title % values)

    @cached_property
    def weeks(self) -> Picture | None:
        title = _("The week it is finished in")
        early, late = self._promise("50").day, self._promise("95").day
        if early and late:
            between = max(1, round((late - early).days / 7))
            title = ngettext(
                "The week it is finished in: %(count)s week between the 50 %% and the 95 %% day",
                "The week it is finished in: %(count)s weeks between the 50 %% and the 95 %% day",
                between,
            ) % {"count": between}
        return weeks_picture(self.forecast, title)

    @cached_property
    def record(self) -> Picture | None:
        return record_picture(self.forecast)

    @property
    def teams(self) -> list[dict[str, Any]]:
        """Each team of a plan with its own days, where they are forecast apart."""
        found = self.forecast.details.get("teams") or []
        if len(found) < 2:
            return []
        return [
            {
                "name": team["name"],
                "left": team["items"],
                "days": {
                    f"{100 * each['probability']:g}": datetime.date.fromisoformat(each["on"])
                    if each["on"]
                    else None
                    for each in team["percentiles"]
                },
            }
            for team in found
        ]

    @property
    def checked(self) -> dict[str, Any] | None:
        """How often past forecasts of this length held."""
        found: dict[str, Any] | None = self.forecast.details.get("checked")
        return found

    @property
    def notes(self) -> list[str]:
        return [worded(self.forecast.say(note)) for note in self.forecast.details.get("notes", [])]

    @property
    def checked_sentence(self) -> str:
        return worded(self.forecast.say(self.checked["sentence"])) if self.checked else ""

    @property
    def explanation(self) -> list[str]:
        """The derivation in sentences, without the answers, which stand in the tree."""
        lines = self.forecast.details.get("explanation", [])
        return [worded(self.forecast.say(line)) for line in lines if not _ANSWER.match(line)]

    @property
    def method(self) -> str:
        return _(METHODS.get(self.forecast.method, self.forecast.method))

    @property
    def made(self) -> str:
        """Where the calculation can be found again."""
        forecast = self.forecast
        return _("Asked on %(day)s, engine %(engine)s, seed %(seed)s, inputs %(inputs)s…") % {
            "day": day(datetime.date.fromisoformat(forecast.asked["today"])),
            "engine": forecast.engine_version,
            "seed": forecast.seed,
            "inputs": forecast.fingerprint[:8],
        }

    @cached_property
    def why(self) -> list[dict[str, Any]]:
        """The inputs as a tree for the why panel."""
        asked, details = self.forecast.asked, self.forecast.details
        nodes: list[dict[str, Any]] = [{"label": _("Question"), "value": self.subject}]
        history = details.get("history")
        if asked.get("range"):
            low, high = asked["range"]
            nodes.append(
                {
                    "label": _("Entered range"),
                    "value": _("%(low)s to %(high)s items a week")
                    % {"low": figure(low), "high": figure(high)},
                }
            )
        elif history:
            nodes.append(
                {
                    "label": _("Record of finished items"),
                    "value": ngettext(
                        "%(items)s in %(count)s weeks",
                        "%(items)s in %(count)s weeks",
                        history["weeks"],
                    )
                    % {"items": _items(history["finished"]), "count": history["weeks"]},
                    "source": worded(
                        _(
                            "Complete weeks from %(first)s up to, not including, %(until)s; epics "
                            "not counted, idle weeks counted."
                        )
                        % {"first": history["first_week"], "until": history["until"]}
                    ),
                }
            )
        nodes.append({"label": _("Method"), "value": self.method, "children": self._parameters()})
        if self.checked:
            nodes.append(
                {
                    "label": _("Checked against the past"),
                    "value": "",
                    "source": ngettext(
                        "%(count)s weeks ahead: %(sentence)s",
                        "%(count)s weeks ahead: %(sentence)s",
                        self.checked["horizon_weeks"],
                    )
                    % {
                        "count": self.checked["horizon_weeks"],
                        "sentence": self.checked_sentence,
                    },
                }
            )
        nodes.append({"label": _("Imagined futures"), "value": number(details.get("trials"))})
        nodes.append(
            {
                "label": _("Answers"),
                "value": "",
                "children": [
                    {"label": f"{each.share} %", "value": each.text} for each in self.promises
                ],
            }
        )
        return nodes

    def _parameters(self) -> list[dict[str, str]]:
        return [
            {"label": _(PARAMETERS[name]), "value": figure(value, 3 if name == "delta" else 1)}
            for name, value in self.forecast.details.get("parameters") or []
            if name in PARAMETERS
        ]


def _items(count: float | None) -> str:
    return ngettext("%(count)s item", "%(count)s items", count or 0) % {"count": number(count)}


def _shared(promise: Promise) -> str:
    return _("%(share)s %% %(answer)s") % {"share": promise.share, "answer": promise.text}
