"""What planning shows on pages of lower apps: what a debt item costs, and how to meet in the middle."""

from typing import Any

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import can
from tandem.backlog.models import Item, Kind
from tandem.core.panels import Panel, register
from tandem.planning.calculations_debt import break_even, exchange_of
from tandem.planning.forecast_asked import today_of
from tandem.planning.models import DebtPrice
from tandem.planning.queries_frontier import middles_of
from tandem.planning.queries_plan import newest_solved, scenario_of


def debt_panel(member: Member, item: Item) -> dict[str, Any] | None:
    """Principal, interest and the day it has paid off; only for debt."""
    if item.kind != Kind.DEBT or not can(member, "plan.view"):
        return None
    price = DebtPrice.objects.filter(item=item).select_related("set_by__user").first()
    # What a point of effort earns is read off every open item: only where something needs it.
    exchange = exchange_of(item.product) if price is not None else None
    return {
        "price": price,
        "exchange": exchange,
        "weekly": exchange.score(price) if price and exchange else None,
        "even": break_even(price, item.estimate_likely, exchange, today_of(item.product)),
        "may_price": can(member, "debt.price"),
        "here": {"workspace": member.workspace.slug, "product": item.product.key},
    }


register(
    Panel(
        "item", "debt", N_("What the debt costs"), "planning/debt_panel.jinja", debt_panel, order=30
    )
)


def middle_panel(member: Member, product: Product) -> dict[str, Any] | None:
    """Where both give up least, as it was last worked out: nothing is computed for the page."""
    if not can(member, "plan.view"):
        return None
    scenario = scenario_of(product, None)
    plan = newest_solved(scenario) if scenario else None
    agenda = (plan.details.get("agenda") if plan else None) or {}
    return {
        "scenario": scenario,
        "middles": middles_of(scenario),
        "divided": [plan.say(each) for each in agenda["middle"]["sentences"]]
        if plan and agenda.get("middle")
        else [],
        "decisive": len(agenda["decisive"]) if "decisive" in agenda else None,
        "here": {"workspace": member.workspace.slug, "product": product.key},
    }


register(
    Panel(
        "prioritise.differences",
        "middle",
        N_("Meeting in the middle"),
        "planning/middle_panel.jinja",
        middle_panel,
    )
)
