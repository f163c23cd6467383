"""What a debt item costs each week, said on its page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.planning.operations.debts import debt_price_set
from tandem.planning.views.shared import here_of


@form_of("backlog:item", "key")
def debt_price(request: ProductRequest, key: str) -> HttpResponse:
    """The interest; an empty one: not known."""
    item = get_object_or_404(Item.objects.with_keys(request.product, [key]))
    item.product = request.product
    posted = request.POST
    try:
        debt_price_set(
            by=request.member,
            item=item,
            interest=posted.get("interest") or None,
            unit=posted.get("unit", ""),
            reason=posted.get("reason", ""),
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        messages.error(request, refusal.message)
    return redirect(reverse("backlog:item", kwargs={"key": item.key, **here_of(request)}))
