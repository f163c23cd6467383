"""The product's own fields: made, renamed, ordered, archived, and their choices."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.models import CustomField, FieldKind, FieldValue, OnNew
from tandem.backlog.operations.fields import COLORS, holders
from tandem.backlog.views.lists import here_of
from tandem.core.errors import Refused

Rest = ParamSpec("Rest")
#: What each kind is for, where one chooses.
KINDS = (
    (FieldKind.TEXT, N_("a few words")),
    (FieldKind.NUMBER, N_("compared, summed, read by formulas")),
    (FieldKind.CHOICE, N_("one of a list, with colours and numbers")),
    (FieldKind.DATE, N_("a day, shown on the calendar")),
    (FieldKind.PERSON, N_("somebody of the workspace")),
    (FieldKind.CHECK, N_("yes or no")),
    (FieldKind.LINK, N_("an address that opens")),
)


def _page(
    request: ProductRequest,
    *,
    trouble: Refused | None = None,
    where: str = "",
    asked: dict[str, Any] | None = None,
) -> HttpResponse:
    """``where``: the field whose form was refused; ``asked``: what to decide about a choice."""
    fields = list(CustomField.objects.of(request.product))
    held = dict(
        FieldValue.objects.filter(field__in=[field.pk for field in fields], item__deleted_at=None)
        .values_list("field_id")
        .annotate(Count("pk"))
    )
    values = {
        "here": here_of(request),
        "may_edit": can(request.member, "field.edit"),
        "fields": [field for field in fields if field.archived_at is None],
        "archived": [field for field in fields if field.archived_at is not None],
        "held": held,
        "kinds": [(kind, kind.label, _(about)) for kind, about in KINDS],
        "kind_words": dict(FieldKind.choices),
        "colors": COLORS,
        "on_new": OnNew.choices,
        "trouble": trouble,
        "where": where,
        "asked": asked,
        "typed": request.POST,
    }
    return render(
        request, "backlog/setup/fields.jinja", values, status=trouble.status if trouble else 200
    )


def _there(request: ProductRequest, slug: str = "") -> HttpResponse:
    address = reverse("backlog:fields", kwargs=here_of(request))
    return redirect(f"{address}#field-{slug}" if slug else address)


def changing(
    view: Callable[Concatenate[ProductRequest, CustomField, Rest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A POST on one field; what is refused stands beside its form."""

    @require_POST
    @wraps(view)
    def answered(request: ProductRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.member, "field.edit")
        rows = CustomField.objects.of(request.product)
        field = get_object_or_404(rows, slug=slug)
        field.product = request.product
        try:
            return view(request, field, *args, **kwargs)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            return _page(request, trouble=refusal, where=slug)

    return answered


@require_http_methods(["GET", "POST"])
def fields(request: ProductRequest) -> HttpResponse:
    """The page; POST makes a field, with a choice on each line of ``choices``."""
    require(request.member, "item.view")
    if request.method == "GET":
        return _page(request)
    sent = request.POST
    try:
        made = do.field_create(
            by=request.member,
            product=request.product,
            name=sent.get("name", ""),
            kind=sent.get("kind", ""),
            hint=sent.get("hint", ""),
            on_card=bool(sent.get("on_card")),
            on_new=sent.get("on_new", ""),
            choices=sent.get("choices", "").splitlines() if sent.get("kind") == "choice" else (),
        )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _page(request, trouble=refusal, where="new")
    messages.success(request, _("%(name)s is a field of every item now.") % {"name": made.name})
    return _there(request, made.slug)


@changing
def change(request: ProductRequest, field: CustomField) -> HttpResponse:
    do.field_update(
        by=request.member,
        field=field,
        name=request.POST.get("name"),
        hint=request.POST.get("hint"),
        on_card=bool(request.POST.get("on_card")),
        on_new=request.POST.get("on_new"),
    )
    return _there(request, field.slug)


@changing
def place(request: ProductRequest, field: CustomField) -> HttpResponse:
    """One place ``up`` or ``down``."""
    order = [each.pk for each in custom.fields_of(request.product)]
    at = order.index(field.pk) if field.pk in order else 0
    to = max(0, at + (-1 if request.POST.get("to") == "up" else 1))
    do.field_update(by=request.member, field=field, position=to)
    return _there(request, field.slug)


@changing
def archive(request: ProductRequest, field: CustomField) -> HttpResponse:
    do.field_archive(by=request.member, field=field)
    messages.success(
        request, _("%(name)s is archived; what items hold in it is kept.") % {"name": field.name}
    )
    return _there(request)


@changing
def restoration(request: ProductRequest, field: CustomField) -> HttpResponse:
    do.field_restore(by=request.member, field=field)
    return _there(request, field.slug)


def _number(request: ProductRequest) -> float | None:
    text = request.POST.get("number", "").strip()
    if not text:
        return None
    held = custom.read(
        CustomField(name=pgettext("field", "Number"), kind=FieldKind.NUMBER, slug="number"), text
    )
    return held.number if held else None


@changing
def choice_new(request: ProductRequest, field: CustomField) -> HttpResponse:
    do.choice_add(
        by=request.member,
        field=field,
        name=request.POST.get("choice", ""),
        color=request.POST.get("color", ""),
        number=_number(request),
    )
    return _there(request, field.slug)


@changing
def choice_change(request: ProductRequest, field: CustomField, choice: str) -> HttpResponse:
    slugs = [each["slug"] for each in field.choices]
    to = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if to is not None and choice in slugs:
        do.choice_update(
            by=request.member,
            field=field,
            choice=choice,
            position=max(0, slugs.index(choice) + to),
        )
        return _there(request, field.slug)
    do.choice_update(
        by=request.member,
        field=field,
        choice=choice,
        name=request.POST.get("choice"),
        color=request.POST.get("color"),
        number=_number(request),
        number_given="number" in request.POST,
    )
    return _there(request, field.slug)


@changing
def choice_removal(request: ProductRequest, field: CustomField, choice: str) -> HttpResponse:
    """Remove a choice; while items hold it, ask what happens to them first."""
    then = request.POST.get("then", "")
    try:
        do.choice_remove(
            by=request.member, field=field, choice=choice, then=then, to=request.POST.get("to", "")
        )
    except Refused as refusal:
        if refusal.field not in ("then", "to"):
            raise
        asked = {"choice": choice, "count": holders(field, choice)}
        return _page(request, trouble=refusal, where=field.slug, asked=asked)
    return _there(request, field.slug)
