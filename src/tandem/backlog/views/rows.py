"""One row of the list or card of the board: shown alone, and its fields edited in place."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.forms import held_value, mark_of, own_slug, shown_value, values_sent
from tandem.backlog.models import CustomField, FieldKind, Item, Kind
from tandem.backlog.queries import listing as ask
from tandem.backlog.queries.rows import rows_of
from tandem.backlog.queries_item import item_of
from tandem.backlog.views.listing import columns_of
from tandem.backlog.views.lists import May, changed, events_since, here_of, newest_event
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.ui.filters import ago, figure, inside, worded

#: A cell's field -> the item's fields it edits.
FIELDS = {
    "title": ("title",),
    "kind": ("kind",),
    "status": ("status",),
    "assignee": ("assignee",),
    "estimate": ("estimate_low", "estimate_likely", "estimate_high"),
}
LONGEST_TYPED = 2000
INPUTS = {FieldKind.DATE: "date", FieldKind.LINK: "url"}


@dataclass(frozen=True)
class Editor:
    """The open field of a row: what stands in it, and what is the matter."""

    field: str
    label: str
    value: str
    mark: str
    shown: str
    choices: list[tuple[str, str]]
    error: str = ""
    #: Somebody saved something else meanwhile: who, what, when.
    conflict: str = ""
    #: The list is in another order than rank: its rows have no grip.
    still: bool = False
    #: The input's type where something is written.
    type: str = "text"


@require_GET
def row(request: ProductRequest, key: str) -> HttpResponse:
    """One row as it is now; with ``?as=card`` the board's card."""
    item = item_of(request.member, request.product, key)
    return _row(request, item, as_card=request.GET.get("as") == "card")


def _row(
    request: ProductRequest,
    item: Item,
    *,
    editor: Editor | None = None,
    toast: str = "",
    event: Event | None = None,
    as_card: bool = False,
    status: int = 200,
) -> HttpResponse:
    columns = columns_of(request)
    by_id = {item.status_id: item.status}
    found = Item.objects.filter(pk=item.pk)
    [shown] = rows_of(found, request.product, request.member, by_id, [] if as_card else columns)
    values = {
        "here": here_of(request),
        "may": May.of(request.member),
        "row": shown,
        "columns": columns,
        "unit": request.product.estimate_unit,
        "editor": editor,
        "toast_shown": toast,
        "event": event,
        "dragging": not is_still(request),
    }
    template = "backlog/board_card_alone.jinja" if as_card else "backlog/list_row_alone.jinja"
    return render(request, template, values, status=status)


def is_still(request: ProductRequest) -> bool:
    """Whether the list that asks is sorted so that nothing can be dragged."""
    return request.GET.get("still") == "1"


@require_http_methods(["GET", "POST"])
def cell(request: ProductRequest, key: str, field: str) -> HttpResponse:
    """The editor of one field, and what it saves. The answer to a save is the whole row."""
    if field not in FIELDS and not own_slug(field):
        raise Http404
    require(request.member, "item.edit")
    item = item_of(request.member, request.product, key)
    if own_slug(field):
        own_of(item, field)
    if request.method == "GET":
        values = {
            "here": here_of(request),
            "key": item.key,
            "editor": _editor(request, item, field),
        }
        return render(request, "backlog/list_cell.jinja", values)
    return _save(request, item, field)


def _save(request: ProductRequest, item: Item, field: str) -> HttpResponse:
    typed = request.POST.get(field, "")[:LONGEST_TYPED]
    names = names_of(field)
    newest = newest_event(item)
    try:
        values = values_sent(request.member, item, sent_by(field, typed))
        same = as_typed(item, field).strip() == typed.strip()
        if request.POST.get("mark", "") != mark_of(item, names) and not same:
            raise Conflict("", current=item)
        item = do.item_update(by=request.member, item=item, version=item.version, **values)
    except Conflict:
        item = item_of(request.member, request.product, item.key)
        told = came_between(item, field)
        editor = _editor(request, item, field, typed=typed, conflict=told)
        return _row(request, item, editor=editor, status=409)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        editor = _editor(request, item, field, typed=typed, error=refusal.message)
        return _row(request, item, editor=editor, status=refusal.status)
    item = item_of(request.member, request.product, item.key)
    events = events_since(request, item, newest)
    if not events:
        return _row(request, item)
    label = label_of(item, field)
    told = _("%(key)s: %(field)s is now %(value)s.") % {
        "key": item.key,
        "field": label if own_slug(field) else inside(label),
        "value": shown_of(item, field),
    }
    return changed(_row(request, item, toast=told, event=events[-1]), item)


