"""What a forecast is asked: every input checked, whether it was typed, sent or called with."""

import datetime
import math
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.planning.models import ForecastQuestion, Plan, PlanState
from tandem.planning.sayings import plain
from tandem.ui.filters import number as written
from tandem.ui.numbers import read_number

#: Enough for any backlog; above it a number is a slip of the finger.
MOST_ITEMS = 1_000_000
MOST_A_WEEK = 10_000.0
MOST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Asked:
    """A checked question. The fields that a question does not need are ``None``."""

    question: ForecastQuestion
    today: datetime.date
    seed: int = 0
    items: int | None = None
    #: The number of items is "everything open today", not one that somebody typed.
    everything_open: bool = False
    by_date: datetime.date | None = None
    #: Slowest and fastest pace in items per week; ``None``: learned from the record.
    range: tuple[float, float] | None = None
    plan: Plan | None = None

    @property
    def stored(self) -> dict[str, Any]:
        """The question as the forecast's row keeps it."""
        return {
            "items": self.items,
            "everything_open": self.everything_open,
            "by": self.by_date.isoformat() if self.by_date else None,
            "range": list(self.range) if self.range else None,
            "scenario": self.plan.scenario_id if self.plan else None,
            "today": self.today.isoformat(),
        }


def today_of(product: Product) -> datetime.date:
    """The day it is in the product's workspace."""
    return timezone.localdate(timezone=product.workspace.zone)


def open_items(product: Product) -> int:
    """How many items are still to be finished: open or started, epics not counted."""
    return Item.objects.of(product).plannable().count()


def asked(
    product: Product,
    *,
    question: str,
    items: Any = None,
    by_date: Any = None,
    range: Any = None,
    plan: Plan | None = None,
    seed: Any = 0,
    today: datetime.date | None = None,
) -> Asked:
    """The checked question; without ``items``, "when" asks about everything open.

    ``items``, ``by_date`` (a date or ISO text) and the ends of ``range`` may be text as people
    type it. Raises ``Refused`` naming the field at fault.
    """
    if question not in ForecastQuestion.values:
        known = ", ".join(ForecastQuestion.values)
        raise Refused(
            _("%(question)s is no question. Questions: %(known)s.")
            % {"question": question, "known": known},
            field="question",
        )
    kind = ForecastQuestion(question)
    common: dict[str, Any] = {
        "question": kind,
        "today": today or today_of(product),
        "seed": _seed_checked(seed),
        "range": range_checked(range),
    }
    if kind == ForecastQuestion.HOW_MANY:
        return Asked(by_date=_day_checked(by_date, common["today"]), **common)
    if kind == ForecastQuestion.PLAN:
        return Asked(plan=_plan_checked(plan, product), **common)
    if not _empty(items):
        return Asked(items=_items_checked(items), **common)
    count = open_items(product)
    if count == 0:
        raise Refused(
            _(
                "No item is open, so there is nothing left to finish. Say how many items to forecast."
            ),
            field="items",
        )
    return Asked(items=count, everything_open=True, **common)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def number(value: Any, field: str) -> float:
    """A finite number out of what was typed."""
    try:
        found = read_number(value)
    except ValueError:
        raise Refused(
            _("%(value)s is no number.") % {"value": _quoted(value)}, field=field
        ) from None
    if not math.isfinite(found):
        raise Refused(_("%(value)s is no number.") % {"value": _quoted(value)}, field=field)
    return found


def _quoted(value: Any) -> str:
    text = str(value)
    return _("“%(text)s”") % {"text": f"{text[:40]}…" if len(text) > 40 else text}


def _items_checked(value: Any) -> int:
    found = number(value, "items")
    if found != int(found):
        raise Refused(
            _("%(value)s is not a whole number of items.") % {"value": plain(found)}, field="items"
        )
    if found < 1:
        raise Refused(_("Forecast at least one item."), field="items")
    if found > MOST_ITEMS:
        raise Refused(
            _("Forecast at most %(most)s items at a time.") % {"most": written(MOST_ITEMS)},
            field="items",
        )
    return int(found)


def _day_checked(value: Any, today: datetime.date) -> datetime.date:
    if _empty(value):
        raise Refused(_("Say by which day."), field="by_date")
    if isinstance(value, datetime.datetime):
        day = value.date()
    elif isinstance(value, datetime.date):
        day = value
    else:
        try:
            day = datetime.date.fromisoformat(str(value).strip())
        except ValueError:
            raise Refused(
                _("%(value)s is no day. Write it like %(example)s.")
                % {"value": _quoted(value), "example": today.isoformat()},
                field="by_date",
            ) from None
    if day <= today:
        raise Refused(
            _("Choose a day after today (%(today)s); %(day)s is not.")
            % {"today": today.isoformat(), "day": day.isoformat()},
            field="by_date",
        )
    return day


def range_checked(value: Any) -> tuple[float, float] | None:
    """Slowest and fastest pace in items per week, or ``None`` when neither end is given."""
    if value is None:
        return None
    try:
        low, high = value
    except (TypeError, ValueError):
        raise Refused(
            _("A range is two numbers: the slowest and the fastest items per week."), field="range"
        ) from None
    if _empty(low) and _empty(high):
        return None
    if _empty(low) or _empty(high):
        raise Refused(_("Give both ends of the range, such as 2 to 5 items a week."), field="range")
    slowest, fastest = number(low, "range"), number(high, "range")
    if slowest < 0:
        raise Refused(
            _("A pace cannot be negative, got %(value)s.") % {"value": plain(slowest)},
            field="range",
        )
    if slowest > fastest:
        raise Refused(
            _("The low end of the range, %(low)s, is above the high end, %(high)s. Swap the two.")
            % {"low": plain(slowest), "high": plain(fastest)},
            field="range",
        )
    if fastest == 0:
        raise Refused(
            _("At zero items a week nothing is ever finished. Give a high end above zero."),
            field="range",
        )
    if fastest > MOST_A_WEEK:
        raise Refused(
            _("A range goes up to %(most)s items a week.") % {"most": written(MOST_A_WEEK)},
            field="range",
        )
    return slowest, fastest


def _seed_checked(value: Any) -> int:
    found = number(value, "seed")
    if found != int(found) or found < 0 or found > MOST_SEED:
        raise Refused(_("The seed is a whole number from 0 up."), field="seed")
    return int(value) if isinstance(value, int) else int(found)


def _plan_checked(plan: Plan | None, product: Product) -> Plan:
    if plan is None:
        raise Refused(_("Say which plan."), field="plan")
    if plan.scenario.product_id != product.pk:
        raise Refused(_("That plan belongs to another product."), field="plan")
    if plan.state != PlanState.SOLVED or plan.status == "infeasible":
        raise Refused(_("That plan has no solution. Solve it first."), field="plan")
    return plan
