"""``Idempotency-Key``: a POST sent again, because its answer was lost, is done once."""

import datetime
import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.core import ciphers
from tandem.core.api import problem
from tandem.core.models import KeptAnswer

HEADER = "Idempotency-Key"
KEPT = datetime.timedelta(hours=24)
#: A request that took longer than this died with its process: its key is free again.
WORKING = datetime.timedelta(minutes=10)
PURPOSE = b"tandem.kept-answer"
#: Signs, letters and digits of ASCII, 1 to 200, with blanks inside.
KEY = r"^[!-~]([ -~]{0,198}[!-~])?$"


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Around each operation, after the caller is known and the request was read."""

    @functools.wraps(view)
    def keyed(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if request.method != "POST" or key is None:
            return view(request, *args, **kwargs)
        if not re.fullmatch(KEY, key):
            text = _("A key has 1 to 200 letters, digits or signs.")
            return problem(422, "Refused", text, field=HEADER)
        answer = _claim(request, key)
        return view(request, *args, **kwargs) if answer is None else answer

    return keyed


def _claim(request: HttpRequest, key: str) -> HttpResponse | None:
    """The answer for a key that was used; ``None`` when this request is the first."""
    now = timezone.now()
    member_id = request.auth.pk  # type: ignore[attr-defined]
    fingerprint = _fingerprint(request)
    KeptAnswer.objects.filter(made_at__lt=now - KEPT).delete()
    KeptAnswer.objects.filter(status=0, made_at__lt=now - WORKING).delete()
    names = {"member_id": member_id, "key": key, "route": _route(request)}
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(**names, fingerprint=fingerprint, made_at=now)
    except IntegrityError:
        found = KeptAnswer.objects.filter(**names).first()
        return _again(found, fingerprint)
    request.kept_answer = kept  # type: ignore[attr-defined]
    return None


def _route(request: HttpRequest) -> str:
    """Where the key counts. What a token with other rights sends under it is a request of its own:
    it is judged by what that token may, and hears nothing of the first one's answer."""
    rights = getattr(request, "api_rights", "")
    mark = hashlib.sha256(rights.encode()).hexdigest()[:16] if rights else "-"
    return f"{mark} {request.method} {request.path}"[:500]


def _again(kept: KeptAnswer | None, fingerprint: str) -> HttpResponse:
    if kept is not None and kept.fingerprint != fingerprint:
        text = _("This key came with another request before. Use a new key for a new request.")
        return problem(422, "Refused", text, field=HEADER)
    if kept is None or kept.status == 0:
        text = _("The first request with this key is still being worked on. Ask again in a moment.")
        answer = problem(409, "Conflict", text, field=HEADER)
        answer["Retry-After"] = "1"
        return answer
    body = ciphers.decrypt(kept.body, PURPOSE)
    if body is None:
        text = _("The answer was kept with another secret key. Use a new key for a new request.")
        return problem(409, "Conflict", text, field=HEADER)
    answer = HttpResponse(body, status=kept.status, content_type=kept.content_type)
    answer["Idempotency-Replayed"] = "true"
    return answer


def _fingerprint(request: HttpRequest) -> str:
    """Of the body; a form counts by its fields, because each sending draws another boundary."""
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    if (request.content_type or "").startswith("multipart/"):
        for name, values in sorted(request.POST.lists()):
            digest.update(repr((name, values)).encode())
        for name in sorted(request.FILES):
            file: Any = request.FILES[name]
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def keep(request: HttpRequest, answer: HttpResponseBase | None) -> None:
    """Keep what the first request with a key was answered; a failure leaves the key free."""
    kept: KeptAnswer | None = getattr(request, "kept_answer", None)
    if kept is None:
        return
    if not isinstance(answer, HttpResponse) or answer.status_code >= 500:
        kept.delete()
        return
    kept.status = answer.status_code
    kept.content_type = answer.get("Content-Type", "")[:100]
    # Some answers tell a secret once: the database must not tell it ever after.
    kept.body = ciphers.encrypt(answer.content.decode(), PURPOSE)
    kept.save(update_fields=["status", "content_type", "body"])
