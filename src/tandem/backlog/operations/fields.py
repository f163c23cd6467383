"""A product's own fields: made, renamed, ordered, archived; and their choices."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog import custom
from tandem.backlog.language.fields import Asking
from tandem.backlog.models import CustomField, FieldKind, FieldValue, Item, OnNew
from tandem.backlog.operations.items import locked
from tandem.core import events
from tandem.core.errors import Elsewhere, Refused
from tandem.ui.filters import number

MOST_FIELDS = 50
MOST_CHOICES = 100
COLORS = ("grey", "blue", "teal", "green", "yellow", "orange", "red", "purple")
#: What happens to the items that hold a choice that is removed.
THEN = ("keep", "clear", "move")


def _name_checked(product: Product, name: str, other: CustomField | None = None) -> str:
    name = " ".join(str(name or "").replace("\x00", "").split())
    if not name or len(name) > 60:
        raise Refused(_("A field needs a name of at most 60 characters."), field="name")
    same = CustomField.objects.of(product).in_use().filter(name__iexact=name)
    if other is not None:
        same = same.exclude(pk=other.pk)
    if same.exists():
        raise Refused(
            _("%(owner)s has a field “%(name)s” already.") % {"owner": product.name, "name": name},
            field="name",
        )
    return name


def _slug_free(product: Product, by: Member, name: str) -> str:
    """The name as a word, unlike every other field's and every word of the filter."""
    taken = set(CustomField.objects.of(product).values_list("slug", flat=True))
    taken |= {*Asking(product, by).aliases, "sort", "order", "demand"}
    slug = custom.slug_of(name) or "field"
    if not slug[0].isalpha():
        slug = f"field_{slug}"
    found, number = slug, 2
    while found in taken:
        found, number = f"{slug}_{number}", number + 1
    return found


def _text(value: str, most: int, name: str) -> str:
    text = " ".join(str(value or "").replace("\x00", "").split())
    if len(text) > most:
        raise Refused(
            _("At most %(most)s characters; this has %(count)s.")
            % {"most": most, "count": len(text)},
            field=name,
        )
    return text


def _color(value: str) -> str:
    if value not in COLORS:
        raise Refused(
            _("“%(value)s” is none of %(known)s.")
            % {"value": value[:20], "known": ", ".join(COLORS)},
            field="color",
        )
    return value


def _on_new(value: str) -> str:
    if value not in OnNew.values:
        raise Refused(
            _("“%(value)s” is none of asked, needed, or nothing.") % {"value": value[:20]},
            field="on_new",
        )
    return value


def _made_choice(field: CustomField, name: str, color: str, number: float | None) -> dict[str, Any]:
    name = _text(name, 60, "choice")
    if not name:
        raise Refused(_("A choice needs a name."), field="choice")
    if any(each["name"].casefold() == name.casefold() for each in field.offered):
        raise Refused(
            _("%(field)s has a choice “%(name)s” already.") % {"field": field.name, "name": name},
            field="choice",
        )
    taken = {each["slug"] for each in field.choices}
    slug = base = custom.slug_of(name) or "choice"
    count = 2
    while slug in taken:
        slug, count = f"{base}_{count}", count + 1
    color = _color(color or COLORS[len(field.choices) % len(COLORS)])
    return {"slug": slug, "name": name, "color": color, "number": number, "gone": False}


def _choices_only(field: CustomField) -> None:
    if field.kind != FieldKind.CHOICE:
        raise Refused(_("%(name)s is no field of choices.") % {"name": field.name}, field="choice")


def _mine(by: Member, field: CustomField) -> CustomField:
    """The field, locked, as it is now; another workspace's does not exist."""
    if field.product.workspace_id != by.workspace_id:
        raise Elsewhere()
    locked(field.product)
    found = CustomField.objects.get(pk=field.pk)
    found.product = field.product
    return found


