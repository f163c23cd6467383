"""What people see when something is not there or not allowed: a sentence and a way on."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tandem.core.api import problem
from tandem.core.errors import Refused

log = logging.getLogger("tandem.instance")


def _page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(status, title, message)
    for name in ("member", "product"):
        if not hasattr(request, name):
            setattr(request, name, None)
    if getattr(request, "htmx", False):
        # A part of a page was asked for: a whole page inside it would help nobody.
        refusal = Refused(". ".join((title, message)))
        response = render(request, "ui/fragments/refusal.jinja", {"refusal": refusal})
        response.status_code = status
        response["HX-Reswap"] = "none"
        return response
    return render(request, "ui/error.jinja", {"title": title, "message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("The request could not be read"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _("Your role may not do this. Ask an administrator of the workspace.")
    return _page(request, 403, _("Not allowed"), message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _("Go back, load the page again and send it once more; nothing was changed.")
    return _page(request, 403, _("This form is too old"), message)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _(
        "The address is wrong, or what it named was removed, or it belongs to a workspace you are not in."
    )
    return _page(request, 404, _("Nothing is here"), message)


def server_error(request: HttpRequest) -> HttpResponse:
    message = _(
        "Nothing was saved by this request. The server's log holds the reason; your other pages keep working."
    )
    title = _("Tandem made a mistake")
    try:
        return _page(request, 500, title, message)
    except Exception:
        # What failed may be what every page rests on: then a page that rests on nothing.
        log.exception("The page that tells of a mistake failed, too.")
        start = format_html('<p><a href="/">{}</a></p>', _("Go to the start"))
        lines = format_html("<title>{0} · Tandem</title><h1>{0}</h1><p>{1}</p>", title, message)
        return HttpResponse(f"<!doctype html>{lines}{start}", status=500)
