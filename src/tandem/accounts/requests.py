"""Requests as views get them: the middleware has put the member and the product there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from tandem.accounts.models import Member, Product, User


class MemberRequest(HttpRequest):
    """Any address under ``/w/<workspace>/``."""

    user: User
    member: Member
    htmx: HtmxDetails


class ProductRequest(MemberRequest):
    """Any address under ``/w/<workspace>/<product>/``."""

    product: Product


def form_of(page: str, *parts: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The view takes the forms of ``page``: only POST acts.

    A refused form is answered at its own address; whoever loads that again is led to the page,
    whose address has the same ``parts``, such as ``pk``.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def posted(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                answer: HttpResponse = view(request, *args, **kwargs)
                return answer
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "POST"])
            there = {"workspace": request.member.workspace.slug}
            if getattr(request, "product", None) is not None:
                there["product"] = request.product.key
            back: HttpResponse = redirect(page, **there, **{name: kwargs[name] for name in parts})
            return back

        return posted

    return decorate
