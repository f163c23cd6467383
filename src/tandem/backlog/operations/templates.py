"""Item templates: kept, changed, removed, and filled in when an item is made."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog import custom
from tandem.backlog.models import ItemTemplate, Kind
from tandem.backlog.operations import criteria as criterion
from tandem.backlog.operations.items import MOST_LABELS, TEXT_FIELDS, locked, text_checked
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.models import Event

MOST_TEMPLATES = 100
MOST_CRITERIA = 50
TITLE = "{title}"
#: What is said of a template besides its name.
FIELDS = (
    "name", "kind", "is_default", *TEXT_FIELDS, "criteria", "labels", "values",
)  # fmt: skip


@transaction.atomic
def template_create(*, by: Member, product: Product, name: str, **sent: Any) -> ItemTemplate:
    """Keep what a new item of a kind begins with: title, description, story form, criteria,
    labels, values of own fields. ``is_default``: offered first for its kind, instead of another."""
    require(by, "template.edit")
    product = locked(product)
    rows = ItemTemplate.objects.filter(product=product)
    if rows.count() >= MOST_TEMPLATES:
        raise Refused(
            _("A product has at most %(most)s templates. Remove one first.")
            % {"most": MOST_TEMPLATES}
        )
    last = rows.aggregate(last=Max("number"))["last"]
    template = ItemTemplate(product=product, number=(last or 0) + 1)
    _checked(template, {"name": name, **sent})
    template.save(force_insert=True)
    events.record(
        by=by, verb="template.created", obj=template, changes={"name": [None, template.name]}
    )
    return template


@transaction.atomic
def template_update(*, by: Member, template: ItemTemplate, **sent: Any) -> ItemTemplate:
    """Change any of what ``template_create`` takes; items made from it stay as they are."""
    require(by, "template.edit")
    product = locked(template.product)
    template = ItemTemplate.objects.get(pk=template.pk)
    template.product = product
    changes = _checked(template, sent)
    if changes:
        template.version += 1
        template.save()
        events.record(by=by, verb="template.changed", obj=template, changes=changes)
    return template


@transaction.atomic
def template_remove(*, by: Member, template: ItemTemplate) -> Event:
    """Remove it; items made from it stay. ``template_restore`` brings it back by the event."""
    require(by, "template.edit")
    product = locked(template.product)
    template = ItemTemplate.objects.get(pk=template.pk)
    template.product = product
    row = {name: getattr(template, name) for name in FIELDS}
    event = events.record(by=by, verb="template.removed", obj=template, changes={"row": row})
    template.delete()
    return event


@transaction.atomic
def template_restore(*, by: Member, event: Event) -> ItemTemplate:
    """Bring a removed template back, under a new number."""
    require(by, "template.edit")
    if event.workspace_id != by.workspace_id or event.verb != "template.removed":
        raise Refused(_("This change cannot be taken back."))
    row = dict(event.changes["row"])
    product = Product.objects.get(pk=event.product_id or 0)
    if ItemTemplate.objects.filter(product=product, name__iexact=row["name"]).exists():
        raise Refused(
            _("There is a template called %(name)s again already.") % {"name": row["name"]},
            field="name",
        )
    return template_create(by=by, product=product, **row)


def _checked(template: ItemTemplate, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Put what was sent onto the template; gives what differs."""
    unknown = next((name for name in sent if name not in FIELDS), None)
    if unknown is not None:
        raise Refused(
            _("“%(unknown)s” is none of %(known)s.")
            % {"unknown": unknown, "known": ", ".join(FIELDS)},
            field=unknown,
        )
    read = {name: _read(template, name, value) for name, value in sent.items()}
    changes = {
        name: [getattr(template, name), value]
        for name, value in read.items()
        if getattr(template, name) != value
    }
    for name, value in read.items():
        setattr(template, name, value)
    others = ItemTemplate.objects.filter(product=template.product).exclude(pk=template.pk)
    if others.filter(name__iexact=template.name).exists():
        raise Refused(
            _("There is a template called %(name)s already.") % {"name": template.name},
            field="name",
        )
    if template.is_default:
        others.filter(kind=template.kind, is_default=True).update(is_default=False)
    return changes


