"""A forecast as it is stored, shown and checked later."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

from tandem_engine.forecasting.calibration import Calibration
from tandem_engine.forecasting.explain import derivation
from tandem_engine.words import figure, said

Kind = Literal["when", "how_many", "plan"]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked on the day ``today``: when ``items`` are finished, or how many ``by`` a day."""

    kind: Kind
    today: date
    items: float | None = None
    by: date | None = None
    #: Factor range for work that is split or discovered on the way; (1, 1) is none.
    growth: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Percentile:
    """The answer that holds with ``probability``.

    For "when" either ``on``, the day by whose end the work is finished with that probability,
    or ``beyond``, the last day imagined, when it is not finished by then: no date is made up.
    For "how many" ``items``, the number reached or passed with that probability.
    """

    probability: float
    on: date | None = None
    beyond: date | None = None
    items: int | None = None

    @property
    def text(self) -> str:
        """The answer in words: ``85 %: by 2026-11-02``."""
        share = figure(100 * self.probability)
        if self.items is not None:
            return said("%(share)s %%: at least %(count)s", share=share, count=self.items)
        if self.on is not None:
            return said("%(share)s %%: by %(day)s", share=share, day=self.on.isoformat())
        return said("%(share)s %%: beyond %(day)s", share=share, day=str(self.beyond))


@dataclass(frozen=True, slots=True)
class HistorySummary:
    """The record a forecast looked back on; ``until`` is the first day after it."""

    weeks: int
    finished: int
    first_week: date
    until: date
    counts: tuple[int, ...]
    active_days: int
    enough: bool


@dataclass(frozen=True, slots=True)
class Band:
    """In ``probability`` of the trials no more than ``items[k]`` were finished by ``Fan.days[k]``."""

    probability: float
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fan:
    """Items finished in all, week by week from today, at the 5, 15, 50, 85 and 95 % levels."""

    days: tuple[date, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class CompletionWeek:
    """The chance to finish within the seven days up to and including ``until``."""

    until: date
    share: float
    #: The chance to be finished by then.
    by_then: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Chances of the finishing week; ``later`` is what remains after the last week shown."""

    weeks: tuple[CompletionWeek, ...]
    later: float


@dataclass(frozen=True, slots=True)
class TeamPart:
    """One team's share of a plan, and when it alone is finished."""

    name: str
    items: float
    method: str
    parameters: tuple[tuple[str, float], ...]
    history: HistorySummary | None
    calibration: Calibration | None
    percentiles: tuple[Percentile, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A simulated answer with everything needed to show it, check it and repeat it.

    The same inputs and ``seed`` give the same forecast under the same ``engine_version``;
    ``fingerprint`` identifies the inputs.
    """

    question: Question
    percentiles: tuple[Percentile, ...]
    #: ``steady``, ``bootstrap`` or ``range``; for a plan of several teams ``teams``.
    method: str
    parameters: tuple[tuple[str, float], ...]
    seed: int
    trials: int
    #: None where the pace was entered, and for a plan of several teams (see ``teams``).
    history: HistorySummary | None
    #: None where no widening was wanted, and for a plan of several teams.
    calibration: Calibration | None
    notes: tuple[str, ...]
    fan: Fan | None
    histogram: Histogram | None
    teams: tuple[TeamPart, ...]
    fingerprint: str
    engine_version: str

    def percentile(self, probability: float) -> Percentile:
        """The answer at one of the percentiles asked for; KeyError for another."""
        for each in self.percentiles:
            if abs(each.probability - probability) < 1e-9:
                return each
        raise KeyError(probability)

    def explain(self) -> tuple[str, ...]:
        """How the answer came about, one plain sentence after another."""
        return derivation(self)

    def as_dict(self) -> dict[str, Any]:
        """The forecast as plain values for JSON; days as ISO text."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def add_days(today: date, days: int) -> date:
    """The day ``days`` after ``today``, or the last day Python knows."""
    return today + timedelta(days=min(days, (date.max - today).days))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
