"""Keys and names in a request as rows of the caller's workspace."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item, Status, status_named
from tandem.backlog.models.item import led_to, number_of
from tandem.core.errors import Refused


def item_of(request: HttpRequest, key: str, *, deleted: bool = False) -> Item:
    """The item ``WEB-42`` of the caller's workspace, or 404; ``deleted``: also a deleted one.

    The key of a merged item leads to the one it was merged into."""
    product = product_for(request, key.rpartition("-")[0])
    rows = Item.objects.visible_to(caller(request))
    if deleted:
        rows = Item.objects.filter(workspace_id=product.workspace_id)
    rows = rows.select_related("status", "assignee__user", "parent__product")
    rows = rows.prefetch_related("field_values__field")
    number = number_of(product, key) or -1
    item = rows.filter(product=product, number=number).first()
    if item is None or item.merged_into_id is not None:
        # No query more for what is there.
        leads = led_to(product, number)
        item = get_object_or_404(rows, product=product, number=leads if leads != number else -1)
    item.product = product
    return item


def ids_of(product: Product, keys: list[str], field: str = "keys") -> list[int]:
    """The rows with these keys in their order, each once; refuses the first that is not there.

    The key of a merged item means the one it was merged into."""
    found = dict(Item.objects.with_keys(product, keys).values_list("number", "pk"))
    numbers = {key: number_of(product, key) for key in keys}
    if unknown := [number for number in numbers.values() if number not in found]:
        merged = Item.objects.filter(product=product, number__in=[n for n in unknown if n])
        there = set(found.values())
        leads = merged.values_list("number", "merged_into_id")
        found |= {number: pk for number, pk in leads if pk in there}
    ids = []
    for key, number in numbers.items():
        if number is None or number not in found:
            raise Refused(_("There is no item %(key)s.") % {"key": key[:40]}, field=field)
        ids.append(found[number])
    return list(dict.fromkeys(ids))


def named(product: Product, body: dict[str, Any]) -> dict[str, Any]:
    """Names and keys of a request as rows; a wrong one is refused with its field."""
    if body.get("status") is not None:
        known = list(Status.objects.filter(product=product))
        status = status_named(known, body["status"])
        if status is None:
            names = ", ".join(each.name for each in known)
            raise Refused(
                _("There is no status %(status)s. Statuses: %(names)s.")
                % {"status": body["status"], "names": names},
                field="status",
            )
        body["status"] = status
    elif "status" in body:
        del body["status"]
    if "assignee_id" in body:
        pk = body.pop("assignee_id")
        person = pk and Member.objects.filter(workspace_id=product.workspace_id, pk=pk).first()
        if pk and not person:
            raise Refused(
                _("There is no member %(pk)s in this workspace.") % {"pk": pk}, field="assignee_id"
            )
        body["assignee"] = person or None
    if body.get("parent") is not None:
        parent = Item.objects.with_keys(product, [body["parent"]]).first()
        if parent is None:
            raise Refused(
                _("There is no item %(parent)s.") % {"parent": body["parent"]}, field="parent"
            )
        body["parent"] = parent
    if "fields" in body:
        body["values"] = body.pop("fields") or {}
    if "labels" in body and body["labels"] is None:
        body["labels"] = []
    return body