def _read(template: ItemTemplate, name: str, value: Any) -> Any:
    if name == "name":
        text = " ".join(str(value or "").replace("\x00", "").split())
        if not 1 <= len(text) <= 60:
            raise Refused(_("A template needs a name of at most 60 characters."), field="name")
        return text
    if name == "kind":
        if value not in Kind.values:
            raise Refused(
                _("%(kind)s is no kind. Kinds: %(known)s.")
                % {"kind": value, "known": ", ".join(Kind.values)},
                field="kind",
            )
        return str(value)
    if name == "is_default":
        return bool(value)
    if name == "title":
        return text_checked("title", value) if str(value or "").strip() else ""
    if name in TEXT_FIELDS:
        return text_checked(name, value)
    if name == "criteria":
        if len(value) > MOST_CRITERIA:
            raise Refused(
                _("At most %(most)s criteria.") % {"most": MOST_CRITERIA},
                field="criteria",
            )
        return [criterion.read(text, None)[1] for text in value]
    if name == "labels":
        names = [" ".join(str(each).replace("\x00", "").split())[:80] for each in value]
        if len(names) > MOST_LABELS:
            raise Refused(_("At most %(most)s labels.") % {"most": MOST_LABELS}, field="labels")
        return list(dict.fromkeys(each for each in names if each))
    return _values(template.product, value)


def _values(product: Product, sent: Mapping[str, Any]) -> dict[str, str]:
    """Values of own fields as they are written again later, each read once to be sure."""
    found = {}
    fields = custom.fields_of(product)
    for name, value in sent.items():
        field = custom.named(fields, name)
        if field is None:
            raise Refused(
                _("There is no field “%(name)s”.") % {"name": name[:40]},
                field=f"fields.{name[:40]}",
            )
        field.product = product
        held = custom.read(field, value)
        if held is not None:
            found[field.slug] = held.plain
    return found


def template_named(product: Product, name: str, kind: str = "") -> ItemTemplate | None:
    """By name or number; ``default``: the one of ``kind``, or ``None`` when it has none."""
    rows = ItemTemplate.objects.filter(product=product)
    if name == "default":
        return rows.filter(kind=kind or Kind.STORY, is_default=True).first()
    found = rows.filter(name__iexact=name).first()
    if found is None and name.isascii() and name.isdigit() and len(name) < 9:
        found = rows.filter(number=int(name)).first()
    if found is None:
        names = ", ".join(rows.values_list("name", flat=True)[:20]) or pgettext(
            "fields", "none yet"
        )
        raise Refused(
            _("There is no template %(name)s. Templates: %(names)s.")
            % {"name": name[:60], "names": names},
            field="template",
        )
    return found


def filled(template: ItemTemplate, title: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What ``item_create`` gets: what was given, and the template's for the rest.

    An own field that is archived by now, and a choice that is gone, are left out.
    """
    title = title.strip()
    if TITLE in template.title:
        title = template.title.replace(TITLE, title).strip()
    made: dict[str, Any] = dict(given)
    made["title"] = title or template.title
    made["kind"] = given.get("kind") or template.kind
    for name in TEXT_FIELDS[1:]:
        made[name] = given.get(name) or getattr(template, name)
    own: Sequence[str] = given.get("labels") or []
    made["labels"] = list(dict.fromkeys([*own, *template.labels]))
    made["criteria"] = given.get("criteria") or template.criteria
    made["values"] = {**_usable(template), **(given.get("values") or {})}
    return made


def _usable(template: ItemTemplate) -> dict[str, Any]:
    found = {}
    fields = custom.fields_of(template.product)
    for slug, text in template.values.items():
        field = custom.named(fields, slug)
        if field is None:
            continue
        field.product = template.product
        chosen = field.choice(text) if field.choices else None
        if chosen is not None and chosen.get("gone"):
            continue
        try:
            custom.read(field, text)
        except Refused:
            continue
        found[slug] = text
    return found
