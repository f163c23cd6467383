"""What the palette asks the server: items, people, products. Pages it finds on the page itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tandem.accounts.models import Product
from tandem.accounts.requests import MemberRequest
from tandem.backlog.queries import palette as ask

LONGEST = 100


@require_GET
def palette(request: MemberRequest) -> HttpResponse:
    """Up to eight of each for ``?q=``; ``product`` names the one whose items go first."""
    products = list(Product.objects.visible_to(request.member).order_by("name"))
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    key = request.GET.get("product", "")
    product = next((each for each in products if each.key == key), None)
    found = ask.find(request.member, text, product, products)
    values = {"found": found, "workspace": request.member.workspace.slug}
    return render(request, "backlog/palette.jinja", values)
