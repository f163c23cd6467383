"""Every write of connections by people."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.operations import checked
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.backlog.operations import item_update
from tandem.core import events
from tandem.core.errors import Elsewhere, Refused
from tandem.core.outgoing.addresses import complaint
from tandem.integrations.connections import secrets
from tandem.integrations.connections.kinds import REMOTES
from tandem.integrations.connections.statuses import Maps
from tandem.integrations.connections.syncing import wake
from tandem.integrations.models import (
    Connection,
    ConnectionConflict,
    ConnectionState,
    Rule,
    Way,
)
from tandem.ui.filters import spoken

MOST_CONNECTIONS = 20
LONGEST_TOKEN = 4000


@transaction.atomic
def connection_make(
    *,
    by: Member,
    product: Product,
    kind: str,
    project: str,
    token: str,
    base_url: str = "",
    account: str = "",
    rule: str = Rule.ASK,
) -> tuple[Connection, str]:
    """``(connection, secret)``; the secret is what the tracker signs its calls with, shown once.

    Everything there is read in the background at once.
    """
    require(by, "connection.manage", product)
    if kind not in REMOTES:
        raise Refused(
            _("Kinds of connections are: %(names)s.") % {"names": ", ".join(REMOTES)}, field="kind"
        )
    remote = REMOTES[kind]
    if not (base_url.strip() or remote.usual_url):
        raise Refused(
            _("Give the tracker's address, like https://skerry.atlassian.net."), field="base_url"
        )
    if Connection.objects.filter(product=product).count() >= MOST_CONNECTIONS:
        raise Refused(_("A product has at most %(most)s connections.") % {"most": MOST_CONNECTIONS})
    connection = Connection(
        product=product,
        kind=kind,
        base_url=_base_url(base_url or remote.usual_url),
        project=remote.project_checked(project),
        account=account.strip(),
        token=secrets.token_kept(_token(token)),
        salt=secrets.new_salt(),
        rule=_one_of(Rule, rule, "rule"),
        made_by=by,
    )
    same = Connection.objects.filter(
        product=product, kind=kind, base_url=connection.base_url, project=connection.project
    )
    if same.exists():
        raise Refused(
            _("%(connection)s is connected already.") % {"connection": connection}, field="project"
        )
    checked(connection)
    connection.save()
    events.record(
        by=by, verb="connection.made", obj=connection, product_id=product.pk,
        changes={"project": [None, connection.project], "rule": [None, connection.rule]},
    )  # fmt: skip
    wake(connection.pk, at=timezone.now())
    return connection, secrets.call_secret(connection.salt)


@transaction.atomic
def connection_update(
    *,
    by: Member,
    connection: Connection,
    rule: str | None = None,
    title_way: str | None = None,
    status_way: str | None = None,
    inwards: Mapping[str, int] | None = None,
    outwards: Mapping[str, str] | None = None,
    active: bool | None = None,
) -> Connection:
    """Change what is given. ``active=False`` pauses, ``True`` goes on: what changed meanwhile is caught up on."""
    row = _locked(by, connection)
    wanted: dict[str, Any] = {}
    if rule is not None:
        wanted["rule"] = _one_of(Rule, rule, "rule")
    for name, way in (("title_way", title_way), ("status_way", status_way)):
        if way is not None:
            wanted[name] = _one_of(Way, way, name)
    if inwards is not None:
        wanted["inwards"] = row.inwards | _inwards(row, inwards)
    if outwards is not None:
        wanted["outwards"] = row.outwards | _outwards(row, outwards)
    if active is not None and active != row.is_active:
        wanted["state"] = (ConnectionState.ACTIVE if active else ConnectionState.PAUSED).value
        wanted["state_reason"] = ""
    changes = {
        name: [getattr(row, name), value]
        for name, value in wanted.items()
        if getattr(row, name) != value
    }
    if not changes:
        return row
    for name, value in wanted.items():
        setattr(row, name, value)
    if "state" in changes and row.is_active:
        row.next_at, row.failures, row.last_error = None, 0, ""
    checked(row)
    row.save()
    events.record(
        by=by, verb="connection.updated", obj=row, product_id=row.product_id, changes=changes
    )
    if row.is_active:
        wake(row.pk, at=timezone.now())
    return row


@transaction.atomic
def connection_token(
    *, by: Member, connection: Connection, token: str, account: str | None = None
) -> Connection:
    """Another token; a connection that stopped goes on with it where it was."""
    row = _locked(by, connection)
    row.token = secrets.token_kept(_token(token))
    if account is not None:
        row.account = account.strip()
    if row.state == ConnectionState.STOPPED:
        row.state, row.state_reason = ConnectionState.ACTIVE, ""
    row.next_at, row.failures, row.last_error = None, 0, ""
    checked(row)
    row.save()
    events.record(by=by, verb="connection.token_given", obj=row, product_id=row.product_id)
    if row.is_active:
        wake(row.pk, at=timezone.now())
    return row


@transaction.atomic
def connection_sync(*, by: Member, connection: Connection) -> Connection:
    """Look now and not at the next time: what changed there, and what could not be told before."""
    row = _locked(by, connection)
    if not row.is_active:
        raise Refused(_("The connection does not work at the moment. Start it again first."))
    row.next_at, row.failures = None, 0
    row.save(update_fields=["next_at", "failures"])
    row.items.filter(waiting=False, gone=False).exclude(error="").update(waiting=True, error="")
    events.record(by=by, verb="connection.synced", obj=row, product_id=row.product_id)
    wake(row.pk, at=timezone.now())
    return row


@transaction.atomic
def connection_rotate_secret(*, by: Member, connection: Connection) -> str:
    """A new secret for the tracker's calls, shown once; the one before proves nothing any more."""
    row = _locked(by, connection)
    row.salt, row.address_key = secrets.new_salt(), uuid.uuid4()
    row.save(update_fields=["salt", "address_key"])
    events.record(by=by, verb="connection.secret_rotated", obj=row, product_id=row.product_id)
    return secrets.call_secret(row.salt)


