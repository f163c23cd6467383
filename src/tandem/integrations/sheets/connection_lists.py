"""The lists of connections to trackers."""

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.forms import whole_number
from tandem.integrations.models import ConnectedItem, Connection
from tandem.integrations.sheets.sheet import Sheet, sheet_of


def connections(member: Member, product: Product, query: QueryDict) -> Sheet:
    require(member, "connection.view")
    return sheet_of(
        ["Number", "Tracker", "Project", "State", "Reason", "Last look", "Last problem"],
        Connection.objects.filter(product=product).order_by("pk"),
        lambda each: [
            each.pk, each.get_kind_display(), each.project, each.get_state_display(), each.state_reason,
            each.last_sync_at, each.last_error,
        ],
    )  # fmt: skip


def connected(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The items of the connection ``?connection=``, with what both sides agreed on and what is wrong."""
    require(member, "connection.view")
    rows = Connection.objects.filter(product=product)
    row = get_object_or_404(rows, pk=whole_number(query.get("connection")))
    return sheet_of(
        ["Key", "Title", "There", "Agreed title", "Agreed status", "Waits", "No longer there", "Problem"],
        ConnectedItem.objects.filter(connection=row).select_related("item").order_by("pk"),
        lambda each: [
            f"{product.key}-{each.item.number}", each.item.title, each.ref, each.title, each.status,
            each.waiting, each.gone, each.error,
        ],
    )  # fmt: skip
