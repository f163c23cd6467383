"""Where the two lenses see the items in a different order, and how sure that is."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Item
from tandem.core.panels import shown
from tandem.prioritisation.calculations import table_for
from tandem.prioritisation.calculations_whatif import agreements_of
from tandem.prioritisation.orders import orders_of
from tandem.prioritisation.pictures import lenses_picture
from tandem.prioritisation.views.shared import context_of, model_asked, page
from tandem.prioritisation.words import bias_sentence, difference_sentence, tau_sentence


@require_GET
def differences(request: ProductRequest) -> HttpResponse:
    model = model_asked(request)
    table = table_for(request.product, model)
    found: dict[str, Any] = table.meta["differences"]
    keys = [each["key"] for each in found["top"]]
    items = {
        item.key: item
        for item in Item.objects.with_keys(request.product, keys).select_related("product")
    }
    values = context_of(
        request,
        model,
        table=table,
        found=found,
        tau=tau_sentence(found["tau"], found["items"], found["note"]),
        bias=bias_sentence(found["bias"], found["items"]),
        rows=[
            {
                **each,
                "item": items[each["key"]],
                "sentence": difference_sentence(each, found["items"]),
            }
            for each in found["top"]
            if each["key"] in items
        ],
        sure=int(
            ((table.disagreement > 0) & table["value_heard"] & table["technical_heard"]).sum()
        ),
        agreements=[each for each in agreements_of(request.product, model) if each.items],
        orders=orders_of(request.product, model),
        panels=shown("prioritise.differences", member=request.member, subject=request.product),
        picture=lenses_picture(request.product, table),
    )
    return page(request, "differences", values)
