"""Who acts in which workspace: ``request.member`` for every address under ``/w/<workspace>/``."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from tandem.accounts.models import Member, Product
from tandem.accounts.sign_in import factors, sessions


def member_of(user: Any, slug: str) -> Member | None:
    return (
        Member.objects.active()
        .select_related("user", "workspace")
        .filter(user=user, workspace__slug=slug)
        .first()
    )


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
            product = Product.objects.visible_to(member).filter(key=key).first()
            if product is None:
                raise Http404
            product.workspace = member.workspace
            request.product = product  # type: ignore[attr-defined]
        return None
