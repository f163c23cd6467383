"""A refusal that no view answered becomes a readable answer, in the form that was asked for."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from servestatic.middleware import ServeStaticMiddleware

from tandem.core.database import refusal_of
from tandem.core.errors import Refused


class NoAddress(Refused):
    status = 400


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Before any row is looked for: PostgreSQL fails on a text with this character. In a query
        # it is left out, as in every text that is written; the API refuses it, naming the field.
        if not request.path.startswith("/api/"):
            if "\x00" in request.path:
                words = _("This address holds a character that no text holds. Take out %(it)s.")
                return self.told(request, NoAddress(words % {"it": "%00"}))
            if "%00" in request.META.get("QUERY_STRING", ""):
                while "%00" in request.META["QUERY_STRING"]:
                    request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
                request.__dict__.pop("GET", None)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = refusal_of(error)
        return None if refusal is None else self.told(request, refusal)

    def told(self, request: HttpRequest, refusal: Refused) -> HttpResponse:
        if getattr(request, "htmx", False):
            # htmx shows it as a toast; nothing on the page is replaced.
            response = render(request, "ui/fragments/refusal.jinja", {"refusal": refusal})
            response.status_code = refusal.status
            response["HX-Reswap"] = "none"
            return response
        forbidden = refusal.status == 403
        title = _("Not allowed") if forbidden else _("That did not work")
        context = {"title": title, "message": refusal.message}
        return render(request, "ui/error.jinja", context, status=refusal.status)


class FilesMiddleware:
    """The files of pages come from here; whatever else is asked passes by.

    ServeStatic's own is asynchronous: between middleware that is not, every page would change
    threads four times on its way through.
    """

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase], settings: Any = settings
    ) -> None:
        self.get_response = get_response
        self.files = ServeStaticMiddleware(sync_to_async(get_response), settings=settings)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(self.files.static_prefix):
            answer: HttpResponseBase = async_to_sync(self.files)(request)
            return answer
        return self.get_response(request)


class LanguageMiddleware:
    """Answers in the language a person chose, else in the one the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(translation.get_language_from_request(request))
        try:
            response = self.get_response(request)
            language = translation.get_language()
        finally:
            translation.deactivate()
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language or "en")
        return response

    def process_view(self, request: HttpRequest, view: Any, *rest: Any) -> None:
        # An open page does not ask who is there: that would cost two queries.
        if not getattr(view, "login_required", True):
            return
        user = getattr(request, "user", None)
        language = getattr(user, "language", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)


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


class CompressionMiddleware(GZipMiddleware):
    """Pages and answers of text travel compressed; what is handed on piece by piece stays as it is.

    Django's own adds bytes of a random length, so that the size of an answer tells nothing of a
    secret beside words an attacker chose (BREACH); tokens against forged forms are masked anew in
    every answer.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or not (kind.startswith("text/") or kind.endswith(("json", "xml"))):
            return response
        return super().process_response(request, response)
