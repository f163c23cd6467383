"""Rows -> forecasting engine -> a forecast's row (not yet saved)."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.core.errors import Refused
from tandem.planning.forecast_asked import Asked
from tandem.planning.models import Forecast, ForecastQuestion, Plan
from tandem.planning.queries_forecast import FinishRecord, PlanWork, plan_work
from tandem.planning.record_store import record_of
from tandem.planning.sayings import with_sayings
from tandem.ui.filters import spoken
from tandem_engine import ENGINE_VERSION
from tandem_engine.forecasting import (
    Calibration,
    ForecastError,
    History,
    Range,
    TeamWork,
    forecast_how_many,
    forecast_plan,
    forecast_when,
)
from tandem_engine.forecasting import Forecast as Answer
from tandem_engine.words import counted, said

#: The same question over the same record is computed once; the key holds every input.
CACHE_SECONDS = 24 * 60 * 60
#: The engine's names of its inputs, where ours differ.
FIELDS = {"by": "by_date", "finished": "range", "teams": "plan"}

COMPETING_NOTE = said(
    "Everything the teams finish is taken to be work of this plan; other work they do meanwhile "
    "moves its end back."
)
WHOLE_PACE_NOTE = said(
    "Not every team of the plan has finished items of its own on record, so the plan is forecast "
    "as one piece of work at the whole product's pace."
)
WHOLE_RANGE_NOTE = said("The entered range counts for all teams of the plan together.")


def forecast_calculate(product: Product, asked: Asked) -> Forecast:
    """The answer to ``asked`` as an unsaved row, from what is on record now.

    Raises ``Refused`` where nothing was finished and no range is given, or a plan has nothing left.
    """
    record = record_of(product, asked.today, with_teams=asked.plan is not None)
    work = plan_work(asked.plan) if asked.plan is not None else []
    if asked.plan is not None and not work:
        raise Refused(_("Every item of this plan is finished or dropped."), field="plan")
    key = _cache_key(product, asked, record, work)
    fields = cache.get(key)
    if fields is None:
        fields = _calculated(product, asked, record, work)
        cache.set(key, fields, CACHE_SECONDS)
    return Forecast(
        product=product,
        question=asked.question,
        plan=asked.plan,
        asked=asked.stored | {"items": fields["items"]},
        seed=asked.seed,
        made_at=timezone.now(),
        **{name: value for name, value in fields.items() if name != "items"},
    )


def _calculated(
    product: Product, asked: Asked, record: FinishRecord, work: list[PlanWork]
) -> dict[str, Any]:
    try:
        pace, notes = _pace(asked, record), _notes(asked, record)
        if asked.question == ForecastQuestion.PLAN:
            teams, more = _teams(product, asked, record, work, pace)
            answer = _plan_answer(teams, asked)
            notes = [*notes, *more, COMPETING_NOTE]
        elif asked.question == ForecastQuestion.HOW_MANY:
            assert asked.by_date is not None
            answer = forecast_how_many(asked.by_date, pace, today=asked.today, seed=asked.seed)
        else:
            answer = forecast_when(asked.items or 0, pace, today=asked.today, seed=asked.seed)
    except ForecastError as error:
        raise Refused(spoken(error.message), field=FIELDS.get(error.where, error.where)) from error
    return _row(asked, answer, notes, sum(each.items for each in work) or asked.items)


def _plan_answer(teams: list[TeamWork], asked: Asked) -> Answer:
    """One piece of work is the question "when", which is also drawn as a fan."""
    if len(teams) == 1:
        only = teams[0]
        return forecast_when(only.items, only.pace, today=asked.today, seed=asked.seed)
    return forecast_plan(teams, today=asked.today, seed=asked.seed)


def _pace(asked: Asked, record: FinishRecord) -> History | Range:
    if asked.range is not None:
        return Range(*asked.range)
    if not record.days:
        raise Refused(
            _(
                "No item was finished in the last 52 weeks: give a range such as 2 to 5 items a week."
            )
            if record.since
            else _("No item was finished yet: give a range such as 2 to 5 items a week."),
            field="range",
        )
    return _history(asked, record)


def _history(asked: Asked, record: FinishRecord) -> History:
    return History.from_dates(record.days, today=asked.today, since=record.since)


def _notes(asked: Asked, record: FinishRecord) -> list[str]:
    if not record.ahead or asked.range is not None:
        return []
    return [
        counted(
            "%(count)s item is recorded as finished after %(today)s and left out of the record.",
            "%(count)s items are recorded as finished after %(today)s and left out of the record.",
            count=record.ahead,
            today=asked.today.isoformat(),
        )
    ]


def _teams(
    product: Product,
    asked: Asked,
    record: FinishRecord,
    work: list[PlanWork],
    pace: History | Range,
) -> tuple[list[TeamWork], list[str]]:
    """Each team at its own pace where every one has a record, else all of them as one."""
    whole = [TeamWork(product.name, sum(each.items for each in work), pace)]
    if isinstance(pace, Range):
        return whole, [WHOLE_RANGE_NOTE] if len(work) > 1 else []
    paces: dict[int | None, History] = {
        each.team_id: History.from_dates(record.of_team(each.team_id), today=asked.today)
        for each in work
        if each.team_id is not None and record.of_team(each.team_id)
    }
    known = all(each.team_id in paces and paces[each.team_id].sufficiency.enough for each in work)
    if not known:
        return whole, [WHOLE_PACE_NOTE]
    return [TeamWork(each.team, each.items, paces[each.team_id]) for each in work], []


def _row(asked: Asked, answer: Answer, notes: list[str], items: int | None) -> dict[str, Any]:
    details = answer.as_dict()
    explanation = [*answer.explain(), *notes]
    history = answer.history
    details |= {
        "explanation": explanation,
        "notes": [*answer.notes, *notes],
        "beyond": next(
            (each.beyond.isoformat() for each in answer.percentiles if each.beyond), None
        ),
        "checked": _checked(answer.calibration, answer, asked),
    }
    if history is not None:
        details["history"] = {
            "weeks": history.weeks,
            "finished": history.finished,
            "per_week": round(history.finished / history.weeks, 2) if history.weeks else None,
            "first_week": history.first_week.isoformat(),
            "until": history.until.isoformat(),
            "counts": list(history.counts),
            "active_days": history.active_days,
            "enough": history.enough,
        }
    return {
        "items": items,
        "percentiles": {
            f"{100 * each.probability:g}": (
                each.items
                if each.items is not None
                else each.on.isoformat()
                if each.on is not None
                else None
            )
            for each in answer.percentiles
        },
        "method": answer.method,
        "details": with_sayings(details),
        "fingerprint": answer.fingerprint,
        "engine_version": answer.engine_version,
    }


def _checked(
    calibration: Calibration | None, answer: Answer, asked: Asked
) -> dict[str, Any] | None:
    """How often past forecasts of about this length held; ``None`` when none can be checked."""
    if calibration is None:
        return None
    if asked.by_date is not None:
        days = (asked.by_date - asked.today).days
    else:
        last = answer.percentile(0.85)
        days = ((last.on or last.beyond or asked.today) - asked.today).days
    nearest = calibration.nearest(days / 7)
    if not nearest.past:
        return None
    return {
        "horizon_weeks": nearest.horizon_weeks,
        "sentence": nearest.held(0.85).sentence,
        "coverage": [
            {"percentile": f"{100 * each.probability:g}", "held": each.held, "of": each.of}
            for each in nearest.coverage
        ],
    }


def _cache_key(product: Product, asked: Asked, record: FinishRecord, work: list[PlanWork]) -> str:
    content = repr(
        (
            ENGINE_VERSION,
            product.pk,
            product.name,
            asked.stored,
            asked.question,
            asked.seed,
            _plan_key(asked.plan),
            record.by_day,
            record.since,
            record.ahead,
            work,
        )
    )
    return f"forecast:{hashlib.sha256(content.encode()).hexdigest()}"


def _plan_key(plan: Plan | None) -> int | None:
    return plan.pk if plan is not None else None