@transaction.atomic
def connection_end(*, by: Member, connection: Connection) -> None:
    """Disconnect: token and secret are forgotten, the items stay."""
    row = _locked(by, connection)
    events.record(
        by=by, verb="connection.ended", obj=row, product_id=row.product_id,
        changes={"project": [row.project, None]},
    )  # fmt: skip
    row.delete()


@transaction.atomic
def conflict_decide(*, by: Member, conflict: ConnectionConflict, choice: str) -> ConnectionConflict:
    """``ours`` is told there, ``theirs`` is taken here."""
    require(by, "connection.decide", conflict)
    if choice not in ("ours", "theirs"):
        raise Refused(_("Decide for ours or theirs."), field="choice")
    found = (
        ConnectionConflict.objects.select_for_update(of=("self",))
        .select_related("connected__connection__product", "connected__item")
        .get(pk=conflict.pk)
    )
    if found.decided_at is not None:
        raise Refused(_("This was decided already; load the page again."))
    connected = found.connected
    connection = connected.connection
    if choice == "theirs":
        _take(by, connected.item, connection, found)
    # Agreed is what stands there: ours, if that is wanted, is then the only change.
    setattr(connected, found.field, found.theirs)
    connected.waiting, connected.error = True, ""
    connected.save(update_fields=[found.field, "waiting", "error"])
    found.decided_at, found.decision, found.decided_by = timezone.now(), choice, by
    found.save(update_fields=["decided_at", "decision", "decided_by"])
    events.record(
        by=by, verb="connection.decided", obj=connected.item, product_id=connection.product_id,
        changes={found.field: [found.theirs, found.ours] if choice == "ours" else [found.ours, found.theirs]},
    )  # fmt: skip
    if connection.is_active:
        wake(connection.pk, at=timezone.now())
    return found


def _take(by: Member, item: Item, connection: Connection, found: ConnectionConflict) -> None:
    if found.field == "title":
        item_update(by=by, item=item, title=found.theirs)
        return
    categories = dict(connection.words)
    status = Maps.of(connection).here(found.theirs, categories.get(found.theirs, "open"))
    if status is not None:
        item_update(by=by, item=item, status=status, by_rules=False)


def _locked(by: Member, connection: Connection) -> Connection:
    require(by, "connection.manage")
    row = (
        Connection.objects.select_for_update(of=("self",))
        .select_related("product__workspace")
        .filter(pk=connection.pk)
        .first()
    )
    if row is None or row.product.workspace_id != by.workspace_id:
        raise Elsewhere()
    return row


def _base_url(text: str) -> str:
    url = text.strip().rstrip("/")
    if "://" not in url:
        url = f"https://{url}"
    if wrong := complaint(url, settings.WEBHOOK_ALLOW):
        raise Refused(spoken(wrong), field="base_url")
    return url


def _token(text: str) -> str:
    token = text.strip()
    if not token:
        raise Refused(_("Give the token the tracker made for you."), field="token")
    if len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable():
        raise Refused(
            _("This is no token: one is a line of plain letters and digits."), field="token"
        )
    return token


def _one_of(choices: type[Rule] | type[Way], value: str, field: str) -> str:
    if value not in choices.values:
        raise Refused(_("One of %(names)s.") % {"names": ", ".join(choices.values)}, field=field)
    return str(value)


def _inwards(row: Connection, given: Mapping[str, int]) -> dict[str, int]:
    known = set(row.product.statuses.values_list("pk", flat=True))
    names = {name for name, _ in row.words}
    for name, number in given.items():
        if name not in names:
            raise Refused(
                _("There is no status “%(name)s” there.") % {"name": name[:60]}, field="inwards"
            )
        if number not in known:
            raise Refused(_("This status is gone. Choose another one."), field="inwards")
    return dict(given)


def _outwards(row: Connection, given: Mapping[str, str]) -> dict[str, str]:
    known = {str(pk) for pk in row.product.statuses.values_list("pk", flat=True)}
    names = {name for name, _ in row.words}
    for number, name in given.items():
        if name not in names:
            raise Refused(
                _("There is no status “%(name)s” there.") % {"name": name[:60]}, field="outwards"
            )
        if str(number) not in known:
            raise Refused(_("This status is gone. Choose another one."), field="outwards")
    return {str(number): name for number, name in given.items()}
