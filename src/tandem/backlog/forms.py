"""What the item's forms send, read into the values the operations take."""

import dataclasses
import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.backlog import custom
from tandem.backlog.models import FieldValue, Item, Status
from tandem.backlog.models.item import led_to, number_of
from tandem.backlog.queries_item import matches
from tandem.core.errors import Refused
from tandem.ui.numbers import typed


@dataclass(frozen=True)
class Trouble:
    """A refusal as its form shows it: beside the field, with everything that was typed kept.

    ``subject`` names the row (a criterion, a question) whose form it was. ``options`` are items
    to choose from when what was typed fits several. ``conflict``: somebody saved in between.
    """

    section: str
    message: str
    field: str | None = None
    typed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    subject: int | None = None
    options: tuple[Item, ...] = ()
    conflict: bool = False
    status: int = 422
    #: What the refusal said beside its sentence: what is missing, whose consent is needed.
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def at(self, name: str, subject: int | None = None) -> str | None:
        """The message when it is about this field (of this row)."""
        if self.subject != subject:
            return None
        return self.message if self.field == name else None

    @classmethod
    def of(
        cls,
        refusal: Refused,
        section: str,
        typed: Mapping[str, str],
        *,
        subject: int | None = None,
        default_field: str | None = None,
    ) -> "Trouble":
        return cls(
            section=section,
            message=refusal.message,
            field=refusal.field or default_field,
            typed=typed,
            subject=subject,
            options=tuple(refusal.details.get("options", ())),
            conflict=refusal.status == 409,
            status=refusal.status,
            details=refusal.details,
        )


def whole_number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def item_named(member: Member, item: Item, text: str, *, field: str) -> Item:
    """The item that was meant by a key, a number, or a part of a title.

    Refuses when nothing fits, and when several do: then the refusal carries them as ``options``.
    """
    text = text.strip()
    if not text:
        raise Refused(_("Write a key or a part of a title."), field=field)
    # A choice from the completion reads "FERRY-12 Book a seat".
    first = text.split(maxsplit=1)[0]
    number = number_of(item.product, first)
    if number is not None and (leads := led_to(item.product, number)) != number:
        first = f"{item.product.key}-{leads}"
    found = (
        matches(member, item.product, first)
        if first.upper().startswith(f"{item.product.key}-")
        else []
    )
    exact = [each for each in found if each.key == first.upper()]
    if exact:
        return exact[0]
    found = matches(member, item.product, text, without=item.pk)
    if not found:
        raise Refused(
            _("No item here is called “%(text)s”. Write a key like %(key)s or a part of a title.")
            % {"text": text[:80], "key": item.key},
            field=field,
        )
    same = [each for each in found if each.title.casefold() == text.casefold()]
    if text.isdigit() and found[0].number == int(text):
        same = [found[0]]
    if len(found) == 1 or len(same) == 1:
        return (same or found)[0]
    raise Refused(_("Several items fit. Choose one."), field=field, options=found)


def _status(member: Member, item: Item, text: str) -> Status:
    found = Status.objects.filter(product_id=item.product_id, pk=whole_number(text) or 0).first()
    if found is None:
        raise Refused(_("This status is gone. Choose another one."), field="status")
    return found


def _assignee(member: Member, item: Item, text: str) -> Member | None:
    if not text:
        return None
    people = Member.objects.visible_to(member).active().select_related("user")
    found = people.filter(pk=whole_number(text) or 0).first()
    if found is None:
        raise Refused(_("That person is not in this workspace any more."), field="assignee")
    return found


def _parent(member: Member, item: Item, text: str) -> Item | None:
    return item_named(member, item, text, field="parent") if text.strip() else None


def _due_date(member: Member, item: Item, text: str) -> datetime.date | None:
    if not text.strip():
        return None
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            _("“%(text)s” is no day. Write it as year-month-day, like 2027-03-12.")
            % {"text": text[:40]},
            field="due_date",
        ) from None


def _labels(member: Member, item: Item, text: str) -> list[str]:
    return [name for name in (each.strip() for each in text.split(",")) if name]


def _as_typed(member: Member, item: Item, text: str) -> str:
    return text.replace("\r\n", "\n")


#: Before the slug of one of the product's own fields in the name of an input.
OWN = "field-"

READERS: dict[str, Callable[[Member, Item, str], Any]] = {
    "title": _as_typed,
    "kind": _as_typed,
    "description": _as_typed,
    "story_role": _as_typed,
    "story_want": _as_typed,
    "story_benefit": _as_typed,
    "estimate_low": _as_typed,
    "estimate_likely": _as_typed,
    "estimate_high": _as_typed,
    "status": _status,
    "assignee": _assignee,
    "parent": _parent,
    "due_date": _due_date,
    "labels": _labels,
}


def own_slug(name: str) -> str:
    """The slug of the product's own field that an input's name stands for, or nothing."""
    return name.removeprefix(OWN) if name.startswith(OWN) else ""


def values_sent(member: Member, item: Item, sent: Mapping[str, str]) -> dict[str, Any]:
    """The item's fields that the form sent, as ``item_update`` takes them."""
    found = {name: read(member, item, sent[name]) for name, read in READERS.items() if name in sent}
    own = {slug: text for name, text in sent.items() if (slug := own_slug(name))}
    return {**found, "values": own} if own else found


def shown_value(item: Item, name: str) -> str:
    """A field's value as its input shows it."""
    if name in ("status", "assignee", "parent"):
        return str(getattr(item, f"{name}_id") or "")
    if own_slug(name):
        row = _own_row(item, name)
        return custom.typed_of(row.field, custom.held(row)) if row else ""
    if name == "labels":
        return ", ".join(sorted(label.name for label in item.labels.all()))
    value = getattr(item, name)
    if value is None:
        return ""
    return typed(value) if isinstance(value, float) else str(value)


def held_value(item: Item, name: str) -> str:
    """What one of the product's own fields holds."""
    row = _own_row(item, name)
    return custom.held(row) if row else ""


def _own_row(item: Item, name: str) -> FieldValue | None:
    slug = own_slug(name)
    return next((row for row in item.field_values.all() if row.field.slug == slug), None)


def mark_of(item: Item, names: Iterable[str]) -> str:
    """A short mark of what the named fields hold.

    A form carries the mark of what it was filled with. The item's version grows with every
    change; the mark tells whether *these* fields are still what the person saw, so that somebody
    moving the item meanwhile does not stand in the way of its description.
    """
    text = "\x1f".join(f"{name}={shown_value(item, name)}" for name in sorted(names))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