def sent_by(field: str, typed: str) -> dict[str, str]:
    """The item's fields as its forms send them. An estimate is written ``3`` or ``1 / 3 / 8``."""
    if field != "estimate":
        return {field: typed}
    parts = [part.strip() for part in typed.replace("–", "/").split("/")]
    if len(parts) == 1:
        parts = ["", parts[0], ""]
    if len(parts) != 3:
        raise Refused(_("Write one number, or three: low / likely / high."), field="estimate")
    return dict(zip(FIELDS["estimate"], parts, strict=True))


def as_typed(item: Item, field: str) -> str:
    """The field's value as its editor shows it."""
    if field != "estimate":
        return shown_value(item, field)
    low, likely, high = (shown_value(item, name) for name in FIELDS["estimate"])
    return f"{low} / {likely} / {high}" if low or high else likely


def names_of(field: str) -> tuple[str, ...]:
    return FIELDS.get(field, (field,))


def own_of(item: Item, field: str) -> CustomField:
    """The product's own field of a cell; looked up once for the item at hand."""
    kept: dict[str, CustomField] = item.__dict__.setdefault("own_fields", {})
    if field not in kept:
        found = custom.named(custom.fields_of(item.product), own_slug(field))
        if found is None:
            raise Http404
        kept[field] = found
    return kept[field]


def shown_of(item: Item, field: str) -> str:
    """The field's value as a sentence names it."""
    if own_slug(field):
        return custom.shown_of(own_of(item, field), held_value(item, field)) or _("empty")
    if field == "title":
        return f"“{item.title}”"
    if field == "kind":
        return str(Kind(item.kind).label)
    if field == "status":
        return item.status.name
    if field == "assignee":
        return item.assignee.name if item.assignee else _("nobody")
    return _estimate_words([item.estimate_low, item.estimate_likely, item.estimate_high])


def _estimate_words(values: list[float | None]) -> str:
    known = [figure(value) for value in values if value is not None]
    return " / ".join(known) or _("missing")


def label_of(item: Item, field: str) -> str:
    return own_of(item, field).name if own_slug(field) else worded(field)


def came_between(item: Item, field: str) -> str:
    """Who saved something else since the editor was opened, what and when."""
    for event in Event.objects.of("item", item.pk)[:30]:
        if any(name.replace("field-", "fields.") in event.changes for name in names_of(field)):
            return _("%(name)s changed this to %(value)s %(when)s.") % {
                "name": event.member_name or _("Somebody"),
                "value": shown_of(item, field),
                "when": ago(event.at),
            }
    told = {"value": shown_of(item, field)}
    return _("This was changed to %(value)s since you opened it.") % told


def _editor(request: ProductRequest, item: Item, field: str, **more: Any) -> Editor:
    typed = more.pop("typed", None)
    choices: list[tuple[str, str]] = []
    if field == "kind":
        choices = [(each.value, str(each.label)) for each in Kind]
    elif field == "status":
        statuses = ask.statuses_of(request.product)
        choices = [(str(each.pk), each.name) for each in statuses]
    elif field == "assignee":
        offered = ask.people_of(request.member)
        choices = [("", _("Nobody")), *((str(pk), name) for pk, name in offered)]
    elif own_slug(field):
        own = own_of(item, field)
        people = ask.people_of(request.member) if own.kind == FieldKind.PERSON else []
        choices = custom.choices_of(own, people)
        more["type"] = INPUTS.get(FieldKind(own.kind), "text")
    return Editor(
        field=field,
        label=label_of(item, field),
        value=as_typed(item, field) if typed is None else typed,
        mark=mark_of(item, names_of(field)),
        shown=shown_of(item, field),
        choices=choices,
        still=is_still(request),
        **more,
    )
