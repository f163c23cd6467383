"""Connections in the browser: the list, one with its maps and conflicts, and what one does about them."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.operations import statuses_ensure
from tandem.core.errors import PermissionRefused, Refused
from tandem.integrations.connections import operations as do
from tandem.integrations.connections.kinds import REMOTES
from tandem.integrations.models import Connection, ConnectionConflict, ConnectionKind, Rule, Way
from tandem.ui.sayings import seen

#: How many conflicts and troubled items a page lists.
LISTED = 100


def _connection(request: ProductRequest, pk: int) -> Connection:
    require(request.member, "connection.view")
    rows = Connection.objects.visible_to(request.member).select_related("product", "made_by__user")
    found: Connection = get_object_or_404(rows, product=request.product, pk=pk)
    return found


def _to(request: ProductRequest, row: Connection) -> HttpResponse:
    return redirect(_address(request, row))


def _address(request: ProductRequest, row: Connection) -> str:
    here = (request.member.workspace.slug, request.product.key, row.pk)
    return reverse("integrations:connection", args=here)


def connections(request: ProductRequest) -> HttpResponse:
    """The list; POST connects a project and shows the secret for its calls, once."""
    require(request.member, "connection.view")
    refusal = None
    if request.method == "POST":
        names = ("kind", "project", "token", "base_url", "account", "rule")
        given = {name: request.POST.get(name, "") for name in names}
        given["rule"] = given["rule"] or Rule.ASK.value
        try:
            row, secret = do.connection_make(by=request.member, product=request.product, **given)
        except PermissionRefused:
            raise
        except Refused as refused:
            refusal = refused
        else:
            return _shown(request, row, secret=secret)
    rows = Connection.objects.filter(product=request.product).counted()
    context = {
        "connections": rows,
        "may": can(request.member, "connection.manage"),
        "kinds": [(kind, remote.title) for kind, remote in REMOTES.items()],
        "rules": Rule.choices,
        "refusal": refusal,
        "given": request.POST,
    }
    status = 422 if refusal else 200
    return render(request, "integrations/connections/list.jinja", context, status=status)


@require_GET
def connection(request: ProductRequest, pk: int) -> HttpResponse:
    """One connection; htmx asks for its state alone while it works."""
    row = _connection(request, pk)
    if request.htmx and not request.htmx.boosted:
        return render(request, "integrations/connections/state.jinja", _state(request, row))
    return _shown(request, row)


def _state(request: ProductRequest, row: Connection) -> dict[str, Any]:
    now = timezone.now()
    working = row.working_until is not None and row.working_until > now
    due = row.is_active and row.wake_at is not None and row.wake_at <= now
    reading = row.is_active and not row.complete and not row.last_error
    return {
        "connection": row,
        "remote": REMOTES[row.kind],
        "may": can(request.member, "connection.manage"),
        "busy": working or due or reading,
        "progress": seen(row.progress_key) if working or reading else None,
        "counts": row.items.aggregate(
            all=Count("pk"),
            waiting=Count("pk", filter=Q(waiting=True)),
            gone=Count("pk", filter=Q(gone=True)),
        ),
        "waits": bool(row.is_active and row.last_error and row.next_at and row.next_at > now),
    }


def _shown(
    request: ProductRequest, row: Connection, *, secret: str = "", refusal: Refused | None = None
) -> HttpResponse:
    conflicts = ConnectionConflict.objects.filter(connected__connection=row, decided_at=None)
    troubled = row.items.filter(Q(gone=True) | ~Q(error="")).select_related("item__product")
    statuses = statuses_ensure(row.product)
    context = _state(request, row) | {
        "conflicts": conflicts.select_related("connected__item__product")[:LISTED],
        "may_decide": can(request.member, "connection.decide"),
        "troubled": troubled.order_by("id")[:LISTED],
        "statuses": [(status.pk, status.name) for status in statuses],
        "words": [(name, name) for name, _ in row.words],
        "ways": Way.choices,
        "rules": Rule.choices,
        "secret": secret,
        "refusal": refusal,
        "call_address": request.build_absolute_uri(reverse("calls:call", args=[row.address_key])),
        "needs_account": row.kind == ConnectionKind.JIRA,
    }
    status = 422 if refusal else 200
    return render(request, "integrations/connections/show.jinja", context, status=status)


@form_of("integrations:connection", "pk")
def settings(request: ProductRequest, pk: int) -> HttpResponse:
    """The field map and the rule."""
    row, given = _connection(request, pk), request.POST
    inwards = {
        name: int(value)
        for place, (name, _) in enumerate(row.words)
        if (value := given.get(f"in-{place}", "")).isascii() and value.isdigit() and len(value) < 16
    }
    outwards = {
        key.removeprefix("out-"): str(value)
        for key, value in given.items()
        if key.startswith("out-") and value
    }
    try:
        do.connection_update(
            by=request.member, connection=row, rule=given.get("rule"), inwards=inwards,
            title_way=given.get("title_way"), status_way=given.get("status_way"), outwards=outwards,
        )  # fmt: skip
    except PermissionRefused:
        raise
    except Refused as refusal:
        return _shown(request, row, refusal=refusal)
    messages.success(request, _("The field map is kept. It counts from now on."))
    return _to(request, row)


@form_of("integrations:connection", "pk")
def token(request: ProductRequest, pk: int) -> HttpResponse:
    row = _connection(request, pk)
    try:
        do.connection_token(
            by=request.member, connection=row, token=request.POST.get("token", ""),
            account=request.POST.get("account"),
        )  # fmt: skip
    except PermissionRefused:
        raise
    except Refused as refusal:
        return _shown(request, row, refusal=refusal)
    messages.success(request, _("The new token is kept, and the connection goes on where it was."))
    return _to(request, row)


@require_POST
def sync(request: ProductRequest, pk: int) -> HttpResponse:
    row = _connection(request, pk)
    do.connection_sync(by=request.member, connection=row)
    messages.success(request, _("Tandem looks now."))
    return _to(request, row)


@require_POST
def state(request: ProductRequest, pk: int) -> HttpResponse:
    row = _connection(request, pk)
    active = request.POST.get("active") == "yes"
    do.connection_update(by=request.member, connection=row, active=active)
    return _to(request, row)


@form_of("integrations:connection", "pk")
def secret(request: ProductRequest, pk: int) -> HttpResponse:
    row = _connection(request, pk)
    made = do.connection_rotate_secret(by=request.member, connection=row)
    return _shown(request, _connection(request, pk), secret=made)


@require_POST
def end(request: ProductRequest, pk: int) -> HttpResponse:
    row = _connection(request, pk)
    do.connection_end(by=request.member, connection=row)
    messages.success(request, _("%(row)s is disconnected. Its items stay here.") % {"row": row})
    slug = request.member.workspace.slug
    return redirect("integrations:connections", workspace=slug, product=request.product.key)


@require_POST
def decide(request: ProductRequest, pk: int, conflict: int) -> HttpResponse:
    row = _connection(request, pk)
    rows = ConnectionConflict.objects.filter(connected__connection=row)
    do.conflict_decide(
        by=request.member,
        conflict=get_object_or_404(rows, pk=conflict),
        choice=request.POST.get("choice", ""),
    )
    return _to(request, row)
