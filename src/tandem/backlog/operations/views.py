"""Saved views: made, changed, removed."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import can, require
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Layout, SavedView
from tandem.backlog.operations.items import locked
from tandem.core import events
from tandem.core.errors import PermissionRefused, Refused

MOST_VIEWS = 200
MOST_COLUMNS = 60


def _checked(view: SavedView, by: Member, sent: dict[str, Any]) -> dict[str, Any]:
    """Put what was sent onto the view; gives what changed."""
    if "name" in sent:
        sent["name"] = " ".join(str(sent["name"] or "").replace("\x00", "").split())
        if not sent["name"] or len(sent["name"]) > 60:
            raise Refused(_("A view needs a name of at most 60 characters."), field="name")
    if "filter" in sent:
        # What cannot be read now is refused now, pointing at the word.
        sent["filter"] = ItemFilter.read(str(sent["filter"] or ""), view.product, by).q
    if "layout" in sent and sent["layout"] not in Layout.values:
        raise Refused(
            _("“%(layout)s” is none of %(known)s.")
            % {"layout": str(sent["layout"])[:20], "known": ", ".join(Layout.values)},
            field="layout",
        )
    if sent.get("columns") is not None:
        sent["columns"] = [str(name)[:60] for name in sent["columns"][:MOST_COLUMNS]]
    if "group" in sent:
        sent["group"] = str(sent["group"] or "")[:40]
        if sent["group"]:
            from tandem.backlog.queries.grouping import datable, groupable

            known = [*groupable(view.product), *datable(view.product)]
            if sent["group"] not in known:
                raise Refused(
                    _("“%(group)s” is none of %(known)s.")
                    % {"group": sent["group"], "known": ", ".join(known)},
                    field="group",
                )
    changes = {}
    for name, value in sent.items():
        before = getattr(view, name)
        if before != value:
            changes[name] = [before, value]
            setattr(view, name, value)
    return changes


def _may(by: Member, view: SavedView) -> None:
    """One's own views; shared ones also those who steer the product."""
    require(by, "item.view")
    if view.owner_id != by.pk and not (view.is_shared and can(by, "product.edit")):
        raise PermissionRefused(
            _("The view %(name)s belongs to %(owner)s.")
            % {"name": view.name, "owner": view.owner.name}
        )


def _share(by: Member, sent: dict[str, Any]) -> None:
    if sent.get("is_shared"):
        require(by, "view.share")


@transaction.atomic
def view_save(
    *,
    by: Member,
    product: Product,
    name: str,
    filter: str = "",
    columns: Sequence[str] | None = None,
    layout: str = Layout.LIST,
    group: str = "",
    is_shared: bool = False,
    is_pinned: bool = False,
) -> SavedView:
    """Keep a filter, its order, columns, layout and grouping under a name."""
    require(by, "item.view")
    product = locked(product)
    if SavedView.objects.filter(product=product, owner=by).count() >= MOST_VIEWS:
        raise Refused(
            _("A member has at most %(most)s views of a product. Remove one first.")
            % {"most": MOST_VIEWS}
        )
    last = SavedView.objects.filter(product=product).aggregate(last=Max("number"))["last"]
    view = SavedView(product=product, owner=by, number=(last or 0) + 1)
    sent = {
        "name": name,
        "filter": filter,
        "columns": None if columns is None else list(columns),
        "layout": layout,
        "group": group,
        "is_shared": bool(is_shared),
        "is_pinned": bool(is_pinned),
    }
    _share(by, sent)
    _checked(view, by, sent)
    view.save(force_insert=True)
    events.record(
        by=by,
        verb="view.saved",
        obj=view,
        changes={"name": [None, view.name], "filter": view.filter},
    )
    return view


@transaction.atomic
def view_update(*, by: Member, view: SavedView, **sent: Any) -> SavedView:
    """Change any of: name, filter, columns, layout, group, is_shared, is_pinned."""
    product = locked(view.product)
    view = SavedView.objects.select_related("owner__user").get(pk=view.pk)
    view.product = product
    _may(by, view)
    _share(by, sent)
    changes = _checked(view, by, sent)
    if changes:
        view.version += 1
        view.save()
        events.record(by=by, verb="view.changed", obj=view, changes=changes)
    return view


@transaction.atomic
def view_remove(*, by: Member, view: SavedView) -> None:
    """Remove the view; the items it shows stay."""
    product = locked(view.product)
    view = SavedView.objects.select_related("owner__user").get(pk=view.pk)
    view.product = product
    _may(by, view)
    kept = {name: getattr(view, name) for name in ("name", "filter", "layout", "group")}
    events.record(by=by, verb="view.removed", obj=view, changes={"row": kept})
    view.delete()
