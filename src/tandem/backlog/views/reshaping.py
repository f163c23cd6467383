"""Splitting an item and merging it into another: looked at first, then done."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog import queries_item as ask
from tandem.backlog import queries_item_past as past
from tandem.backlog.forms import item_named, whole_number
from tandem.backlog.mentions import Writer
from tandem.backlog.models import Item, Kind
from tandem.backlog.models.item import number_of
from tandem.backlog.operations.merging import moved_words
from tandem.backlog.operations.splitting import MOST_PARTS
from tandem.backlog.views.answers import address_of, with_item
from tandem.backlog.views.lists import here_of
from tandem.core.errors import Refused
from tandem.core.models import Event


@require_http_methods(["GET", "POST"])
@with_item
def merge(request: ProductRequest, item: Item) -> HttpResponse:
    """Choose the item that stays, look at what happens, merge."""
    require(request.member, "item.delete")
    sent = request.POST
    values: dict[str, Any] = {
        "item": item,
        "here": {**here_of(request), "key": item.key},
        "there": here_of(request),
        "moved_words": moved_words,
        "typed": sent.get("into", ""),
        "texts": sent.get("texts") == "on" or request.method == "GET",
        "trouble": None,
    }
    if request.method == "GET":
        return render(request, "backlog/item/merge.jinja", values)
    try:
        into = item_named(request.member, item, sent.get("into", ""), field="into")
        given = {"by": request.member, "item": item, "into": into, "texts": values["texts"]}
        if sent.get("step") == "do":
            done = do.items_merge(**given, mark=sent.get("mark", ""))
            messages.success(
                request,
                _("%(key)s was merged into %(into)s. Its history takes it back.")
                % {"key": item.key, "into": done.into.key},
            )
            return redirect(address_of(request, done.into))
        values["tried"] = do.items_merge(**given, dry=True)
        values["typed"] = into.key
        values["into_title"] = into.title
    except Refused as refusal:
        if refusal.status == 403:
            raise
        values["trouble"] = refusal
        return render(request, "backlog/item/merge.jinja", values, status=refusal.status)
    return render(request, "backlog/item/merge.jinja", values)


@require_GET
def alias(request: ProductRequest, key: str) -> HttpResponse:
    """What a merged item was: its texts and its history, with the way to where its key leads."""
    rows = Item.objects.filter(
        workspace_id=request.member.workspace_id,
        product=request.product,
        number=number_of(request.product, key) or -1,
        merged_into__isnull=False,
    )
    found = rows.select_related("status", "merged_into").first()
    if found is None or found.merged_into is None:
        raise Http404
    found.product = found.merged_into.product = request.product
    history = past.history_of(found, before=request.GET.get("history"))
    values = {
        "item": found,
        "into": found.merged_into,
        "there": here_of(request),
        "here": {**here_of(request), "key": found.key},
        "may": ask.May.of(request.member),
        "history": past.History(history.visits, None),
        "earlier": history.earlier,
        "writer": Writer(
            ask.mentioned(request.member, request.product, [found.description]),
            request.product.key,
            request.member,
        ),
        "undo": Event.objects.of("item", found.merged_into_id or 0)
        .filter(verb="item.absorbed", changes__merged_id=found.pk)
        .first(),
    }
    return render(request, "backlog/item/alias.jinja", values)


def _parts(request: ProductRequest, count: int) -> list[dict[str, Any]]:
    """The parts as the form says; a row says to which part it goes (0: it stays)."""
    sent = request.POST
    parts = []
    for place in range(count):
        part: dict[str, Any] = {
            "title": sent.get(f"title-{place}", ""),
            "kind": sent.get(f"kind-{place}", ""),
            "estimate_likely": sent.get(f"estimate-{place}", ""),
        }
        for name in ("criteria", "questions", "children"):
            part[name] = [
                pk
                for key in sent
                if key.startswith(f"{name}-")
                and sent[key] == str(place + 1)
                and (pk := whole_number(key.removeprefix(f"{name}-"))) is not None
            ]
        parts.append(part)
    return parts


@require_http_methods(["GET", "POST"])
@with_item
def split(request: ProductRequest, item: Item) -> HttpResponse:
    """Say what the new items are and what goes to them, look at it, split."""
    require(request.member, "item.create")
    sent = request.POST
    count = whole_number(sent.get("count")) or 2
    if sent.get("step") == "more":
        count += 1
    count = max(1, min(MOST_PARTS, count))
    values: dict[str, Any] = {
        "item": item,
        "here": {**here_of(request), "key": item.key},
        "there": here_of(request),
        "sent": sent,
        "count": count,
        "most": MOST_PARTS,
        "kinds": Kind.choices,
        "copies": sent.get("dependencies") == "on" or request.method == "GET",
        "criteria": ask.criteria_of(item).rows,
        "questions": ask.questions_of(item).rows,
        "children": ask.children_of(item).rows,
        "trouble": None,
    }
    step = sent.get("step", "")
    if request.method == "POST" and step in ("try", "do"):
        parts = [part for part in _parts(request, count) if part["title"].strip() or _given(part)]
        try:
            result = do.item_split(
                by=request.member,
                item=item,
                parts=parts,
                copy_dependencies=values["copies"],
                version=whole_number(sent.get("version")) if step == "do" else None,
                dry=step != "do",
            )
        except Refused as refusal:
            if refusal.status == 403:
                raise
            values["trouble"] = refusal
            return render(request, "backlog/item/split.jinja", values, status=refusal.status)
        if step == "do":
            keys = ", ".join(part.key for part in result.parts)
            messages.success(
                request,
                _("%(key)s was split: %(keys)s. Its history takes it back.")
                % {"key": item.key, "keys": keys},
            )
            return redirect(address_of(request, item))
        values["tried"] = result
    return render(request, "backlog/item/split.jinja", values)


def _given(part: dict[str, Any]) -> bool:
    """Whether something goes to a part, so that its title is missed."""
    return any(part[name] for name in ("criteria", "questions", "children", "estimate_likely"))
