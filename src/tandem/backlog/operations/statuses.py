"""A product's statuses: made, renamed, ordered, limited, merged into one another."""

from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Approval, ApprovalState, Category, Item, Status
from tandem.backlog.operations.items import locked, statuses_ensure
from tandem.core import events
from tandem.core.errors import Elsewhere, Refused
from tandem.ui.filters import inside, number

MOST_STATUSES = 30
LIMIT_MOST = 100_000
#: A product needs one of each, or nothing could be planned or finished.
NEEDED = (Category.OPEN, Category.DONE)


def moments(category: str) -> dict[str, Any]:
    """What entering a category does to an item's started and finished moments, for an update."""
    now = timezone.now()
    found: dict[str, Any] = {"finished_at": None}
    if category == Category.STARTED:
        found["started_at"] = Coalesce("started_at", Value(now))
    elif category == Category.DONE:
        found["finished_at"] = Coalesce("finished_at", Value(now))
    return found


def _mine(by: Member, status: Status) -> tuple[Status, list[Status]]:
    """The status as it is now with all of its product's, under the product's lock."""
    if status.product.workspace_id != by.workspace_id:
        raise Elsewhere()
    product = locked(status.product)
    known = list(Status.objects.filter(product=product))
    for each in known:
        each.product = product
    found = next((each for each in known if each.pk == status.pk), None)
    if found is None:
        raise Refused(_("This status is gone. Load the page again."), field="status")
    return found, known


def _name_checked(known: list[Status], name: Any, but: Status | None = None) -> str:
    text = " ".join(str(name or "").replace("\x00", "").split())
    if not text or len(text) > 60:
        raise Refused(_("A status needs a name of at most 60 characters."), field="name")
    if text.casefold() == "all":
        raise Refused(_("“all” means every status in a filter. Choose another name."), field="name")
    if any(each.name.casefold() == text.casefold() for each in known if each is not but):
        raise Refused(_("There is a status “%(name)s” already.") % {"name": text}, field="name")
    return text


def _category_checked(category: str) -> str:
    if category not in Category.values:
        raise Refused(
            _("“%(category)s” is none of %(known)s.")
            % {"category": category[:20], "known": ", ".join(Category.values)},
            field="category",
        )
    return category


def _limit_checked(value: Any, field: str) -> int | None:
    if value in (None, ""):
        return None
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= LIMIT_MOST:
        raise Refused(
            _("A limit is a whole number from 1 to %(most)s, or nothing.")
            % {"most": number(LIMIT_MOST)},
            field=field,
        )
    return int(text[:9])


def _needed_stay(known: list[Status], but: Status, to: str | None = None) -> None:
    for category in NEEDED:
        others = [each for each in known if each is not but and each.category == category]
        if but.category == category and to != category and not others:
            raise Refused(
                _(
                    "%(name)s is the only %(category)s status; a product needs one. Make another %(category)s status first."
                )
                % {"name": but.name, "category": inside(str(Category(category).label))},
                field="category",
            )


def _number(order: list[Status]) -> None:
    moved = [each for place, each in enumerate(order) if each.position != place]
    for place, each in enumerate(order):
        each.position = place
    Status.objects.bulk_update(moved, ["position"])


@transaction.atomic
def status_add(
    *, by: Member, product: Product, name: str, category: str, position: int | None = None
) -> Status:
    """Another status: at ``position`` (from 0), else behind the last of its category."""
    require(by, "status.edit")
    product = locked(product)
    known = statuses_ensure(product)
    if len(known) >= MOST_STATUSES:
        raise Refused(
            _("A product has at most %(most)s statuses. Merge two of them first.")
            % {"most": MOST_STATUSES}
        )
    name, category = _name_checked(known, name), _category_checked(category)
    if position is None:
        order = list(Category.values)
        ahead = [each for each in known if order.index(each.category) <= order.index(category)]
        position = max((known.index(each) for each in ahead), default=-1) + 1
    status = Status(product=product, name=name, category=category, position=len(known))
    status.save(force_insert=True)
    known.insert(max(0, min(position, len(known))), status)
    _number(known)
    events.record(
        by=by, verb="status.created", obj=status,
        changes={"name": [None, name], "category": [None, category]},
    )  # fmt: skip
    return status


