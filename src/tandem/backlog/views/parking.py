"""Parking stale items: the rule, what it would park today, and reviving."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.forms import whole_number
from tandem.backlog.models import Item, Label, ParkingRule
from tandem.backlog.operations.parking import DAYS_LEAST, DAYS_MOST, fitting, rule_of, spared
from tandem.backlog.views.answers import address_of, with_item
from tandem.backlog.views.lists import here_of
from tandem.backlog.views.undo import next_address
from tandem.core.errors import Refused

#: How many the preview names.
SHOWN = 50


def _page(
    request: ProductRequest, rule: ParkingRule, *, trouble: Refused | None = None
) -> HttpResponse:
    rule.product = request.product
    rows = fitting(rule, timezone.now())
    found = list(rows[: SHOWN + 1])
    for row in found:
        row.product = request.product
    parked = Item.objects.of(request.product).filter(parked_at__isnull=False).count()
    values = {
        "here": here_of(request),
        "may_edit": can(request.member, "parking.edit"),
        "may_park": can(request.member, "item.edit"),
        "rule": rule,
        "rows": found[:SHOWN],
        "count": rows.count() if len(found) > SHOWN else len(found),
        "parked": parked,
        "spared": [_(words) for words, _ids in spared],
        "label_names": list(
            Label.objects.filter(product=request.product)
            .order_by("name")
            .values_list("name", flat=True)[:500]
        ),
        "least": DAYS_LEAST,
        "most": DAYS_MOST,
        "trouble": trouble,
        "typed": request.POST,
    }
    status = trouble.status if trouble else 200
    return render(request, "backlog/setup/parking.jinja", values, status=status)


@require_http_methods(["GET", "POST"])
def parking(request: ProductRequest) -> HttpResponse:
    """The rule with what it would park today. POST sets it; ``step=now`` parks these at once."""
    require(request.member, "item.view")
    rule = rule_of(request.product)
    if request.method == "GET":
        return _page(request, rule)
    sent = request.POST
    if sent.get("step") == "now":
        done = do.items_park(by=request.member, product=request.product)
        messages.success(
            request,
            ngettext("%(count)s item parked.", "%(count)s items parked.", len(done.items))
            % {"count": len(done.items)},
        )
        return redirect(reverse("backlog:parking", kwargs=here_of(request)))
    try:
        days = whole_number(sent.get("days"))
        if days is None:
            raise Refused(_("Write a number of days."), field="days")
        do.parking_rule_set(
            by=request.member,
            product=request.product,
            is_on=bool(sent.get("is_on")),
            days=days,
            spared_label=sent.get("spared_label", ""),
        )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _page(request, rule, trouble=refusal)
    messages.success(request, _("Saved. Below stands what the rule would park today."))
    return redirect(reverse("backlog:parking", kwargs=here_of(request)))


@require_POST
@with_item
def item_parking(request: ProductRequest, item: Item) -> HttpResponse:
    """Park the item, or revive it."""
    given: dict[str, Any] = {"by": request.member, "product": request.product, "items": [item.pk]}
    if item.parked_at is None:
        done = do.items_park(**given).items
        said = _("%(key)s is parked.") if done else _("%(key)s is finished; nothing to park.")
    else:
        do.items_revive(**given)
        said = _("%(key)s is back where it stood.")
    messages.success(request, said % {"key": item.key})
    return redirect(next_address(request) or address_of(request, item))


@require_POST
def revival(request: ProductRequest) -> HttpResponse:
    """Revive the chosen items."""
    keys = request.POST.get("keys", "").replace(",", " ").split()
    rows = Item.objects.with_keys(request.product, keys)
    ids = list(rows.values_list("pk", flat=True))
    done = do.items_revive(by=request.member, product=request.product, items=ids)
    messages.success(
        request,
        ngettext("%(count)s item revived.", "%(count)s items revived.", len(done))
        % {"count": len(done)},
    )
    return redirect(next_address(request) or reverse("backlog:list", kwargs=here_of(request)))
