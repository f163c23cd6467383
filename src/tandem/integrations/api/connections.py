"""Connections to trackers over the API. The token goes in and never comes out."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body
from tandem.integrations.connections import operations as do
from tandem.integrations.models import Connection, ConnectionConflict

router = Router(tags=["imports"])


class ConnectionOut(Schema):
    id: int
    kind: str
    project: str
    base_url: str
    account: str
    state: str
    state_reason: str
    rule: str
    title_way: str
    status_way: str
    inwards: dict[str, int]
    outwards: dict[str, str]
    complete: bool
    items: int
    waiting: int
    conflicts: int
    last_sync_at: datetime.datetime | None
    last_hook_at: datetime.datetime | None
    last_error: str
    next_at: datetime.datetime | None
    call_path: str

    @staticmethod
    def resolve_items(row: Any) -> int:
        return int(row.count)

    @staticmethod
    def resolve_waiting(row: Any) -> int:
        return int(row.waiting_count)

    @staticmethod
    def resolve_conflicts(row: Any) -> int:
        return int(row.open_conflicts)

    @staticmethod
    def resolve_call_path(row: Connection) -> str:
        return f"/calls/{row.address_key}/"


class ConnectionMadeOut(Schema):
    connection: ConnectionOut
    secret: str


class CallSecretOut(Schema):
    secret: str
    call_path: str


class ConnectionIn(Body):
    kind: str
    project: str
    token: str
    base_url: str = ""
    account: str = ""
    rule: str = "ask"


class ConnectionPatch(Body):
    rule: str | None = None
    title_way: str | None = None
    status_way: str | None = None
    inwards: dict[str, int] | None = None
    outwards: dict[str, str] | None = None
    active: bool | None = None


class TokenIn(Body):
    token: str
    account: str | None = None


class ConflictDecisionIn(Body):
    choice: str


class ConflictOut(Schema):
    id: int
    item: str
    field: str
    ours: str
    theirs: str
    at: datetime.datetime
    decision: str
    decided_at: datetime.datetime | None

    @staticmethod
    def resolve_item(row: ConnectionConflict) -> str:
        return row.connected.item.key


def _connection(request: HttpRequest, key: str, pk: int) -> Connection:
    product = product_for(request, key)
    require(caller(request), "connection.view")
    found: Connection = get_object_or_404(
        Connection.objects.counted().select_related("product"), product=product, pk=pk
    )
    return found


def _again(row: Connection) -> Connection:
    return Connection.objects.counted().get(pk=row.pk)


@router.get("/products/{key}/connections", response={200: list[ConnectionOut], **REFUSALS})
def connections(request: HttpRequest, key: str) -> Any:
    """The product's connections to trackers."""
    product = product_for(request, key)
    require(caller(request), "connection.view")
    return Connection.objects.filter(product=product).counted()


@router.post("/products/{key}/connections", response={201: ConnectionMadeOut, **REFUSALS})
def connection_make(request: HttpRequest, key: str, body: ConnectionIn) -> Any:
    """Connect a project; everything there is read in the background. The answer holds the secret of the
    tracker's calls, once."""
    given = body.dict()
    product = product_for(request, key)
    row, secret = do.connection_make(by=caller(request), product=product, **given)
    return Status(201, {"connection": _again(row), "secret": secret})


@router.get("/products/{key}/connections/{pk}", response={200: ConnectionOut, **REFUSALS})
def connection(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One connection: what it does, when it looked last, and what is wrong."""
    return _connection(request, key, pk)


@router.patch("/products/{key}/connections/{pk}", response={200: ConnectionOut, **REFUSALS})
def connection_update(request: HttpRequest, key: str, pk: RowId, body: ConnectionPatch) -> Any:
    """Change the field map or the rule, pause (``active: false``) and go on."""
    row = _connection(request, key, pk)
    return _again(do.connection_update(by=caller(request), connection=row, **body.dict()))


@router.delete("/products/{key}/connections/{pk}", response={204: None, **REFUSALS})
def connection_end(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Disconnect. The items stay."""
    do.connection_end(by=caller(request), connection=_connection(request, key, pk))
    return Status(204, None)


@router.put("/products/{key}/connections/{pk}/token", response={200: ConnectionOut, **REFUSALS})
def connection_token(request: HttpRequest, key: str, pk: RowId, body: TokenIn) -> Any:
    """Another token; a connection that stopped goes on with it."""
    row = _connection(request, key, pk)
    return _again(do.connection_token(by=caller(request), connection=row, **body.dict()))


@router.post("/products/{key}/connections/{pk}/sync", response={202: ConnectionOut, **REFUSALS})
def connection_sync(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Look now."""
    row = _connection(request, key, pk)
    return Status(202, _again(do.connection_sync(by=caller(request), connection=row)))


@router.post("/products/{key}/connections/{pk}/secret", response={200: CallSecretOut, **REFUSALS})
def connection_rotate_secret(request: HttpRequest, key: str, pk: RowId) -> Any:
    """A new address and secret for the tracker's calls, told once."""
    row = _connection(request, key, pk)
    secret = do.connection_rotate_secret(by=caller(request), connection=row)
    row.refresh_from_db()
    return {"secret": secret, "call_path": f"/calls/{row.address_key}/"}


@router.get(
    "/products/{key}/connections/{pk}/conflicts", response={200: PageOut[ConflictOut], **REFUSALS}
)
def conflicts(
    request: HttpRequest, key: str, pk: RowId, after: str | None = None, limit: PageSize = 100
) -> Any:
    """What both sides changed and nobody decided yet."""
    rows = ConnectionConflict.objects.filter(
        connected__connection=_connection(request, key, pk), decided_at=None
    )
    page = keyset(
        rows.select_related("connected__item__product"), ("id",), after=after, limit=limit
    )
    return page_out(page, page.rows)


@router.post(
    "/products/{key}/connections/{pk}/conflicts/{conflict}/decision",
    response={200: ConflictOut, **REFUSALS},
)
def conflict_decide(
    request: HttpRequest, key: str, pk: RowId, conflict: RowId, body: ConflictDecisionIn
) -> Any:
    """``ours`` is told there, ``theirs`` is taken here."""
    row = _connection(request, key, pk)
    found = get_object_or_404(ConnectionConflict, connected__connection=row, pk=conflict)
    return do.conflict_decide(by=caller(request), conflict=found, choice=body.choice)
