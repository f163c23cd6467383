"""Rules of a scenario, typed or made by moving an item on the board."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.planning.models import Rule, RuleKind
from tandem.planning.operations import plans as plan_do
from tandem.planning.operations import rules as do
from tandem.planning.views.plan import again_of
from tandem.planning.views.shared import (
    address_of,
    item_typed,
    items_typed,
    label_typed,
    scenario_at,
    team_typed,
)


@form_of("planning:plan")
def rule_add(request: ProductRequest, pk: int) -> HttpResponse:
    scenario = scenario_at(request, pk)
    posted = request.POST
    kind = posted.get("kind", "")
    try:
        item = others = None
        if kind not in (RuleKind.SHARE_MIN, RuleKind.SHARE_MAX):
            item = item_typed(request, posted.get("item", ""))
            others = items_typed(request, posted.get("others", ""), "others")
        label = label_typed(request, posted.get("label", ""))
        do.rule_set(
            by=request.member,
            scenario=scenario,
            kind=kind,
            item=item,
            others=others or (),
            number=posted.get("number", ""),
            team=team_typed(request, posted.get("team", "")),
            item_kind="" if label is not None else posted.get("item_kind", ""),
            label=label,
            share=posted.get("share", ""),
            each_sprint=bool(posted.get("each_sprint")),
            reason=posted.get("reason", ""),
        )
    except Refused as refusal:
        return again_of(request, scenario, refusal, "rule")
    return redirect(f"{address_of(request, scenario)}#rules")


@form_of("planning:plan")
def rule_remove(request: ProductRequest, pk: int, rule: int) -> HttpResponse:
    scenario = scenario_at(request, pk)
    row = get_object_or_404(
        Rule.objects.select_related("item__product"), scenario=scenario, pk=rule
    )
    do.rule_remove(by=request.member, rule=row)
    return redirect(f"{address_of(request, scenario)}#rules")


@form_of("planning:plan")
def move(request: ProductRequest, pk: int) -> HttpResponse:
    """An item dragged to ``to`` (``2:7``: sprint 2 of team 7; ``out``): a rule, and a new solve."""
    scenario = scenario_at(request, pk)
    posted = request.POST
    sprint, _colon, team = posted.get("to", "").partition(":")
    try:
        item = item_typed(request, posted.get("item", ""))
        out = sprint == "out"
        do.rule_set(
            by=request.member,
            scenario=scenario,
            kind=RuleKind.MUST_NOT if out else RuleKind.IN_SPRINT,
            item=item,
            number=None if out else sprint,
            team=None if out else team_typed(request, team),
            reason=posted.get("reason", ""),
        )
        plan_do.plan_ask(by=request.member, scenario=scenario, explain=True)
    except Refused as refusal:
        return again_of(request, scenario, refusal, "move")
    said = (
        _("%(key)s is out by a rule now; the plan is solved anew.")
        if out
        else _("%(key)s is in sprint %(sprint)s by a rule now; the plan is solved anew.")
    )
    messages.success(request, said % {"key": item.key, "sprint": sprint})
    return redirect(address_of(request, scenario))
