"""What planning shows on pages of lower apps: what a debt item costs."""

from typing import Any

from tandem.accounts.models import Member
from tandem.accounts.permissions import can
from tandem.backlog.models import Item, Kind
from tandem.core.panels import Panel, register
from tandem.planning.calculations_debt import break_even, exchange_of
from tandem.planning.forecast_asked import today_of
from tandem.planning.models import DebtPrice


def debt_panel(member: Member, item: Item) -> dict[str, Any] | None:
    """Principal, interest and the day it has paid off; only for debt."""
    if item.kind != Kind.DEBT or not can(member, "plan.view"):
        return None
    price = DebtPrice.objects.filter(item=item).select_related("set_by__user").first()
    exchange = exchange_of(item.product)
    return {
        "price": price,
        "exchange": exchange,
        "weekly": exchange.score(price) if price is not None else None,
        "even": break_even(price, item.estimate_likely, exchange, today_of(item.product)),
        "may_price": can(member, "debt.price"),
        "here": {"workspace": member.workspace.slug, "product": item.product.key},
    }


register(
    Panel("item", "debt", "What the debt costs", "planning/debt_panel.jinja", debt_panel, order=30)
)
