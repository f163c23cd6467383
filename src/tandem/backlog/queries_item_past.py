"""What happened to an item, and who watches it, as its page shows it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tandem.accounts.history_keeping import gone
from tandem.accounts.models import Member
from tandem.backlog.history import Visit, visits
from tandem.backlog.models import Item, Watch
from tandem.backlog.queries_item import lacks
from tandem.core.models import Event
from tandem.core.paging import cut, keyset
from tandem.core.prepared import prepared

EVENTS = 40
WATCHERS = 1000


@dataclass(frozen=True)
class History:
    visits: list[Visit]
    earlier: str | None
    #: What stands at its end when older changes are not kept any more.
    gone: str = ""


def _events(workspace_id: int, item_id: int) -> QuerySet[Event]:
    return Event.objects.filter(
        workspace_id=workspace_id, object_kind="item", object_id=item_id
    ).order_by("-pk")


@prepared
def _newest_events(workspace_id: int, item_id: int) -> QuerySet[Event]:
    return _events(workspace_id, item_id)[: EVENTS + 1]


def history_of(item: Item, *, before: str | None = None) -> History:
    if before:
        events = _events(item.workspace_id, item.pk)
        page = keyset(events, ["-pk"], after=before, limit=EVENTS)
    else:
        page = cut(_newest_events(item.workspace_id, item.pk), ["-pk"], EVENTS)
    ends = "" if page.next_cursor else gone(item.product, item.created_at)
    return History(visits(page.rows, item=item), page.next_cursor, ends)


@dataclass(frozen=True)
class Watchers:
    """Who watches the item; ``mine``: the reader does."""

    names: list[str]
    count: int
    mine: bool

    @property
    def who(self) -> str:
        rest = self.count - len(self.names)
        names = ", ".join(self.names)
        told = {"keys": names, "number": rest}
        return _("%(keys)s and %(number)s more") % told if rest else names


@prepared
def _watching(item_id: int) -> QuerySet[Watch, tuple[int, str]]:
    rows = Watch.objects.filter(item_id=item_id, on=True).order_by("since", "pk")
    return rows.values_list("member_id", "member__user__name")[:WATCHERS]


def watchers_of(item: Item, member: Member) -> Watchers:
    people = [] if lacks(item, "watchers") else _watching(item.pk)
    return Watchers(
        [name for _pk, name in people[:12]],
        len(people),
        any(pk == member.pk for pk, _name in people),
    )


def last_event(item: Item) -> Event | None:
    """The newest event of the item: what the toast after an action offers to undo."""
    return Event.objects.of("item", item.pk).first()


def deletion_of(item: Item) -> Event | None:
    return Event.objects.of("item", item.pk).filter(verb="item.deleted").first()
