"""Telling the tracker what changed here: looked at there first, so that nothing newer is written over."""

from django.db import transaction

from tandem.backlog.models import Item
from tandem.integrations.connections.remote import Gone, NotTaken, Remote
from tandem.integrations.connections.statuses import Maps
from tandem.integrations.connections.taking import taken_in
from tandem.integrations.models import ConnectedItem, Connection, Way
from tandem.ui.sayings import made_of


def tell(connection: Connection, remote: Remote, row: ConnectedItem) -> None:
    """Send one item's title and status where they differ from what both agreed on."""
    try:
        issue = remote.one(row.number)
        taken_in(connection, remote, remote.records([issue]))
        item = Item.objects.select_related("status").get(pk=row.item_id)
        row.refresh_from_db()
        title, status = _wanted(connection, row, item)
        if title is not None or status is not None:
            issue = remote.change(row.number, title=title, status=status)
    except Gone as gone:
        _kept(row, None, gone=True, error=gone.args[0])
        return
    except NotTaken as refusal:
        _kept(row, None, error=refusal.args[0])
        return
    _agree(connection, remote, row, item, issue, title, status)


def _wanted(
    connection: Connection, row: ConnectedItem, item: Item
) -> tuple[str | None, str | None]:
    if item.deleted_at is not None:
        return None, None
    asked = set(row.conflicts.filter(decided_at=None).values_list("field", flat=True))
    ours = Maps.of(connection).there(item, row.status)
    tells = (Way.BOTH, Way.OUT)
    title = item.title if connection.title_way in tells and item.title != row.title else None
    status = ours if connection.status_way in tells and ours != row.status else None
    return (None if "title" in asked else title), (None if "status" in asked else status)


def _agree(
    connection: Connection,
    remote: Remote,
    row: ConnectedItem,
    item: Item,
    issue: dict[str, object],
    title: str | None,
    status: str | None,
) -> None:
    """Keep what both sides hold now. What was changed here meanwhile is told in another round."""
    if title is not None:
        row.title = title
    if status is not None:
        row.status = status
    _kept(row, item.version, error="")
    # Their answer says what became of it; a tracker that changes what it is given is heard.
    if title is not None or status is not None:
        taken_in(connection, remote, remote.records([issue]))


@transaction.atomic
def _kept(row: ConnectedItem, version: int | None, *, error: str, gone: bool = False) -> None:
    now = Item.objects.select_for_update().get(pk=row.item_id).version
    row.waiting = version is not None and now != version
    row.error, row.said, row.gone = str(error)[:300], made_of(error), gone
    row.save(update_fields=["title", "status", "waiting", "error", "said", "gone"])
