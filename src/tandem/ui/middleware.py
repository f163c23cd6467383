"""A refusal that no view answered becomes a readable answer, in the form that was asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tandem.core.database import refusal_of


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = refusal_of(error)
        if refusal is None:
            return None
        if getattr(request, "htmx", False):
            # htmx shows it as a toast; nothing on the page is replaced.
            response = render(request, "ui/fragments/refusal.jinja", {"refusal": refusal})
            response.status_code = refusal.status
            response["HX-Reswap"] = "none"
            return response
        context = {"title": "That did not work", "message": refusal.message}
        return render(request, "ui/error.jinja", context, status=refusal.status)


#: Nothing here looks, listens or asks where one is; no other site may load what is answered, and no
#: cache on the way keeps it or shows it without asking whether one may still see it.
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """What every answer says to the browser besides Django's own headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response