@transaction.atomic
def field_create(
    *,
    by: Member,
    product: Product,
    name: str,
    kind: str,
    hint: str = "",
    on_card: bool = False,
    on_new: str = "",
    choices: Iterable[str] = (),
) -> CustomField:
    """A new field at the end; every item has it at once, without a value."""
    require(by, "field.edit")
    product = locked(product)
    if kind not in FieldKind.values:
        raise Refused(
            _("%(kind)s is none of %(known)s.")
            % {"kind": kind, "known": ", ".join(FieldKind.values)},
            field="kind",
        )
    known = CustomField.objects.of(product)
    if known.in_use().count() >= MOST_FIELDS:
        raise Refused(
            _("A product has at most %(most)s fields of its own. Archive one first.")
            % {"most": MOST_FIELDS}
        )
    name = _name_checked(product, name)
    field = CustomField(
        product=product,
        slug=_slug_free(product, by, name),
        name=name,
        kind=kind,
        hint=_text(hint, 200, "hint"),
        on_card=bool(on_card),
        on_new=_on_new(on_new),
        position=known.count(),
    )
    for each in choices:
        if str(each).strip():
            _choices_only(field)
            field.choices.append(_made_choice(field, each, "", None))
    if len(field.choices) > MOST_CHOICES:
        raise Refused(
            _("A field has at most %(most)s choices.") % {"most": MOST_CHOICES},
            field="choice",
        )
    field.save(force_insert=True)
    events.record(
        by=by, verb="field.created", obj=field, changes={"name": [None, name], "kind": [None, kind]}
    )
    return field


@transaction.atomic
def field_update(
    *,
    by: Member,
    field: CustomField,
    name: str | None = None,
    hint: str | None = None,
    on_card: bool | None = None,
    on_new: str | None = None,
    position: int | None = None,
) -> CustomField:
    """Rename it, say what it is for, show it on cards, ask for it in new items, put it at another place (from 0).

    Its slug stays, so views, filters and formulas keep working.
    """
    require(by, "field.edit")
    field = _mine(by, field)
    changes: dict[str, Any] = {}
    if name is not None and (new := _name_checked(field.product, name, field)) != field.name:
        changes["name"] = [field.name, new]
        field.name = new
    if hint is not None and (said := _text(hint, 200, "hint")) != field.hint:
        changes["hint"] = [field.hint, said]
        field.hint = said
    if on_card is not None and on_card != field.on_card:
        changes["on_card"] = [field.on_card, on_card]
        field.on_card = on_card
    if on_new is not None and _on_new(on_new) != field.on_new:
        changes["on_new"] = [field.on_new, on_new]
        field.on_new = on_new
    if position is not None:
        rows = list(CustomField.objects.of(field.product).in_use().exclude(pk=field.pk))
        place = max(0, min(position, len(rows)))
        rows.insert(place, field)
        before = field.position
        for number, row in enumerate(rows):
            row.position = number
        if before != field.position:
            changes["position"] = [before, field.position]
            CustomField.objects.bulk_update(rows, ["position"])
    if changes:
        field.save()
        events.record(by=by, verb="field.changed", obj=field, changes=changes)
    return field


@transaction.atomic
def field_archive(*, by: Member, field: CustomField) -> CustomField:
    """Out of every form, list and filter; what items hold is kept for ``field_restore``."""
    require(by, "field.edit")
    field = _mine(by, field)
    if field.archived_at is None:
        field.archived_at = timezone.now()
        field.save(update_fields=["archived_at"])
        events.record(by=by, verb="field.archived", obj=field)
    return field


@transaction.atomic
def field_restore(*, by: Member, field: CustomField) -> CustomField:
    require(by, "field.edit")
    field = _mine(by, field)
    if field.archived_at is not None:
        _name_checked(field.product, field.name, field)
        field.archived_at = None
        field.save(update_fields=["archived_at"])
        events.record(by=by, verb="field.restored", obj=field)
    return field


@transaction.atomic
def choice_add(
    *, by: Member, field: CustomField, name: str, color: str = "", number: float | None = None
) -> CustomField:
    """Another choice, at the end. ``number``: what formulas read it as."""
    require(by, "field.edit")
    field = _mine(by, field)
    _choices_only(field)
    if len(field.offered) >= MOST_CHOICES:
        raise Refused(
            _("A field has at most %(most)s choices.") % {"most": MOST_CHOICES},
            field="choice",
        )
    choice = _made_choice(field, name, color, number)
    field.choices.append(choice)
    field.save(update_fields=["choices"])
    events.record(
        by=by, verb="field.choice_added", obj=field, changes={"choice": [None, choice["name"]]}
    )
    return field


def _choice_of(field: CustomField, slug: str) -> dict[str, Any]:
    _choices_only(field)
    found = field.choice(slug)
    if found is None:
        raise Refused(
            _("%(name)s has no choice %(slug)s.") % {"name": field.name, "slug": slug[:40]},
            field="choice",
        )
    return found


