"""The parent as a column of lists and a cell of table files."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as N_
from markupsafe import Markup

from tandem.accounts.models import Member, Product
from tandem.backlog.columns import Column, register
from tandem.backlog.models import Item
from tandem.core.prepared import prepared
from tandem.ui.addresses import address

_LINK = Markup(
    '<a class="own-link" href="{}" data-peek="{}"><span class="item-key">{}</span> {}</a>'
)
LONGEST = 28


@prepared
def _parents(ids: list[int]) -> QuerySet[Any, tuple[int, int, str]]:
    rows = Item.objects.filter(pk__in=ids, parent__deleted_at__isnull=True, parent__isnull=False)
    return rows.order_by().values_list("pk", "parent__number", "parent__title")


def _values(member: Member, product: Product, ids: Sequence[int]) -> Mapping[int, Any]:
    here = {"workspace": member.workspace.slug, "product": product.key}
    found: dict[int, Any] = {}
    links: dict[int, Any] = {}
    for pk, number, title in _parents(list(ids)) if ids else ():
        if number not in links:
            key = f"{product.key}-{number}"
            short = title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
            at = address("backlog:item", **here, key=key)
            links[number] = _LINK.format(at, key, key, short)
        found[pk] = links[number]
    return found


def _cells(member: Member, product: Product, ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    rows = _parents(list(ids)) if ids else ()
    return {pk: (f"{product.key}-{number}",) for pk, number, _title in rows}


register(
    Column(
        "parent",
        N_("Parent"),
        20,
        sort="parent",
        values=_values,
        sheet_titles=("Parent",),
        cells=_cells,
    )
)
