"""Search: the page, and what the palette asks."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tandem.accounts.models import Product
from tandem.accounts.requests import MemberRequest
from tandem.core.errors import Refused
from tandem.core.index.typed import LONGEST
from tandem.home.search.finding import Asked, asked, find

#: What the palette shows; the page shows the rest.
IN_PALETTE = 12
ON_PAGE = 30


def _products(request: MemberRequest) -> list[Product]:
    return list(Product.objects.visible_to(request.member).order_by("name"))


@require_GET
def search(request: MemberRequest) -> HttpResponse:
    """Everything that fits ``?q=``; ``kind`` and ``product`` narrow it, ``after`` goes on."""
    member, products = request.member, _products(request)
    values: dict[str, Any] = {
        "workspace": member.workspace.slug,
        "products": products,
        "product_choices": [(each.key, each.name) for each in products],
        "wanted": None,
        "found": None,
        "problem": None,
    }
    try:
        wanted = asked(
            member,
            products,
            q=request.GET.get("q", ""),
            kinds=request.GET.getlist("kind"),
            product=request.GET.get("product", ""),
            exact=bool(request.GET.get("exact")),
        )
        after = request.GET.get("after") or None
        found = find(member, wanted, products, after=after, limit=ON_PAGE)
    except Refused as refusal:
        values |= {"problem": refusal, "typed": request.GET.get("q", "")[:LONGEST]}
        return render(request, "home/search.jinja", values, status=422)
    values |= {"wanted": wanted, "found": found, "typed": wanted.text.text}
    if after and request.htmx:
        return render(request, "home/search_hits.jinja", values)
    return render(request, "home/search.jinja", values)


@require_GET
def palette(request: MemberRequest) -> HttpResponse:
    """The best dozen for ``?q=``, by kind; ``product`` names the one that is worked in."""
    member, products = request.member, _products(request)
    text = request.GET.get("q", "")[:LONGEST]
    key = request.GET.get("product", "")
    here = next((each for each in products if each.key == key), None)
    try:
        wanted: Asked = asked(member, products, q=text)
        found = find(member, wanted, products, limit=IN_PALETTE, facets=False, here=here)
    except Refused:
        return render(request, "home/palette.jinja", {"groups": [], "wanted": None})
    # The best hit's kind goes first, and each kind stands together.
    order = {hit.kind.name: place for place, hit in reversed(list(enumerate(found.hits)))}
    hits = sorted(found.hits, key=lambda hit: order[hit.kind.name])
    groups = [(kind, list(rows)) for kind, rows in groupby(hits, key=lambda hit: hit.kind)]
    values = {
        "groups": groups,
        "wanted": wanted,
        "found": found,
        "workspace": member.workspace.slug,
    }
    return render(request, "home/palette.jinja", values)
