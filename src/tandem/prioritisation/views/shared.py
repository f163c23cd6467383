"""What every Prioritise page starts from."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tandem.accounts.models import Product
from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Item
from tandem.prioritisation.calculations import ModelInForce, model_in_force, models_of
from tandem.prioritisation.permissions import lenses_of

#: From so many items on a page does not wait for a ranking that is out of date: it shows the last
#: one, says so, and asks for the new one behind the page.
PATIENT: Final = 400


def holds(product: Product, most: int) -> bool:
    """Whether so many items of the product can be planned. Counting all would read them all."""
    rows = Item.objects.of(product).plannable().order_by()
    return rows[most - 1 : most].exists()


def here_of(request: ProductRequest) -> dict[str, str]:
    return {"workspace": request.member.workspace.slug, "product": request.product.key}


def address(request: ProductRequest, name: str, **more: Any) -> str:
    return reverse(f"prioritisation:{name}", kwargs={**here_of(request), **more})


def model_asked(request: ProductRequest) -> ModelInForce:
    """The model the address names, else the one plans use; who may not see scores is refused."""
    require(request.member, "score.view")
    return model_in_force(request.product, request.GET.get("model") or None)


def context_of(request: ProductRequest, model: ModelInForce, **more: Any) -> dict[str, Any]:
    """The values every page's template needs; ``models`` fills the switcher."""
    models = models_of(request.product)
    default = models[0].slug
    return {
        "here": here_of(request),
        "model": model,
        "models": models,
        # The default model needs no word in an address.
        "model_word": "" if model.slug == default else model.slug,
        "lenses": lenses_of(request.member, model.criteria),
        "may_shape": can(request.member, "model.edit"),
        "me": request.member.pk,
        "may_challenge": can(request.member, "rating.challenge"),
        **more,
    }


def page(
    request: ProductRequest, template: str, values: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"prioritisation/{template}.jinja", values, status=status)
