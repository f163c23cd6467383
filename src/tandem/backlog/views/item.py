"""The item's page and peek panel, its fields and texts, and its deletion."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog import queries_item as ask
from tandem.backlog import queries_item_past as past
from tandem.backlog.forms import mark_of, own_slug, shown_value, values_sent, whole_number
from tandem.backlog.models import Item
from tandem.backlog.views.answers import (
    Editing,
    Toast,
    address_of,
    changed,
    done,
    fields_named,
    refused,
    show,
    with_item,
)
from tandem.backlog.views.undo import next_address
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.ui.filters import ago, inside, worded

TEXT_SECTION = ("description", "story_role", "story_want", "story_benefit")
STORY = TEXT_SECTION[1:]


@require_GET
def item(request: ProductRequest, key: str) -> HttpResponse:
    """The whole page; to htmx the content of the peek panel."""
    found = ask.item_of(request.member, request.product, key, deleted=True)
    if key != found.key:
        return redirect(request.get_full_path().replace(f"/{key}/", f"/{found.key}/", 1))
    if found.deleted_at is not None:
        return _deleted(request, found)
    return show(request, found)


def _deleted(
    request: ProductRequest, found: Item, *, toast: Toast | None = None, status: int = 410
) -> HttpResponse:
    values = {
        "item": found,
        "may": ask.May.of(request.member),
        "deletion": past.deletion_of(found),
        "here": {**_there(request), "key": found.key},
        "there": _there(request),
        "toast_shown": toast,
    }
    part = "deleted" if request.htmx else "deleted_page"
    return render(request, f"backlog/item/{part}.jinja", values, status=status)


def _who_came_between(found: Item, names: list[str]) -> str:
    """A sentence on the last change of these fields."""
    for event in Event.objects.of("item", found.pk)[:30]:
        if any(name.replace("field-", "fields.") in event.changes for name in names):
            told = {"name": event.member_name or _("Somebody"), "when": ago(event.at)}
            return _("%(name)s changed this %(when)s, after you opened it.") % told
    return _("This was changed after you opened it.")


def _save(request: ProductRequest, found: Item) -> tuple[Item, bool]:
    """Save the fields that were sent, unless somebody changed the same ones meanwhile.

    The form's mark tells whether these fields are what the person saw; without a mark (a form
    of another page) the item's version does.
    """
    sent = request.POST.dict()
    names = fields_named(sent)
    require(request.member, "item.edit")
    values: dict[str, Any] = values_sent(request.member, found, sent)
    if not values:
        raise Refused(_("Nothing was sent to change."))
    if "mark" in sent:
        stale = sent["mark"] != mark_of(found, names)
    else:
        version = whole_number(sent.get("version"))
        stale = version is not None and version != found.version
    same = all(sent[name].strip() == shown_value(found, name).strip() for name in names)
    if stale and not same:
        raise Conflict(
            _(
                "%(who)s Both versions stand here; nothing is lost. Put together what you want to "
                "keep and save again."
            )
            % {"who": _who_came_between(found, names)},
            current=found,
            field=names[0],
        )
    before = found.version
    saved = do.item_update(by=request.member, item=found, version=found.version, **values)
    return saved, saved.version != before


def _saved(item: Item, name: str) -> str:
    """What the toast says after a field, known by the name of its input, was saved."""
    own = own_slug(name)
    words = own.replace("_", " ") or inside(worded("estimate" if "estimate" in name else name))
    return _("%(key)s: %(field)s saved.") % {"key": item.key, "field": words}


@require_POST
@with_item
def fields(request: ProductRequest, item: Item) -> HttpResponse:
    """Save one of the head's or the side's fields."""
    names = fields_named(request.POST.dict())
    section = "head" if names == ["title"] else "facts"
    try:
        any_change = _save(request, item)[1]
    except Refused as refusal:
        return refused(request, item, refusal, section, default_field=names[0] if names else None)
    event = past.last_event(item) if any_change else None
    toast = Toast(_saved(item, names[0] if names else "item"), event) if event else None
    return done(request, item, section, toast=toast)


@with_item
def text(request: ProductRequest, item: Item) -> HttpResponse:
    """The description or the story form: read, edit (``?edit=``), preview, save."""
    if request.method == "GET":
        what = request.GET.get("edit", "")
        editing = Editing("text", what) if what in ("description", "story") else None
        if editing:
            require(request.member, "item.edit")
        return show(request, item, "text", editing=editing)
    sent = request.POST.dict()
    what = "description" if "description" in sent else "story"
    if "preview" in sent:
        preview = sent.get("description", "").replace("\r\n", "\n")
        return show(request, item, "text", editing=Editing("text", what, preview=preview))
    try:
        any_change = _save(request, item)[1]
    except Refused as refusal:
        return refused(request, item, refusal, "text", what=what, default_field=what)
    event = past.last_event(item) if any_change else None
    toast = Toast(_saved(item, what), event) if event else None
    return done(request, item, "text", toast=toast)


@require_POST
@with_item
def deletion(request: ProductRequest, item: Item) -> HttpResponse:
    """Out of every list, with an undo in the toast; its own address offers to bring it back."""
    item = do.item_delete(by=request.member, item=item)
    said = _("%(key)s was deleted.") % {"key": item.key}
    if request.htmx:
        toast = Toast(said, past.last_event(item))
        return changed(_deleted(request, item, toast=toast, status=200), item)
    messages.success(
        request, _("%(key)s was deleted. Its page brings it back.") % {"key": item.key}
    )
    return redirect(next_address(request) or address_of(request, item))


def _there(request: ProductRequest) -> dict[str, str]:
    return {"workspace": request.member.workspace.slug, "product": request.product.key}


@require_POST
def restoration(request: ProductRequest, key: str) -> HttpResponse:
    """Bring a deleted item back with everything on it."""
    found = ask.item_of(request.member, request.product, key, deleted=True)
    if found.deleted_at is not None:
        found = do.item_restore(by=request.member, item=found)
    if request.htmx:
        return changed(
            show(request, found, toast=Toast(_("%(key)s is back.") % {"key": found.key})), found
        )
    messages.success(request, _("%(key)s is back, with everything on it.") % {"key": found.key})
    return redirect(address_of(request, found))


@require_POST
@with_item
def watch(request: ProductRequest, item: Item) -> HttpResponse:
    """Watch the item, or stop."""
    on = do.item_watch(by=request.member, item=item)
    said = _("You watch %(key)s.") if on else _("You watch %(key)s no more.")
    return done(request, item, "head", toast=Toast(said % {"key": item.key}))


@require_GET
def item_matches(request: ProductRequest) -> HttpResponse:
    """Options for a field that names an item, by what was typed so far (``q``, or the field's
    own name)."""
    named = (request.GET.get(name) for name in ("q", "to", "into", "parent"))
    typed = next(filter(None, named), "")
    found = ask.matches(
        request.member, request.product, typed, without=whole_number(request.GET.get("without"))
    )
    return render(request, "backlog/item/options.jinja", {"options": found})


@require_GET
@with_item
def history(request: ProductRequest, item: Item) -> HttpResponse:
    """The item's history; with ``?history=`` an earlier stretch of it."""
    if request.htmx and request.GET.get("history"):
        values = {
            "item": item,
            "may": ask.May.of(request.member),
            "here": {**_there(request), "key": item.key},
            "there": _there(request),
            "history": past.history_of(item, before=request.GET["history"]),
        }
        return render(request, "backlog/item/history_rows.jinja", values)
    return show(request, item, "history")


@require_GET
@with_item
def change(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """One change of the item in full: long texts compared from beginning to end."""
    from tandem.backlog.history import entry_of

    event = Event.objects.of("item", item.pk).filter(pk=pk).first()
    if event is None or event.workspace_id != request.member.workspace_id:
        return redirect(address_of(request, item, "history"))
    values = {
        "item": item,
        "may": ask.May.of(request.member),
        "entry": entry_of(event, item=item, whole=True),
        "here": {**_there(request), "key": item.key},
        "there": _there(request),
        "back": reverse("backlog:item", kwargs={**_there(request), "key": item.key}),
    }
    part = "change" if request.htmx else "change_page"
    return render(request, f"backlog/item/{part}.jinja", values)
