"""Who acts in which workspace: ``request.member`` for every address under ``/w/<workspace>/``."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from tandem.accounts.models import Member, Product
from tandem.accounts.sign_in import factors, sessions
from tandem.core.prepared import prepared


@prepared
def _members(user_id: int, slug: str) -> QuerySet[Member]:
    rows = Member.objects.active().filter(user_id=user_id, workspace__slug=slug)
    return rows.select_related("workspace").order_by("pk")[:1]


def member_of(user: Any, slug: str) -> Member | None:
    member = next(iter(_members(user.pk, slug)), None)
    if member is not None:
        member.user = user
    return member


@prepared
def _products(workspace_id: int, key: str) -> QuerySet[Product]:
    return Product.objects.filter(workspace_id=workspace_id, key=key, deleted_at=None)


def product_of(member: Member, key: str) -> Product | None:
    product = next(iter(_products(member.workspace_id, key)), None)
    if product is not None:
        product.workspace = member.workspace
    return product


def open_without_factor(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that members reach before they have the second factor the workspace asks for."""
    view.open_without_factor = True  # type: ignore[attr-defined]
    return view


class SessionMiddleware:
    """Keeps where and when each session was last seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Asking for the person of an open page would cost two queries: only where one was needed.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            sessions.seen(request)
        return response


class MemberMiddleware:
    """Sets ``request.member`` and ``request.product``; to outsiders neither exists (404)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = None  # type: ignore[attr-defined]
        request.product = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        timezone.deactivate()
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("workspace", None)
        key = kwargs.pop("product", None)
        if slug is None or not request.user.is_authenticated:
            if slug is not None:
                kwargs["workspace"] = slug
            return None
        member = member_of(request.user, slug)
        if member is None:
            raise Http404
        if factors.is_missing(request, member) and not getattr(view, "open_without_factor", False):
            place = reverse("accounts:sign-in-settings", args=[slug])
            if getattr(request, "htmx", False):
                return HttpResponseClientRedirect(place)
            return HttpResponseRedirect(place)
        request.member = member  # type: ignore[attr-defined]
        timezone.activate(member.workspace.zone)
        if key is not None:
            product = product_of(member, key)
            if product is None:
                raise Http404
            request.product = product  # type: ignore[attr-defined]
        return None
