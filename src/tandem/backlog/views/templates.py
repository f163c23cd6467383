"""Item templates of a product: made, changed, removed, and brought back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.forms import OWN, own_slug
from tandem.backlog.gherkin import looks_like_gherkin
from tandem.backlog.models import Item, ItemTemplate, Kind
from tandem.backlog.queries.listing import people_of
from tandem.backlog.queries.templates import templates_of
from tandem.backlog.queries_item import item_of
from tandem.backlog.views.lists import here_of
from tandem.core.errors import Refused
from tandem.core.models import Event

TEXTS = ("name", "kind", "title", "description", "story_role", "story_want", "story_benefit")


def _typed(template: ItemTemplate) -> dict[str, Any]:
    """A template as its form has it."""
    return {
        **{name: getattr(template, name) for name in TEXTS},
        "is_default": template.is_default,
        "criteria": "\n\n".join(template.criteria),
        "labels": ", ".join(template.labels),
        **{f"{OWN}{slug}": text for slug, text in template.values.items()},
    }


def _of_item(item: Item) -> dict[str, Any]:
    """What a template made of an item would say."""
    held = {row.field.slug: custom.held(row) for row in item.field_values.all()}
    return {
        **{name: getattr(item, name) for name in TEXTS if name != "name"},
        "name": item.title[:60],
        "criteria": "\n\n".join(item.criteria.values_list("text", flat=True)),
        "labels": ", ".join(sorted(label.name for label in item.labels.all())),
        **{f"{OWN}{slug}": text for slug, text in held.items()},
    }


def _sent(request: ProductRequest) -> dict[str, Any]:
    """The form as the operations take it."""
    sent = request.POST
    criteria = sent.get("criteria", "").replace("\r\n", "\n")
    return {
        **{name: sent.get(name, "").replace("\r\n", "\n") for name in TEXTS},
        "is_default": bool(sent.get("is_default")),
        "criteria": [text.strip() for text in _blocks(criteria) if text.strip()],
        "labels": [name.strip() for name in sent.get("labels", "").split(",") if name.strip()],
        "values": {slug: sent[name] for name in sent if (slug := own_slug(name)) and sent[name]},
    }


def _blocks(text: str) -> list[str]:
    """Given/When/Then is one criterion up to an empty line; otherwise each line is one."""
    found: list[str] = []
    for block in text.split("\n\n"):
        found += [block] if looks_like_gherkin(block) else block.split("\n")
    return found


def _page(
    request: ProductRequest,
    *,
    trouble: Refused | None = None,
    where: int = 0,
    begin: dict[str, Any] | None = None,
    removed: Event | None = None,
) -> HttpResponse:
    """``where``: the template whose form was refused, 0: the new one; ``begin``: what the new
    one's form is filled with."""
    people = people_of(request.member)
    rows = list(ItemTemplate.objects.filter(product=request.product))
    values = {
        "here": here_of(request),
        "may_edit": can(request.member, "template.edit"),
        "rows": [
            (row, request.POST if trouble and where == row.number else _typed(row)) for row in rows
        ],
        "begin": request.POST if trouble and not where else begin or {"kind": "story"},
        "opens": bool(begin),
        "kinds": Kind.choices,
        "own": [
            (each, f"{OWN}{each.slug}", custom.choices_of(each, people))
            for each in custom.fields_of(request.product)
        ],
        "trouble": trouble,
        "where": where,
        "removed": removed,
    }
    status = trouble.status if trouble else 200
    return render(request, "backlog/setup/templates.jinja", values, status=status)


def _there(request: ProductRequest) -> HttpResponse:
    return redirect(reverse("backlog:templates", kwargs=here_of(request)))


@require_GET
def choices(request: ProductRequest) -> HttpResponse:
    """What the dialog for a new item offers, asked for when it opens."""
    require(request.member, "item.create")
    values = {"templates": templates_of(request.product), "typed": {}}
    return render(request, "backlog/list_new_template.jinja", values)


def _template(request: ProductRequest, number: int) -> ItemTemplate:
    require(request.member, "template.edit")
    found = get_object_or_404(ItemTemplate, product=request.product, number=number)
    found.product = request.product
    return found


@require_http_methods(["GET", "POST"])
def templates(request: ProductRequest) -> HttpResponse:
    """The page; POST makes a template. ``?from=WEB-3``: the new one's form says what that item
    does."""
    require(request.member, "item.view")
    if request.method == "GET":
        key = request.GET.get("from", "")
        begin = _of_item(item_of(request.member, request.product, key)) if key else None
        return _page(request, begin=begin)
    try:
        sent = _sent(request)
        made = do.template_create(
            by=request.member, product=request.product, name=sent.pop("name"), **sent
        )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _page(request, trouble=refusal)
    messages.success(request, _("New items can begin with “%(name)s” now.") % {"name": made.name})
    return _there(request)


@require_POST
def change(request: ProductRequest, number: int) -> HttpResponse:
    template = _template(request, number)
    try:
        do.template_update(by=request.member, template=template, **_sent(request))
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _page(request, trouble=refusal, where=number)
    messages.success(
        request,
        _("“%(name)s” is saved; items made from it stay as they are.") % {"name": template.name},
    )
    return _there(request)


@require_POST
def removal(request: ProductRequest, number: int) -> HttpResponse:
    """Remove a template; the page offers to bring it back."""
    event = do.template_remove(by=request.member, template=_template(request, number))
    return _page(request, removed=event)


@require_POST
def restoration(request: ProductRequest, pk: int) -> HttpResponse:
    rows = Event.objects.filter(product_id=request.product.pk, verb="template.removed")
    event = get_object_or_404(rows, pk=pk, workspace_id=request.member.workspace_id)
    try:
        do.template_restore(by=request.member, event=event)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _page(request, trouble=refusal)
    return _there(request)
