"""The filter's box: what may stand where one types, and the builder for those who do not."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.backlog.language.completing import SORT, complete
from tandem.backlog.language.fields import OPERATORS, Asking
from tandem.backlog.language.parsing import LONGEST


@require_GET
def completions(request: ProductRequest) -> HttpResponse:
    """Options for the caret at ``?at=`` of ``?q=``."""
    text = request.GET.get("q", "")[:LONGEST]
    at = request.GET.get("at", "")
    place = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else len(text)
    found = complete(text, place, Asking(request.product, request.member))
    return render(request, "backlog/filter_offers.jinja", {"found": found})


@require_GET
def builder(request: ProductRequest) -> HttpResponse:
    """How one field can be compared, and a field or a choice for its value."""
    name = request.GET.get("add", "").casefold()
    asking = Asking(request.product, request.member)
    field = SORT if name == "sort" else asking.fields.get(name)
    if not name:
        return render(request, "backlog/filter_way.jinja", {"field": None})
    if field is None:
        raise Http404
    ways = [("", "is"), ("is-not", "is not")]
    if field is SORT or name in ("has", "no"):
        ways = ways[:1]
    ways += [
        (each, words)
        for each, words in OPERATORS.items()
        if each != ":" and each in field.operators
    ]
    if field.present is not None:
        ways += [("has", "is there"), ("has-not", "is missing")]
    # A day's offers are examples, not all that can be written.
    free = field.kind in ("date", "number", "text", "item")
    values = {"field": field, "ways": ways, "free": free, "offers": field.offered(asking)}
    return render(request, "backlog/filter_way.jinja", values)
