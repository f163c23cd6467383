"""How every part of the item's page answers.

With htmx: the part alone, a toast with "Undo", and the event ``item-changed`` on the body for
whatever else shows the item. Without: a redirect to the part, or the whole page with the
refusal beside its field.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.requests import ProductRequest
from tandem.backlog import queries_item as ask
from tandem.backlog import queries_item_past as past
from tandem.backlog.forms import READERS, Trouble, mark_of, own_slug
from tandem.backlog.mentions import Writer
from tandem.backlog.models import Item, ReactionKind
from tandem.backlog.queries.listing import people_of
from tandem.backlog.queries_attachments import attachments_of
from tandem.backlog.queries_talk import Thread, answers_of, comments_of
from tandem.backlog.textdiff import words_changed
from tandem.core import live, panels
from tandem.core.errors import Refused
from tandem.core.models import Event

#: The page's parts that answer alone, in the page's order.
SECTIONS = (
    "head",
    "facts",
    "text",
    "criteria",
    "questions",
    "dependencies",
    "attachments",
    "comments",
    "history",
)

Rest = ParamSpec("Rest")


@dataclass(frozen=True)
class Editing:
    """Which form stands open: ``section``, in it ``what`` (a field), and of which row."""

    section: str
    what: str = ""
    subject: int | None = None
    preview: str | None = None


@dataclass(frozen=True)
class Toast:
    message: str
    event: Event | None = None


def address_of(request: ProductRequest, item: Item, section: str = "") -> str:
    address = reverse(
        "backlog:item",
        kwargs={
            "workspace": request.member.workspace.slug,
            "product": request.product.key,
            "key": item.key,
        },
    )
    return f"{address}#item-{section}" if section else address


def with_item(
    view: Callable[Concatenate[ProductRequest, Item, Rest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the item its address names. ``ferry-3`` leads to ``FERRY-3``."""

    @wraps(view)
    def answered(request: ProductRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        item = ask.item_of(request.member, request.product, key)
        if key != item.key and request.method == "GET":
            return redirect(request.get_full_path().replace(f"/{key}/", f"/{item.key}/", 1))
        return view(request, item, *args, **kwargs)

    return answered


def _texts_shown(values: dict[str, Any], item: Item) -> list[str]:
    found = []
    if "text" in values["sections"]:
        found += [item.description, item.story_role, item.story_want, item.story_benefit]
    if "criteria" in values:
        found += [row.text for row in values["criteria"].rows]
    if "questions" in values:
        for row in values["questions"].rows:
            found += [row.text, row.answer]
        for row in values["answers"].values():
            found += [each.comment.text for one in row for each in (one.first, *one.replies)]
    if "comments" in values:
        found += [each.comment.text for each in values["comments"].said]
    for thread in values.get("threads", ()):
        found += [each.comment.text for each in (thread.first, *thread.replies)]
    return found


def _panels(request: ProductRequest, item: Item) -> list[dict[str, Any]]:
    """What higher apps show on an item, each rendered with its own values."""
    found = []
    for each in panels.shown("item", member=request.member, subject=item):
        html = render_to_string(
            each.panel.template, {"item": item, "member": request.member, **each.values}, request
        )
        found.append({"name": each.panel.name, "title": _(each.panel.title), "html": html})
    return found


def context_of(
    request: ProductRequest,
    item: Item,
    sections: tuple[str, ...],
    *,
    trouble: Trouble | None = None,
    editing: Editing | None = None,
    threads: list[Thread] | None = None,
) -> dict[str, Any]:
    """The values of the named sections; nothing is asked for a section that is not shown.

    ``threads`` are shown alone, without their section.
    """
    # Before anything is read: what happens from here on comes as a live update.
    after = live.newest() if sections == SECTIONS else 0
    member, product = request.member, request.product
    may = ask.May.of(member)
    values: dict[str, Any] = {
        "item": item,
        "may": may,
        "here": {
            "workspace": member.workspace.slug,
            "product": product.key,
            "key": item.key,
        },
        "there": {"workspace": member.workspace.slug, "product": product.key},
        "sections": sections,
        "trouble": trouble,
        "editing": editing,
        "mark_for": lambda *names: mark_of(item, names),
        "late": ask.is_late(item, timezone.localdate()),
    }
    if "head" in sections:
        values["watchers"] = past.watchers_of(item, member)
    if "facts" in sections:
        values["facts"] = ask.facts_of(item, may)
    if "questions" in sections and may.ask:
        known = values["facts"].people if "facts" in values else []
        values["people_to_ask"] = [(each.pk, each.name) for each in known] or people_of(member)
    if "criteria" in sections:
        values["criteria"] = ask.criteria_of(item)
    if "questions" in sections:
        values["questions"] = ask.questions_of(item)
        values["answers"] = answers_of(item, member) if values["questions"].rows else {}
    if "dependencies" in sections:
        values["dependencies"] = ask.dependencies_of(item)
    if "comments" in sections:
        values["comments"] = comments_of(item, member, before=request.GET.get("comments"))
    if threads:
        values["threads"] = threads
    values["reaction_kinds"] = ReactionKind.choices
    if "attachments" in sections:
        values["attachments"] = attachments_of(member, item)
    if "history" in sections:
        values["history"] = past.history_of(item, before=request.GET.get("history"))
    if sections == SECTIONS:
        values["children"] = ask.children_of(item)
        values["merged"] = ask.merged_of(item)
        values["panels"] = _panels(request, item)
    if trouble is not None and trouble.conflict and "description" in trouble.typed:
        mine = trouble.typed["description"].replace("\r\n", "\n")
        values["differences"] = words_changed(item.description, mine)
    mentions = ask.mentioned(member, product, _texts_shown(values, item))
    values["live_after"] = after
    values["writer"] = Writer(mentions, product.key, member)
    return values


def show(
    request: ProductRequest,
    item: Item,
    section: str | None = None,
    *,
    trouble: Trouble | None = None,
    editing: Editing | None = None,
    toast: Toast | None = None,
) -> HttpResponse:
    """The section alone to htmx; else the whole page, or the peek panel's content to htmx."""
    status = trouble.status if trouble else 200
    alone = bool(request.htmx) and section is not None
    sections = (section,) if alone and section else SECTIONS
    values = context_of(request, item, sections, trouble=trouble, editing=editing)
    values["toast_shown"] = toast
    if alone:
        template = "backlog/item/answer.jinja"
    elif request.htmx:
        template = "backlog/item/peek.jinja"
    else:
        template = "backlog/item/page.jinja"
    return render(request, template, values, status=status)


def refused(
    request: ProductRequest,
    item: Item,
    refusal: Refused,
    section: str,
    *,
    subject: int | None = None,
    default_field: str | None = None,
    what: str = "",
    shown: str = "",
) -> HttpResponse:
    """The refusal beside its field, with what was typed. "May not" is no matter of a field."""
    if refusal.status == 403:
        raise refusal
    trouble = Trouble.of(
        refusal, section, request.POST.dict(), subject=subject, default_field=default_field
    )
    editing = Editing(section, what, subject)
    return show(request, item, shown or section, trouble=trouble, editing=editing)


def changed(response: HttpResponse, item: Item) -> HttpResponse:
    """Tell whatever else on the page shows the item."""
    detail = {"target": "body", "key": item.key}
    response["HX-Trigger"] = json.dumps({"item-changed": detail})
    return response


def done(
    request: ProductRequest, item: Item, section: str, *, toast: Toast | None = None
) -> HttpResponse:
    """The section as it is now."""
    if not request.htmx:
        if toast:
            messages.success(request, toast.message)
        return redirect(address_of(request, item, section))
    fresh = ask.item_of(request.member, request.product, item.key)
    return changed(show(request, fresh, section, toast=toast), fresh)


def fields_named(sent: dict[str, str]) -> list[str]:
    return [name for name in sent if name in READERS or own_slug(name)]