@transaction.atomic
def choice_update(
    *,
    by: Member,
    field: CustomField,
    choice: str,
    name: str | None = None,
    color: str | None = None,
    number: float | None = None,
    number_given: bool = False,
    position: int | None = None,
) -> CustomField:
    """Rename or recolour a choice, change its number, bring it back, put it at another place.

    ``choice``: its slug, which stays. ``number_given``: ``number`` counts, ``None`` too.
    """
    require(by, "field.edit")
    field = _mine(by, field)
    found = _choice_of(field, choice)
    changes: dict[str, Any] = {}
    if name is not None and _text(name, 60, "choice") != found["name"]:
        others = [each for each in field.offered if each is not found]
        fresh = _made_choice(CustomField(name=field.name, choices=others), name, "grey", None)
        changes["choice"] = [found["name"], fresh["name"]]
        found["name"] = fresh["name"]
    if color and _color(color) != found["color"]:
        changes["color"] = [found["color"], color]
        found["color"] = color
    if number_given and number != found["number"]:
        changes["number"] = [found["number"], number]
        found["number"] = number
    if found.get("gone"):
        changes["gone"] = [True, False]
        found["gone"] = False
    if position is not None:
        _place(field, found, position, changes)
    if changes:
        field.save(update_fields=["choices"])
        changes.setdefault("choice", [found["name"], found["name"]])
        events.record(by=by, verb="field.choice_changed", obj=field, changes=changes)
    return field


def _place(
    field: CustomField, found: dict[str, Any], position: int, changes: dict[str, Any]
) -> None:
    before = [each["slug"] for each in field.choices]
    field.choices.remove(found)
    field.choices.insert(max(0, min(position, len(field.choices))), found)
    after = [each["slug"] for each in field.choices]
    if before == after:
        return
    changes["position"] = [before.index(found["slug"]), after.index(found["slug"])]
    for place, slug in enumerate(after):
        if before[place] != slug:
            FieldValue.objects.filter(field=field, word=slug).update(number=place)


def holders(field: CustomField, choice: str) -> int:
    """How many items hold a choice."""
    rows = FieldValue.objects.filter(field=field, word=choice, item__deleted_at=None)
    return rows.count()


@transaction.atomic
def choice_remove(
    *, by: Member, field: CustomField, choice: str, then: str = "", to: str = ""
) -> CustomField:
    """Offer the choice no longer. While items hold it, ``then`` says what happens to them:

    ``keep``: they keep it, ``clear``: they hold nothing, ``move``: they get the choice ``to``.
    """
    require(by, "field.edit")
    field = _mine(by, field)
    found = _choice_of(field, choice)
    held = holders(field, choice)
    if held and then not in THEN:
        raise Refused(
            ngettext(
                "%(count)s item holds “%(name)s”. Say what happens to them: keep it there, clear it, "
                "or move them to another choice.",
                "%(count)s items hold “%(name)s”. Say what happens to them: keep it there, clear it, "
                "or move them to another choice.",
                held,
            )
            % {"count": number(held), "name": found["name"]},
            field="then",
            holders=held,
        )
    if held and then == "move":
        target = _choice_of(field, to)
        if target is found or target.get("gone"):
            raise Refused(_("Choose another choice to move the items to."), field="to")
        _give(by, field, choice, target)
    elif held and then == "clear":
        _give(by, field, choice, None)
    if held and then == "keep":
        found["gone"] = True
    else:
        # Deleted items may come back holding it: then it is shown by its slug.
        field.choices.remove(found)
        for place, each in enumerate(field.choices):
            FieldValue.objects.filter(field=field, word=each["slug"]).exclude(number=place).update(
                number=place
            )
    field.save(update_fields=["choices"])
    changes = {"choice": [found["name"], None], "then": then or "nobody held it", "items": held}
    events.record(by=by, verb="field.choice_removed", obj=field, changes=changes)
    return field


def _give(by: Member, field: CustomField, choice: str, target: dict[str, Any] | None) -> None:
    """Another choice, or nothing, for every item that holds this one; each keeps its history."""
    rows = FieldValue.objects.filter(field=field, word=choice)
    items = list(
        Item.objects.filter(field_values__in=rows, deleted_at=None).select_related("product")
    )
    before, after = field.choice(choice), target and target["name"]
    now = timezone.now()
    key = f"fields.{field.slug}"
    events.record_many(
        events.build(
            by=by,
            verb="item.updated",
            obj=item,
            changes={key: [before and before["name"], after]},
            at=now,
        )
        for item in items
    )
    Item.objects.filter(field_values__in=rows).update(version=F("version") + 1, updated_at=now)
    if target is None:
        rows.delete()
    else:
        rows.update(text=target["slug"], word=target["slug"], number=field.place_of(target["slug"]))
