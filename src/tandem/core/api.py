"""What every API answer shares: problems, pages and the way errors are told."""

import datetime
import logging
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from tandem.core.database import refusal_of
from tandem.core.errors import Conflict, Refused
from tandem.core.paging import Page

log = logging.getLogger(__name__)
Out = TypeVar("Out")
#: How many rows a page may have.
PageSize = Annotated[int, Field(ge=1, le=500)]
#: A row's number in an address. The bound is the databases': beyond it they fail, not find nothing.
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Version(Schema):
    """``version`` of an item, or the ``etag`` of what a GET answered."""

    version: int | None = None
    etag: str | None = None


class Position(Schema):
    """Where in the text: ``start`` counts characters from 0, ``end`` is the one behind the last."""

    start: int
    end: int


class Problem(Schema):
    """RFC 9457: what happened, to which field, and what to do.

    On 409 ``yours`` is the version the change started from, ``current`` what it is now. A filter
    that cannot be read names the ``word``, its ``position`` in ``q`` and, where one word is near,
    the ``suggestion`` to put there.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[dict[str, Any]] | None = None
    #: The place in a bulk request's list.
    index: int | None = None
    position: Position | None = None
    word: str | None = None
    suggestion: str | None = None
    #: A move that a rule of the product holds back: what the item lacks, whose consent it needs.
    missing: list[dict[str, Any]] | None = None
    approval: list[str] | None = None
    yours: Version | None = None
    current: Version | None = None


#: What a route that takes anything may answer besides what it is for; 401 and 429 belong to all.
REFUSALS = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


class PageOut(Schema, Generic[Out]):
    """One page; give ``next`` as ``after`` to get the following one (``null``: it was the last)."""

    items: list[Out]
    next: str | None


class HistoryOut(PageOut[Out], Generic[Out]):
    """``kept_from``: what happened before that is not kept any more (``null``: everything is)."""

    kept_from: datetime.datetime | None


def page_out(page: Page[Any], rows: Sequence[Any], **more: Any) -> dict[str, Any]:
    return {"items": list(rows), "next": page.next_cursor, **more}


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body |= {name: value for name, value in more.items() if value is not None}
    return JsonResponse(body, status=status, content_type="application/problem+json")


_TITLES = {
    400: "Not readable",
    403: "Not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Refused",
    429: "Too many requests",
}


def _version(number: int | None) -> dict[str, int] | None:
    return None if number is None else {"version": number}


def _place(loc: Sequence[str | int]) -> list[str]:
    """Where the caller wrote it: ``("body", "body", "rules", 0, "item")`` is ``rules.0.item``."""
    inside = loc[2:] if loc[0] == "body" else loc[1:]
    return [str(part) for part in (inside or loc[1:])]


def handle_errors(api: NinjaAPI) -> None:
    """Every failure of ``api`` becomes a problem."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        kept = ("index", "position", "word", "suggestion", "errors", "missing", "approval")
        more: dict[str, Any] = {name: error.details.get(name) for name in kept}
        if isinstance(error, Conflict):
            more["yours"] = _version(error.yours)
            more["current"] = _version(getattr(error.current, "version", None))
        title = _TITLES.get(error.status, "Refused")
        return problem(error.status, title, error.message, field=error.field, **more)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"field": ".".join(_place(each["loc"])), "message": each["msg"]}
            for each in error.errors
        ]
        first = errors[0] if errors else {"field": "", "message": _("The request is not valid.")}
        detail = f"{first['field']}: {first['message']}" if first["field"] else first["message"]
        return problem(422, "Not valid", detail, field=first["field"] or None, errors=errors)

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = problem(
            401,
            "Not signed in",
            _("Send a token: Authorization: Bearer tdm_… (made on your account page)."),
        )
        answer["WWW-Authenticate"] = 'Bearer realm="tandem"'
        return answer

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        title = _TITLES.get(error.status_code, "Refused")
        return problem(error.status_code, title, str(error))

    @api.exception_handler(MultiPartParserError)
    def unreadable(request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
        return problem(
            400, _TITLES[400], _("The form cannot be read: %(reason)s.") % {"reason": error}
        )

    @api.exception_handler(SuspiciousOperation)
    def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
        if isinstance(error, RequestDataTooBig):
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024
            return problem(
                413,
                _TITLES[413],
                _("A request has at most %(most)s KB. Send it in parts.") % {"most": most},
            )
        return problem(400, _TITLES[400], _("The request cannot be read."))

    @api.exception_handler(Exception)
    def failed(request: HttpRequest, error: Exception) -> HttpResponse:
        busy = refusal_of(error)
        if busy is not None:
            answer = problem(busy.status, "Busy", busy.message)
            answer["Retry-After"] = "10"
            return answer
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        detail = _("Nothing was saved by this request. The server's log holds the reason.")
        return problem(500, "Tandem made a mistake", detail)

    from django.http import Http404

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "Not found", "Nothing is here, or it belongs to another workspace.")