@transaction.atomic
def status_update(*, by: Member, status: Status, **sent: Any) -> Status:
    """Change any of: name, category, position (from 0), limit, lane_limit, limit_refuses.

    The name it had keeps finding it. A new category counts for all items in it at once.
    """
    require(by, "status.edit")
    status, known = _mine(by, status)
    changes: dict[str, Any] = {}
    wanted: dict[str, Any] = {}
    if "name" in sent:
        wanted["name"] = _name_checked(known, sent["name"], status)
    if "category" in sent:
        wanted["category"] = _category_checked(sent["category"])
        _needed_stay(known, status, wanted["category"])
    for field in ("limit", "lane_limit"):
        if field in sent:
            wanted[field] = _limit_checked(sent[field], field)
    if "limit_refuses" in sent:
        wanted["limit_refuses"] = bool(sent["limit_refuses"])
    for field, value in wanted.items():
        before = getattr(status, field)
        if before != value:
            changes[field] = [before, value]
            setattr(status, field, value)
    if "name" in changes:
        _keep_name(known, status, changes["name"][0])
    if "category" in changes:
        Item.objects.filter(status=status).update(**moments(status.category))
    if sent.get("position") is not None:
        order = [each for each in known if each is not status]
        before = status.position
        order.insert(max(0, min(int(sent["position"]), len(order))), status)
        _number(order)
        if before != status.position:
            changes["position"] = [before, status.position]
    if changes:
        status.save()
        events.record(by=by, verb="status.changed", obj=status, changes=changes)
    return status


def _keep_name(known: list[Status], status: Status, *names: str) -> None:
    """Names that go on meaning ``status``; one that is a status's own now means that one."""
    own = {each.name.casefold() for each in known}
    kept = [name for name in dict.fromkeys([*status.former, *names]) if name.casefold() not in own]
    status.former = kept[-20:]


def holders(status: Status) -> int:
    return Item.objects.filter(status=status, deleted_at=None).count()


@transaction.atomic
def status_remove(*, by: Member, status: Status, to: Status | None = None) -> Status | None:
    """Take the status away. While items are in it, ``to`` says which status they get; its names
    go on finding that one."""
    require(by, "status.edit")
    status, known = _mine(by, status)
    if to is not None:
        to = next((each for each in known if each.pk == to.pk), None)
        if to is None or to is status:
            raise Refused(
                _("Choose another status of this product to move the items to."), field="to"
            )
    _needed_stay(known, status)
    rows = Item.objects.filter(status=status)
    held = rows.filter(deleted_at=None).count()
    if to is None and rows.exists():
        told = {"count": number(held), "name": status.name}
        raise Refused(
            ngettext(
                "%(count)s item is in “%(name)s”. Say which status they get.",
                "%(count)s items are in “%(name)s”. Say which status they get.",
                held,
            )
            % told
            if held
            else _("Deleted items are still in “%(name)s”. Say which status they get.") % told,
            field="to",
            holders=held,
        )
    if to is not None:
        _give(by, status, to)
        others = [each for each in known if each is not status]
        _keep_name(others, to, *status.former, status.name)
        to.save(update_fields=["former"])
    events.record(
        by=by, verb="status.removed", obj=status,
        changes={"status": [status.name, to and to.name], "items": held},
    )  # fmt: skip
    status.delete()
    _number([each for each in known if each is not status])
    return to


def _give(by: Member, status: Status, to: Status) -> None:
    """Another status for every item in this one; each keeps its history."""
    now = timezone.now()
    changes = {"status": [status.name, to.name], "status_id": [status.pk, to.pk]}
    living = Item.objects.filter(status=status, deleted_at=None).select_related("product")
    events.record_many(
        events.build(by=by, verb="item.updated", obj=item, changes=changes, at=now)
        for item in living.only("number", "title", "product", "workspace").iterator(2000)
    )
    Approval.objects.filter(item__status=status, state=ApprovalState.OPEN).update(
        state=ApprovalState.WITHDRAWN, closed_at=now
    )
    Item.objects.filter(status=status).update(
        status=to, version=F("version") + 1, updated_at=now, **moments(to.category)
    )
