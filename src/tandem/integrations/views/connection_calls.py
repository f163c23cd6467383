"""A tracker's call that something changed: proved by its signature, counted once, answered at once."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tandem.integrations.connections import secrets
from tandem.integrations.connections.calls import call_taken
from tandem.integrations.connections.kinds import REMOTES
from tandem.integrations.models import Connection


@csrf_exempt
@login_not_required
@require_POST
def call(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """202 when it is taken, 200 when it was before, 403 when it does not prove who sends it."""
    connection = Connection.objects.filter(address_key=key, product__deleted_at=None).first()
    headers = {name.lower(): value for name, value in request.headers.items()}
    found = None
    if connection is not None:
        secret = secrets.call_secret(connection.salt)
        found = REMOTES[connection.kind].call(connection, secret, headers, request.body)
    if connection is None or found is None:
        # The same for both: who proves nothing learns nothing.
        return _said("The signature does not fit. Are address and secret those Tandem showed?", 403)
    new = call_taken(connection, delivery=found.delivery, number=found.number)
    return _said("Taken." if new else "Taken before.", 202 if new else 200)


def _said(message: str, status: int) -> HttpResponse:
    answer = HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
