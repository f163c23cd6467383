"""Acceptance criteria: add, edit, check, remove."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.models import Criterion, Item
from tandem.backlog.views.answers import Editing, Toast, done, refused, show, with_item
from tandem.core.errors import Refused


def _criterion(item: Item, pk: int) -> Criterion:
    found = Criterion.objects.filter(item_id=item.pk, pk=pk).first()
    if found is None:
        raise Http404
    found.item = item
    return found


def _form(request: ProductRequest) -> str | None:
    """What the person chose; ``None`` lets the text itself tell."""
    return request.POST.get("written_as") or None


def _text(request: ProductRequest) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")


@with_item
def criteria(request: ProductRequest, item: Item) -> HttpResponse:
    """The criteria; POST adds one: plain, or Given/When/Then where the text reads so."""
    if request.method != "POST":
        return show(request, item, "criteria")
    try:
        do.criterion_add(by=request.member, item=item, text=_text(request), form=_form(request))
    except Refused as refusal:
        return refused(request, item, refusal, "criteria", default_field="text")
    return done(request, item, "criteria")


@with_item
def criterion(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """One criterion's form; POST saves it and opens the criterion again."""
    found = _criterion(item, pk)
    if request.method != "POST":
        require(request.member, "criterion.edit")
        return show(request, item, "criteria", editing=Editing("criteria", subject=pk))
    try:
        do.criterion_update(
            by=request.member, criterion=found, text=_text(request), form=_form(request)
        )
    except Refused as refusal:
        return refused(request, item, refusal, "criteria", subject=pk, default_field="text")
    return done(request, item, "criteria")


@require_POST
@with_item
def check(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    do.criterion_check(
        by=request.member, criterion=_criterion(item, pk), met=request.POST.get("met") == "yes"
    )
    return done(request, item, "criteria")


@require_POST
@with_item
def removal(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    event = do.criterion_remove(by=request.member, criterion=_criterion(item, pk))
    return done(request, item, "criteria", toast=Toast(_("Criterion removed."), event))
