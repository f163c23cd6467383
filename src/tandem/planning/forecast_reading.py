"""A forecast as the page reads it out: headline, answers, pictures, where it comes from."""

import datetime
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tandem.planning.forecast_pictures import Picture, fan_picture, record_picture, weeks_picture
from tandem.planning.models import Forecast, ForecastQuestion
from tandem.ui.filters import day, figure, number

METHODS = {
    "steady": "Learned pace (steady model)",
    "bootstrap": "Repeated weeks (bootstrap)",
    "range": "Entered range",
    "teams": "Each team at its own pace",
}
NOTES = {
    "50": "as likely early as late",
    "70": "two times in three",
    "85": "the one to promise",
    "95": "when it must hold",
}
_ANSWER = re.compile(r"\d+ %: ")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def worded(sentence: str) -> str:
    """The engine's sentence with its days written as everywhere: ``12 Mar 2026``."""

    def written(found: re.Match[str]) -> str:
        try:
            return day(datetime.date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    return _ISO_DAY.sub(written, sentence)


@dataclass(frozen=True)
class Promise:
    """The answer at one percentile: a day (``None``: beyond) or a number of items."""

    share: str
    day: datetime.date | None
    items: int | None
    text: str
    note: str


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
            return f"By {day(datetime.date.fromisoformat(asked['by']))}"
        items = _items(asked["items"])
        if self.question == ForecastQuestion.PLAN:
            plan = self.forecast.plan
            name = f"Plan {plan.scenario.name}" if plan else "A deleted plan"
            return f"{name}, {items} left"
        return f"All {items} open" if asked.get("everything_open") else items

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        return tuple(self._promise(share) for share in self.forecast.percentiles)

    @property
    def promise(self) -> Promise:
        """The one at 85 %."""
        return self._promise("85")

    def _promise(self, share: str) -> Promise:
        value = self.forecast.percentiles.get(share)
        note = NOTES.get(share, "")
        if self.counts_items:
            return Promise(share, None, value, f"at least {_items(value)}", note)
        if value is None:
            return Promise(share, None, None, f"later than {self._beyond}", note)
        when = datetime.date.fromisoformat(value)
        return Promise(share, when, None, f"by {day(when)}", note)

    @property
    def _beyond(self) -> str:
        text = self.forecast.details.get("beyond")
        return day(datetime.date.fromisoformat(text)) if text else "ten years ahead"

    @cached_property
    def headline(self) -> str:
        """``30 items: 85 % by 12 Mar 2026`` in one line, for titles and messages."""
        return f"{self.subject}: 85 % {self.promise.text}"

    @cached_property
    def sentence(self) -> str:
        """What the number means, for the tip on it."""
        others = ", ".join(f"{each.share} % {each.text}" for each in self.promises)
        return f"Of the imagined futures: {others}."

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
            return f"{_items(abs(more))} {'more' if more > 0 else 'fewer'} than on {since}"
        left, now = self.before.asked.get("items"), self.forecast.asked.get("items")
        scope = (
            f", when {_items(left)} {'was' if left == 1 else 'were'} left" if left != now else ""
        )
        if self.was.day is not None and self.promise.day is not None:
            days = (self.promise.day - self.was.day).days
            moved = f"{number(abs(days))} {'day' if abs(days) == 1 else 'days'}"
            return f"{moved} {'later' if days > 0 else 'earlier'} than on {since}{scope}"
        return f"{self.was.text} was the answer on {since}{scope}"

    @cached_property
    def fan(self) -> Picture | None:
        middle = self._promise("50").text
        if self.counts_items:
            title = f"{self.subject} half of the futures finish {middle}, 85 % {self.promise.text}"
        else:
            title = f"Half of the futures finish {middle}, 85 % {self.promise.text}"
        return fan_picture(self.forecast, title)

    @cached_property
    def weeks(self) -> Picture | None:
        width = ""
        early, late = self._promise("50").day, self._promise("95").day
        if early and late:
            between = max(1, round((late - early).days / 7))
            width = f": {between} {'week' if between == 1 else 'weeks'} between the 50 % and the 95 % day"
        return weeks_picture(self.forecast, f"The week it is finished in{width}")

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
        return [worded(note) for note in self.forecast.details.get("notes", [])]

    @property
    def explanation(self) -> list[str]:
        """The derivation in sentences, without the answers, which stand in the tree."""
        lines = self.forecast.details.get("explanation", [])
        return [worded(line) for line in lines if not _ANSWER.match(line)]

    @property
    def method(self) -> str:
        return METHODS.get(self.forecast.method, self.forecast.method)

    @property
    def made(self) -> str:
        """Where the calculation can be found again."""
        forecast = self.forecast
        return (
            f"Asked on {day(datetime.date.fromisoformat(forecast.asked['today']))}, engine "
            f"{forecast.engine_version}, seed {forecast.seed}, inputs {forecast.fingerprint[:8]}…"
        )

    @cached_property
    def why(self) -> list[dict[str, Any]]:
        """The inputs as a tree for the why panel."""
        asked, details = self.forecast.asked, self.forecast.details
        nodes: list[dict[str, Any]] = [{"label": "Question", "value": self.subject}]
        history = details.get("history")
        if asked.get("range"):
            low, high = asked["range"]
            nodes.append(
                {"label": "Entered range", "value": f"{figure(low)} to {figure(high)} items a week"}
            )
        elif history:
            nodes.append(
                {
                    "label": "Record of finished items",
                    "value": f"{_items(history['finished'])} in {history['weeks']} weeks",
                    "source": worded(
                        f"Complete weeks from {history['first_week']} up to, not including, "
                        f"{history['until']}; epics not counted, idle weeks counted."
                    ),
                }
            )
        nodes.append({"label": "Method", "value": self.method, "children": self._parameters()})
        if self.checked:
            nodes.append(
                {
                    "label": "Checked against the past",
                    "value": "",
                    "source": f"{self.checked['horizon_weeks']} weeks ahead: {self.checked['sentence']}",
                }
            )
        nodes.append({"label": "Imagined futures", "value": number(details.get("trials"))})
        nodes.append(
            {
                "label": "Answers",
                "value": "",
                "children": [
                    {"label": f"{each.share} %", "value": each.text} for each in self.promises
                ],
            }
        )
        return nodes

    def _parameters(self) -> list[dict[str, str]]:
        words = {
            "items_per_week": "Items per week now",
            "delta": "Weight of the week before",
            "phi": "Spread of the weeks over chance",
            "low": "Slowest pace",
            "high": "Fastest pace",
        }
        return [
            {"label": words[name], "value": figure(value, 3 if name == "delta" else 1)}
            for name, value in self.forecast.details.get("parameters") or []
            if name in words
        ]


def _items(count: float | None) -> str:
    return "1 item" if count == 1 else f"{number(count)} items"
