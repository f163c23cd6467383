"""Item templates over the API; ``template`` of a new item names one."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog import operations as do
from tandem.backlog.api.schemas import KindName, OwnValue
from tandem.backlog.models import ItemTemplate, Kind
from tandem.core.api import REFUSALS, RowId
from tandem.core.models import Event
from tandem.core.rest.bodies import Body

router = Router(tags=["backlog"])
Texts = Annotated[list[str], Field(max_length=100)]


class TemplateOut(Schema):
    """``default``: offered first for its kind. ``fields``: what own fields get, as written."""

    number: int
    name: str
    kind: str
    default: bool
    title: str
    description: str
    story_role: str
    story_want: str
    story_benefit: str
    criteria: list[str]
    labels: list[str]
    fields: dict[str, str]

    @staticmethod
    def resolve_default(row: ItemTemplate) -> bool:
        return row.is_default

    @staticmethod
    def resolve_fields(row: ItemTemplate) -> dict[str, str]:
        found: dict[str, str] = row.values
        return found


class TemplateIn(Body):
    """``title``: a pattern like `Refund: {title}`, or a title for where nobody writes one."""

    name: str
    kind: KindName = Kind.STORY.value
    default: bool = False
    title: str = ""
    description: str = ""
    story_role: str = ""
    story_want: str = ""
    story_benefit: str = ""
    criteria: Texts = []
    labels: Texts = []
    fields: dict[str, OwnValue] = {}


class TemplatePatch(Body):
    """Only what is sent changes."""

    name: str | None = None
    kind: KindName | None = None
    default: bool | None = None
    title: str | None = None
    description: str | None = None
    story_role: str | None = None
    story_want: str | None = None
    story_benefit: str | None = None
    criteria: Texts | None = None
    labels: Texts | None = None
    fields: dict[str, OwnValue] | None = None


class RemovedOut(Schema):
    """``event``: brings it back, at ``POST /products/{key}/templates/restore/{event}``."""

    event: int


def _named(sent: dict[str, Any]) -> dict[str, Any]:
    for short, name in (("default", "is_default"), ("fields", "values")):
        if short in sent:
            sent[name] = sent.pop(short)
    return {name: value for name, value in sent.items() if value is not None}


def _template(request: HttpRequest, key: str, number: int) -> ItemTemplate:
    product = product_for(request, key)
    rows = ItemTemplate.objects.filter(product=product)
    found: ItemTemplate = get_object_or_404(rows, number=number)
    found.product = product
    return found


@router.get("/products/{key}/templates", response={200: list[TemplateOut], **REFUSALS})
def templates(request: HttpRequest, key: str) -> Any:
    """The product's item templates, by kind and name."""
    product = product_for(request, key)
    require(caller(request), "item.view")
    return ItemTemplate.objects.filter(product=product)


@router.post("/products/{key}/templates", response={201: TemplateOut, **REFUSALS})
def template_create(request: HttpRequest, key: str, body: TemplateIn) -> Any:
    """Make a template."""
    product = product_for(request, key)
    return Status(
        201, do.template_create(by=caller(request), product=product, **_named(body.dict()))
    )


@router.patch("/products/{key}/templates/{number}", response={200: TemplateOut, **REFUSALS})
def template_update(request: HttpRequest, key: str, number: RowId, body: TemplatePatch) -> Any:
    """Change a template; items made from it stay as they are."""
    template = _template(request, key, number)
    sent = _named(body.dict(exclude_unset=True))
    return do.template_update(by=caller(request), template=template, **sent)


@router.delete("/products/{key}/templates/{number}", response={200: RemovedOut, **REFUSALS})
def template_remove(request: HttpRequest, key: str, number: RowId) -> Any:
    """Remove a template; items made from it stay."""
    event = do.template_remove(by=caller(request), template=_template(request, key, number))
    return {"event": event.pk}


@router.post("/products/{key}/templates/restore/{pk}", response={200: TemplateOut, **REFUSALS})
def template_restore(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Bring a removed template back."""
    product = product_for(request, key)
    rows = Event.objects.filter(product_id=product.pk, verb="template.removed")
    event = get_object_or_404(rows, pk=pk, workspace_id=product.workspace_id)
    return do.template_restore(by=caller(request), event=event)
