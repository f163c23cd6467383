"""What the pages of planning share: the scenario of an address, the way back, the tabs."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Item, Label
from tandem.core.errors import Refused
from tandem.delivery.models import Team
from tandem.planning import queries_plan
from tandem.planning.models import Plan, Scenario


def here_of(request: ProductRequest) -> dict[str, str]:
    """The parts every address of the product begins with."""
    return {"workspace": request.member.workspace.slug, "product": request.product.key}


def address_of(
    request: ProductRequest, scenario: Scenario | None = None, page: str = "planning:plan"
) -> str:
    address = reverse(page, kwargs=here_of(request))
    return f"{address}?scenario={scenario.pk}" if scenario else address


def scenario_at(request: ProductRequest, pk: int) -> Scenario:
    """The product's scenario of that number; 404 without."""
    rows = Scenario.objects.visible_to(request.member)
    scenario: Scenario = get_object_or_404(rows, product=request.product, pk=pk)
    scenario.product = request.product
    return scenario


def plan_at(request: ProductRequest, pk: int) -> Plan:
    rows = Plan.objects.select_related("scenario")
    plan: Plan = get_object_or_404(rows, scenario__product=request.product, pk=pk)
    plan.scenario.product = request.product
    return plan


def scenario_asked(request: ProductRequest) -> Scenario | None:
    """The scenario of ``?scenario=``, else the one worked on last; 404 for one that is not there."""
    wanted = number_of(request, "scenario")
    scenario = queries_plan.scenario_of(request.product, wanted)
    if wanted is not None and scenario is None:
        raise Http404
    if scenario is not None:
        scenario.product = request.product
    return scenario


def number_of(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def item_typed(request: ProductRequest, text: str, field: str = "item") -> Item:
    """The item whose key was typed or picked."""
    key = text.strip().split(" ")[0]
    item = Item.objects.with_keys(request.product, [key]).first()
    if item is None:
        raise Refused(
            _("There is no item %(key)s. Write a key like %(example)s.")
            % {"key": key or _("(empty)"), "example": f"{request.product.key}-1"},
            field=field,
        )
    item.product = request.product
    return item


def items_typed(request: ProductRequest, text: str, field: str) -> list[Item]:
    """Several keys, apart by commas or spaces."""
    return [item_typed(request, each, field) for each in text.replace(",", " ").split()]


def team_typed(request: ProductRequest, number: str) -> Team | None:
    if not number:
        return None
    found = Team.objects.of(request.product).filter(pk=int(number)) if number.isdecimal() else None
    team = found.first() if found is not None else None
    if team is None:
        raise Refused(_("There is no such team."), field="team")
    return team


def label_typed(request: ProductRequest, name: str) -> Label | None:
    if not name.strip():
        return None
    label = Label.objects.filter(product=request.product, name__iexact=name.strip()).first()
    if label is None:
        raise Refused(_("There is no label %(name)s.") % {"name": name.strip()}, field="label")
    return label


def tabs_of(request: ProductRequest, current: str, scenario: Scenario | None) -> dict[str, Any]:
    return {"current": current, "scenario": scenario, "here": here_of(request)}
