"""Writing what a change of many items sets on their own fields: one statement a field."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from tandem.backlog import custom
from tandem.backlog.flow import Gate
from tandem.backlog.models import Category, CustomField, FieldValue, Item, Status
from tandem.backlog.operations.items import approvals_overtaken
from tandem.core import bulk
from tandem.core.search import among


@dataclass
class Plan:
    """What was sent, read once for all items."""

    sent: dict[str, Any]
    labels_add: list[Any]
    labels_remove: set[str]
    own: list[tuple[CustomField, custom.Held | None]]
    ancestors: set[int]
    #: What the settings of ``SETTINGS`` are to be, by name.
    more: dict[str, Any]
    gate: Gate | None = None


def _write_columns(
    plan: Plan, told: Sequence[tuple[Item, dict[str, Any]]], now: datetime.datetime
) -> None:
    """One statement a column, since all get the same: as many for two items as for 2,000."""

    def those(name: str) -> QuerySet[Item]:
        ids = [item.pk for item, changes in told if name in changes]
        return Item.objects.filter(pk__in=among(ids))

    for name in ("kind", "parent", "estimate_likely", "due_date", "assignee"):
        if name in plan.sent:
            those(name).update(**{name: plan.sent[name]})
    if "status" in plan.sent:
        status: Status = plan.sent["status"]
        moments: dict[str, Any] = {"finished_at": None, "parked_at": None}
        if status.category == Category.STARTED:
            moments["started_at"] = Coalesce("started_at", Value(now))
        elif status.category == Category.DONE:
            moments["finished_at"] = Coalesce("finished_at", Value(now))
        those("status").update(status=status, **moments)
        approvals_overtaken([item.pk for item, changes in told if "status" in changes])
    everybody = Item.objects.filter(pk__in=among([item.pk for item, _ in told]))
    everybody.update(version=F("version") + 1, updated_at=now)


def fields_write(
    plan: Plan, told: Sequence[tuple[Item, dict[str, Any]]], now: datetime.datetime
) -> None:
    _write_columns(plan, told, now)
    marked = [item.pk for item, changes in told if "labels" in changes]
    if marked:
        through = Item.labels.through
        rows = through.objects.filter(item_id__in=among(marked))
        if plan.labels_remove:
            gone = {
                label.pk
                for item, _ in told
                for label in item.labels.all()
                if label.name.casefold() in plan.labels_remove
            }
            rows.filter(label__in=gone).delete()
        have = set(rows.values_list("item_id", "label_id"))
        bulk.insert(
            through(item_id=pk, label_id=label.pk)
            for pk in marked
            for label in plan.labels_add
            if (pk, label.pk) not in have
        )
    for own, value in plan.own:
        ids = [item.pk for item, changes in told if f"fields.{own.slug}" in changes]
        FieldValue.objects.filter(field=own, item_id__in=among(ids)).delete()
        if value is not None:
            bulk.insert(
                FieldValue(
                    field=own,
                    item_id=pk,
                    text=value.text,
                    word=value.word,
                    number=value.number,
                    member_id=value.member_id,
                )
                for pk in ids
            )
