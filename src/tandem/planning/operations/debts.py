"""What a piece of debt costs: entered by hand until there is a register."""

import math
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Item, Kind
from tandem.core import events
from tandem.core.errors import Refused
from tandem.planning.models import DebtPrice, InterestUnit
from tandem.ui.numbers import read_number
from tandem_engine.words import figure, said

MOST = 1_000_000.0


@transaction.atomic
def debt_price_set(
    *, by: Member, item: Item, interest: Any, unit: str = InterestUnit.EFFORT, reason: str = ""
) -> DebtPrice | None:
    """The interest of a debt item, per week; ``None`` forgets it."""
    require(by, "debt.price")
    if item.kind != Kind.DEBT:
        raise Refused(
            _("%(key)s is no debt. Give it that kind first.") % {"key": item.key}, field="item"
        )
    before = DebtPrice.objects.filter(item=item).first()
    if interest is None:
        if before is not None:
            before.delete()
            _tell(by, item, before, None)
        return None
    if unit not in InterestUnit.values:
        raise Refused(
            _("%(value)s is none of %(known)s.")
            % {"value": unit, "known": ", ".join(InterestUnit.values)},
            field="unit",
        )
    price, _made = DebtPrice.objects.update_or_create(
        item=item,
        defaults={
            "interest": _interest_checked(interest),
            "unit": unit,
            "reason": " ".join(reason.split())[:300],
            "set_by": by,
            "set_at": timezone.now(),
        },
    )
    _tell(by, item, before, price)
    return price


def _interest_checked(value: Any) -> float:
    try:
        number = read_number(value)
    except (TypeError, ValueError):
        raise Refused(_("%(value)s is no number.") % {"value": value}, field="interest") from None
    if not math.isfinite(number) or not 0 <= number <= MOST:
        raise Refused(_("Interest is 0 or more a week."), field="interest")
    return number


def _tell(by: Member, item: Item, before: DebtPrice | None, after: DebtPrice | None) -> None:
    words = [_words(before), _words(after)]
    if words[0] != words[1]:
        events.record(by=by, verb="debt.priced", obj=item, changes={"interest": words})


def _words(price: DebtPrice | None) -> str | None:
    if price is None:
        return None
    unit = said(str(price.get_unit_display()))
    return said("%(number)s %(unit)s", number=figure(price.interest), unit=unit)
