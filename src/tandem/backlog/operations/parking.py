"""Parking what nobody touched for long, by the product's rule or by hand; reviving it."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Category, Item, Kind, Label, ParkingRule
from tandem.backlog.models.parking import DAYS
from tandem.backlog.operations.bulk import MOST
from tandem.backlog.operations.items import locked
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.search import among
from tandem.ui.filters import number

DAYS_LEAST, DAYS_MOST = 7, 3650
#: So many are parked in one night; the rest the nights after.
A_NIGHT = 5000

#: ``(words, ids(product))``: what higher apps keep from being parked, such as what is planned.
spared: list[tuple[str, Callable[[Product], QuerySet[Any]]]] = []


def spare(words: str, ids: Callable[[Product], QuerySet[Any]]) -> None:
    """Keep items from being parked: ``ids`` gives their numbers, ``words`` says which they are."""
    if words not in [each for each, _ids in spared]:
        spared.append((words, ids))


@dataclass(frozen=True)
class Parked:
    items: list[Item]
    #: More fit the rule than are parked in one night.
    more: bool = False


def rule_of(product: Product) -> ParkingRule:
    """The product's rule; one not yet saved, switched off, while nobody set any."""
    found = ParkingRule.objects.filter(product=product).select_related("spared_label").first()
    return found or ParkingRule(product=product, set_at=timezone.now())


def fitting(rule: ParkingRule, now: datetime.datetime) -> QuerySet[Item]:
    """The open items the rule would park: nobody changed, moved, rated or discussed them for so
    long, they are due on no day to come, in no plan, and not spared by their label."""
    since = now - datetime.timedelta(days=rule.days)
    touched = Event.objects.filter(object_kind="item", object_id=OuterRef("pk"), at__gte=since)
    rows = (
        Item.objects.of(rule.product)
        .in_category(Category.OPEN)
        .exclude(kind=Kind.EPIC)
        .filter(parked_at=None, updated_at__lt=since, created_at__lt=since)
        .filter(Q(due_date=None) | Q(due_date__lt=timezone.localdate()))
        .exclude(Exists(touched))
    )
    if rule.spared_label_id is not None:
        rows = rows.exclude(labels=rule.spared_label_id)
    for _words, ids in spared:
        rows = rows.exclude(pk__in=ids(rule.product))
    return rows.order_by("updated_at", "pk")


@transaction.atomic
def parking_rule_set(
    *,
    by: Member,
    product: Product,
    is_on: bool,
    days: int = DAYS,
    spared_label: str = "",
) -> ParkingRule:
    """Say when stale items are parked; switched off, nothing is parked and what is stays so."""
    require(by, "parking.edit")
    product = locked(product)
    if not DAYS_LEAST <= days <= DAYS_MOST:
        raise Refused(
            _("Between %(least)s and %(most)s days.")
            % {"least": DAYS_LEAST, "most": number(DAYS_MOST)},
            field="days",
        )
    label = None
    if spared_label.strip():
        label = Label.objects.filter(product=product, name__iexact=spared_label.strip()).first()
        if label is None:
            raise Refused(
                _("There is no label “%(name)s”.") % {"name": spared_label[:60]},
                field="spared_label",
            )
    rule = rule_of(product)
    before = [rule.is_on, rule.days, rule.spared_label and rule.spared_label.name]
    rule.is_on, rule.days, rule.spared_label = bool(is_on), days, label
    rule.set_by, rule.set_at = by, timezone.now()
    rule.save()
    after = [rule.is_on, rule.days, label and label.name]
    names = ("on", "days", "spared label")
    changes = {
        name: [old, new] for name, old, new in zip(names, before, after, strict=True) if old != new
    }
    events.record(
        by=by, verb="parking.rule_set", obj=product, product_id=product.pk, changes=changes
    )
    return rule


@transaction.atomic
def items_park(
    *, by: Member, product: Product, items: Sequence[int] | None = None, dry: bool = False
) -> Parked:
    """Park these items (their numbers in the database); without ``items``, those the rule finds.

    ``dry``: say which, and park none.
    """
    require(by, "item.edit")
    product = locked(product)
    if product.workspace_id != by.workspace_id:
        raise Refused(_("There is no such product here."), field="items")
    now, reason, more = timezone.now(), "by hand", False
    if items is None:
        rule = rule_of(product)
        rule.product = product
        found = list(fitting(rule, now)[: A_NIGHT + 1])
        found, more = found[:A_NIGHT], len(found) > A_NIGHT
        reason = f"nobody touched it for {rule.days} days"
    else:
        rows = _given(product, items).filter(parked_at=None)
        open_or_started = [Category.OPEN, Category.STARTED]
        found = list(rows.filter(status__category__in=open_or_started).order_by("rank"))
    for item in found:
        item.product = product
    if not dry:
        _write(by, found, now, "item.parked", {"parked": [None, reason]}, now)
    return Parked(found, more)


@transaction.atomic
def items_revive(*, by: Member, product: Product, items: Sequence[int]) -> list[Item]:
    """Bring parked items back into lists, ranking and plans, where they stood."""
    require(by, "item.edit")
    product = locked(product)
    if product.workspace_id != by.workspace_id:
        raise Refused(_("There is no such product here."), field="items")
    found = list(_given(product, items).exclude(parked_at=None).order_by("rank"))
    for item in found:
        item.product = product
    _write(by, found, None, "item.revived", {}, timezone.now())
    return found


def _given(product: Product, items: Sequence[int]) -> QuerySet[Item]:
    if len(items) > MOST:
        raise Refused(
            _("At most %(most)s items at once; these are %(count)s.")
            % {"most": number(MOST), "count": number(len(items))},
            field="items",
        )
    return Item.objects.with_ids(product, items)


def parked_write(items: Sequence[Item], parked_at: datetime.datetime | None) -> None:
    rows = Item.objects.filter(pk__in=among([item.pk for item in items]))
    rows.update(parked_at=parked_at, version=F("version") + 1)
    for item in items:
        item.parked_at = parked_at
        item.version += 1


def _write(
    by: Member,
    items: Sequence[Item],
    parked_at: datetime.datetime | None,
    verb: str,
    changes: dict[str, Any],
    now: datetime.datetime,
) -> None:
    parked_write(items, parked_at)
    events.record_many(
        events.build(by=by, verb=verb, obj=item, changes=changes, at=now) for item in items
    )
