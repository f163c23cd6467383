"""Parking, reviving and the trash, as a change of many items does it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Category, Item
from tandem.backlog.operations.bulk_settings import Look, Setting, Told, register
from tandem.backlog.operations.parking import parked_write
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.search import among


def _parked(product: Product, wanted: Any) -> bool:
    return bool(wanted)


def _park_look(product: Product, items: Sequence[Item], wanted: bool) -> dict[int, Look]:
    found = {}
    for item in items:
        finished = item.status.category not in (Category.OPEN, Category.STARTED)
        refusal = _("It is finished; nothing to park.") if wanted and finished else ""
        found[item.pk] = Look(item.parked_at is not None, wanted, refusal)
    return found


def _park(
    by: Member, product: Product, told: Told, wanted: bool, now: datetime.datetime
) -> list[Event]:
    items = [item for item, _look in told]
    parked_write(items, now if wanted else None)
    verb, changes = (
        ("item.parked", {"parked": [None, "by hand"]}) if wanted else ("item.revived", {})
    )
    return [events.build(by=by, verb=verb, obj=item, changes=changes, at=now) for item in items]


def _thrown(product: Product, wanted: Any) -> bool:
    if not wanted:
        raise Refused(_("The trash has a page of its own; restore them there."), field="trash")
    return True


def _throw_look(product: Product, items: Sequence[Item], wanted: bool) -> dict[int, Look]:
    return {item.pk: Look(False, True) for item in items}


def _throw(
    by: Member, product: Product, told: Told, wanted: bool, now: datetime.datetime
) -> list[Event]:
    items = [item for item, _look in told]
    Item.objects.filter(pk__in=among([item.pk for item in items])).update(deleted_at=now)
    return [events.build(by=by, verb="item.deleted", obj=item, at=now) for item in items]


register(Setting("parked", N_("parked"), "item.edit", _parked, _park_look, _park))
register(Setting("trash", N_("trash"), "item.delete", _thrown, _throw_look, _throw))
