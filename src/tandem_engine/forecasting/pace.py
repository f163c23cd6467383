"""From what is known about a team to a model of its coming weeks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from tandem_engine.forecasting import calibration as calibrating
from tandem_engine.forecasting.bootstrap import fit_bootstrap
from tandem_engine.forecasting.calibration import Calibration, calibrate
from tandem_engine.forecasting.entered import EnteredModel
from tandem_engine.forecasting.errors import ForecastError
from tandem_engine.forecasting.history import History, Range
from tandem_engine.forecasting.model import Model
from tandem_engine.forecasting.result import HistorySummary
from tandem_engine.forecasting.settings import Settings
from tandem_engine.forecasting.steady import fit_steady, fit_thin
from tandem_engine.words import said

#: A team's record, an entered range, or simply the days its items were finished on.
Pace = History | Range | Iterable[date]

ENTERED_NOTE = said(
    "The pace is an entered range, not a record; the forecast is as good as the range. It turns "
    "to the record once items are finished."
)
QUIET_WEEKS = 4
#: A day with more than this share of all finished items looks like tidying up.
BULK_SHARE, BULK_LEAST = 0.3, 5


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model ready to be drawn from, and what to say about it."""

    model: Model
    calibration: Calibration | None
    history: HistorySummary | None
    notes: tuple[str, ...]


def known_pace(pace: Pace, today: date) -> History | Range:
    """Finish dates become a history; a history of another day is refused."""
    if isinstance(pace, Range):
        return pace
    history = pace if isinstance(pace, History) else History.from_dates(pace, today=today)
    if history.today != today:
        raise ForecastError(
            said(
                "The history was counted on %(day)s, the forecast starts on %(today)s. Count it "
                "again.",
                day=str(history.today),
                today=str(today),
            ),
            "finished",
        )
    return history


def fit(pace: History | Range, settings: Settings, rng: np.random.Generator) -> Fitted:
    """Choose and learn the model. Refuses where nothing was finished and no range is given."""
    if isinstance(pace, Range):
        return Fitted(
            model=EnteredModel(pace),
            calibration=calibrating.assumed() if settings.widen else None,
            history=None,
            notes=(ENTERED_NOTE,),
        )
    if pace.finished == 0 and (pace.weeks > 0 or pace.open_week_finished == 0):
        raise ForecastError(
            said(
                "No item was finished since %(day)s, so there is no pace to forecast from. Enter a "
                "range of items per week instead.",
                day=str(pace.first_week),
            )
            if pace.weeks
            else said(
                "No item was finished before %(day)s, so there is no pace to forecast from. Enter a "
                "range of items per week instead.",
                day=str(pace.today),
            ),
            "range",
        )
    if not pace.sufficiency.enough:
        return _fit_thin(pace, settings)

    learn = fit_bootstrap if settings.method == "bootstrap" else fit_steady
    return Fitted(
        model=learn(pace.counts),
        calibration=(
            calibrate(pace.counts, learn, until=pace.until, rng=rng) if settings.widen else None
        ),
        history=_summary(pace),
        notes=tuple(_warnings(pace)),
    )


def inputs_of(pace: History | Range) -> dict[str, Any]:
    """What identifies a pace among the inputs of a forecast."""
    if isinstance(pace, Range):
        return {"low": float(pace.low), "high": float(pace.high)}
    return asdict(pace)


def _fit_thin(history: History, settings: Settings) -> Fitted:
    notes = [history.sufficiency.sentence]
    if settings.method == "bootstrap":
        notes.append(
            said("There are too few weeks to draw from; the steady model is used instead.")
        )
    return Fitted(
        model=fit_thin(history),
        calibration=calibrating.assumed(calibrating.THIN_FACTOR) if settings.widen else None,
        history=_summary(history),
        notes=(*notes, *_warnings(history)),
    )


def _warnings(history: History) -> Iterable[str]:
    counts: Sequence[int] = history.counts
    if len(counts) > QUIET_WEEKS and not any(counts[-QUIET_WEEKS:]):
        yield said(
            "Nothing was finished in the latest %(weeks)s weeks. If the team has stopped or changed, "
            "enter a range instead.",
            weeks=QUIET_WEEKS,
        )
    bulk = history.busiest_day_finished
    if bulk >= BULK_LEAST and bulk > BULK_SHARE * history.finished:
        yield said(
            "%(bulk)s of %(all)s items were closed on %(day)s. If that was tidying up, their finish "
            "dates mislead the forecast.",
            bulk=bulk,
            all=history.finished,
            day=str(history.busiest_day),
        )


def _summary(history: History) -> HistorySummary:
    return HistorySummary(
        weeks=history.weeks,
        finished=history.finished,
        first_week=history.first_week,
        until=history.until,
        counts=history.counts,
        active_days=history.active_days,
        enough=history.sufficiency.enough,
    )
