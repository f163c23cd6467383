"""Who acts in which workspace: ``request.member`` for every address under ``/w/<workspace>/``."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from tandem.accounts.models import Member, Product


def member_of(user: Any, slug: str) -> Member | None:
    return (
        Member.objects.active()
        .select_related("user", "workspace")
        .filter(user=user, workspace__slug=slug)
        .first()
    )


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
        request.member = member  # type: ignore[attr-defined]
        timezone.activate(member.workspace.zone)
        if key is not None:
            product = Product.objects.visible_to(member).filter(key=key).first()
            if product is None:
                raise Http404
            product.workspace = member.workspace
            request.product = product  # type: ignore[attr-defined]
        return None
