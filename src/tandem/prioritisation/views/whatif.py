"""What the order depends on, and the order with prerequisites that costs least."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import table_for
from tandem.prioritisation.calculations_whatif import (
    overtaking_of,
    sensitivity_of,
    sequence_of,
)
from tandem.prioritisation.views.shared import context_of, model_asked, page

LISTED = 300


def item_named(request: ProductRequest, text: str, field: str) -> Item:
    """The item a field names by its key, which may be followed by its title."""
    key = text.strip().split(" ")[0]
    item = Item.objects.with_keys(request.product, [key]).select_related("status").first()
    if item is None:
        raise Refused(
            _("There is no item %(key)s. Write a key like %(product)s-1.")
            % {"key": key[:40] or "(empty)", "product": request.product.key},
            field=field,
        )
    item.product = request.product
    return item


@require_GET
def whatif(request: ProductRequest) -> HttpResponse:
    """``?a=`` and ``?b=`` name two items; without them the first two of the ranking."""
    model = model_asked(request)
    table = table_for(request.product, model)
    first = [f"{request.product.key}-{number}" for number in table["numbers"][:2].tolist()]
    typed = {
        "a": request.GET.get("a", "") or (first[1] if len(first) > 1 else ""),
        "b": request.GET.get("b", "") or (first[0] if first else ""),
    }
    trouble, found = None, None
    if len(first) > 1 or request.GET.get("a"):
        try:
            one, two = (item_named(request, typed[name], name) for name in ("a", "b"))
            found = overtaking_of(request.product, model, one, two)
        except Refused as refusal:
            trouble = refusal
    values: dict[str, Any] = context_of(
        request,
        model,
        table=table,
        typed=typed,
        trouble=trouble,
        found=found,
        sensitivity=sensitivity_of(request.product, model),
    )
    return page(request, "whatif", values, status=422 if trouble else 200)


@require_GET
def sequencing(request: ProductRequest) -> HttpResponse:
    """The open items one after the other, with what waiting costs."""
    model = model_asked(request)
    shown = sequence_of(request.product, model)
    effort = model.engine.effort
    values = context_of(
        request,
        model,
        shown=shown,
        table=table_for(request.product, model),
        slots=shown.found.slots[:LISTED],
        unit=effort.unit if effort else _("units of effort"),
    )
    return page(request, "sequence", values)
