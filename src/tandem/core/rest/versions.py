"""``ETag`` and ``If-Match``: a write says which state it started from, and is not done blindly."""

import copy
import hashlib
import json
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from tandem.core.api import problem

WRITES = frozenset({"PATCH", "PUT", "DELETE"})
View = Callable[[HttpRequest], HttpResponseBase]


def etag_of(answer: HttpResponse) -> str:
    return f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'


def tell(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Name the state of what a GET answered."""
    if request.method == "GET" and answer.status_code == 200 and isinstance(answer, HttpResponse):
        answer["ETag"] = etag_of(answer)


def version_of(request: HttpRequest, version: int | None = None) -> int | None:
    """The item's version a write started from: as sent, or the one ``If-Match`` stood for."""
    return getattr(request, "version_seen", None) if version is None else version


def matched(request: HttpRequest, view: View) -> HttpResponseBase:
    """``view``'s answer; with ``If-Match`` only when what is there is what was seen, else 409.

    Looked up and changed in one transaction. Where nothing can be looked up the header is
    refused: to leave it out silently would be the blind write it is there to prevent.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None or request.method not in WRITES:
        return view(request)
    with transaction.atomic():
        looked = copy.copy(request)
        looked.method = "GET"
        looked.within = True  # type: ignore[attr-defined]
        found = view(looked)
        if found.status_code == 405:
            text = _("Nothing at this address has a version to match. Leave If-Match out.")
            return problem(422, "Refused", text, field="If-Match")
        if found.status_code != 200 or not isinstance(found, HttpResponse):
            return found
        etag, seen = etag_of(found), _version_in(found)
        named = {each.strip().removeprefix("W/") for each in wanted.split(",")}
        if "*" not in named and etag not in named:
            text = _("It was changed since you read it. Look at what it is now, then write again.")
            now = {"etag": etag} | ({} if seen is None else {"version": seen})
            return problem(409, "Conflict", text, yours={"etag": wanted}, current=now)
        if "*" not in named:
            request.version_seen = seen  # type: ignore[attr-defined]
        return view(request)


def _version_in(answer: HttpResponse) -> int | None:
    found = json.loads(answer.content)
    return found.get("version") if isinstance(found, dict) else None
