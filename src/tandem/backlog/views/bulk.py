"""Many items changed at once: chosen, tried, done, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.filters import ItemFilter
from tandem.backlog.forms import OWN, READERS, own_slug, whole_number
from tandem.backlog.history import Change, changes_of
from tandem.backlog.models import CustomField, Item, Kind
from tandem.backlog.operations import bulk_settings
from tandem.backlog.operations.bulk import MOST, BulkChange
from tandem.backlog.operations.wholes import WAYS
from tandem.backlog.queries import listing as ask
from tandem.backlog.views.lists import here_of
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.ui.filters import spoken

#: An input's name -> what is set, read as the item's own form reads it.
INPUTS = ("kind", "status", "assignee", "parent", "due_date", "estimate_likely")
#: What an input sends to leave everything as it is, and to empty it.
AS_IS, EMPTY = "", "-"
#: Where items are kept: an input's choice -> what it sets.
PLACES = {
    "park": {"parked": True},
    "revive": {"parked": False},
    "trash": {"trash": True},
}


@dataclass(frozen=True)
class Chosen:
    """The items: by their keys, or all that fit a filter."""

    ids: list[int]
    keys: str
    everything: bool
    filter: str


def _chosen(request: ProductRequest) -> Chosen:
    sent = request.POST
    everything = bool(sent.get("everything"))
    text = sent.get("filter", "")
    if everything:
        wanted = ItemFilter.read(text, request.product, request.member)
        rows = wanted.apply(Item.objects.of(request.product)).order_by()
        return Chosen(list(rows.values_list("pk", flat=True)[: MOST + 1]), "", True, wanted.q)
    keys = [key for key in sent.get("keys", "").replace(",", " ").split() if key]
    rows = Item.objects.with_keys(request.product, keys[: MOST + 1])
    return Chosen(list(rows.values_list("pk", flat=True)), ",".join(keys), False, text)


def _change(request: ProductRequest) -> dict[str, Any]:
    """What the form says to set; inputs left alone are left out."""
    sent = request.POST
    anybody = Item(product=request.product, workspace_id=request.product.workspace_id)
    found: dict[str, Any] = {}
    for name in INPUTS:
        text = sent.get(name, AS_IS).strip()
        if text == AS_IS:
            continue
        empty = text == EMPTY
        found[name] = READERS[name](request.member, anybody, "" if empty else text)
        if empty:
            found[name] = None
    for name in ("labels_add", "labels_remove"):
        words = [word.strip() for word in sent.get(name, "").split(",") if word.strip()]
        if words:
            found[name] = words
    values = {
        own_slug(name): None if sent[name].strip() == EMPTY else sent[name]
        for name in sent
        if own_slug(name) and sent[name].strip() != AS_IS
    }
    if values:
        found["values"] = values
    for setting in bulk_settings.chosen():
        text = sent.get(setting.name, AS_IS).strip()
        if text == EMPTY:
            found[setting.name] = None
        elif text != AS_IS and setting.row is not None:
            found[setting.name] = setting.row(request.product, whole_number(text) or 0)
    return {**found, **PLACES.get(sent.get("place", AS_IS), {})}


def _settings(request: ProductRequest) -> list[tuple[str, str, list[tuple[int, str]], str]]:
    """Those to choose: name, title, choices, and the words of none."""
    return [
        (each.name, _(each.title), list(each.offers(request.product).items()), _(each.empty))
        for each in bulk_settings.chosen()
        if each.offers is not None and can(request.member, each.permission)
    ]


def _page(
    request: ProductRequest,
    chosen: Chosen,
    *,
    tried: BulkChange | None = None,
    done: BulkChange | None = None,
    trouble: Refused | None = None,
) -> HttpResponse:
    product = request.product
    people = ask.people_of(request.member)
    own = [
        (each, f"{OWN}{each.slug}", custom.choices_of(each, people)[1:])
        for each in custom.fields_of(product)
    ]
    values = {
        "here": here_of(request),
        "chosen": chosen,
        "count": len(chosen.ids),
        "most": MOST,
        "kinds": Kind.choices,
        "status_choices": [(each.pk, each.name) for each in ask.statuses_of(product)],
        "people": people,
        "own": own,
        "settings": _settings(request),
        "may_delete": can(request.member, "item.delete"),
        "typed": request.POST,
        "tried": tried,
        "told": _told(tried, [each for each, _name, _choices in own]),
        "own_names": {each.slug: each.name for each, _name, _choices in own},
        "done": done,
        "trouble": trouble,
    }
    status = trouble.status if trouble else 200
    return render(request, "backlog/bulk/page.jinja", values, status=status)


def _try(request: ProductRequest, chosen: Chosen) -> BulkChange | None:
    """The preview as it is now; none when it cannot be done any more."""
    try:
        return do.items_change(
            by=request.member,
            product=request.product,
            items=chosen.ids,
            change=_change(request),
            dry=True,
        )
    except Refused:
        return None


def _told(tried: BulkChange | None, own: list[CustomField]) -> list[tuple[Item, Sequence[Change]]]:
    """The first items with what changes on each, before and after."""
    if tried is None:
        return []
    names = {f"fields.{each.slug}": each.name for each in own}
    return [
        (item, changes_of(Event(verb="item.updated", changes=_spoken(changes)), own=names))
        for item, changes in tried.examples
    ]


def _spoken(changes: dict[str, Any]) -> dict[str, Any]:
    """Names that are made of words, such as a sprint's, in the reader's language."""

    def said(value: Any) -> Any:
        return [said(each) for each in value] if isinstance(value, list) else spoken(value)

    return {name: said(value) for name, value in changes.items()}


@require_POST
def bulk(request: ProductRequest) -> HttpResponse:
    """``step`` is empty (the form), ``try`` (what it would do) or ``do``."""
    require(request.member, "item.edit")
    chosen = _chosen(request)
    step = request.POST.get("step", "")
    if not step and request.POST.get("place"):
        step = "try"  # chosen on the list
    if not step:
        return _page(request, chosen)
    try:
        result = do.items_change(
            by=request.member,
            product=request.product,
            items=chosen.ids,
            change=_change(request),
            mark=request.POST.get("mark", "") if step == "do" else "",
            dry=step != "do",
        )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        anew = _try(request, chosen) if refusal.status == 409 else None
        return _page(request, chosen, trouble=refusal, tried=anew)
    if step == "do":
        return _page(request, chosen, done=result)
    return _page(request, chosen, tried=result)


@require_POST
def undo(request: ProductRequest, pk: int) -> HttpResponse:
    """Take back what was done to many items as one."""
    rows = Event.objects.filter(product_id=request.product.pk, verb__in=list(WAYS))
    event = get_object_or_404(rows, pk=pk, workspace_id=request.member.workspace_id)
    undone = do.bulk_undo(by=request.member, event=event)
    values = {"here": here_of(request), "undone": undone, "created": event.verb == "items.created"}
    return render(request, "backlog/bulk/undone.jinja", values)
