"""Values of a product's own fields: read from what people and programs send, and shown again."""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.backlog.models import CustomField, FieldKind, FieldValue
from tandem.core.errors import Refused
from tandem.core.prepared import prepared
from tandem.ui.filters import spoken
from tandem.ui.numbers import read_number, typed
from tandem_engine.words import said

LONGEST_TEXT = 2000
LONGEST_LINK = 1000
YES = {"yes", "true", "1", "x", "on", "y", "✓"}
NO = {"no", "false", "0", "off", "n", ""}
_LINK = re.compile(r"https?://[^\s<>\"]+\.?[^\s<>\"]*", re.IGNORECASE)


@dataclass(frozen=True)
class Held:
    """A value as its row holds it; a person by number alone, the rest as text."""

    text: str
    word: str | None = None
    number: float | None = None
    member_id: int | None = None

    @property
    def plain(self) -> str:
        return _held(self.text, self.member_id)


def fields_of(product: Product) -> list[CustomField]:
    """The product's fields in their order, without archived ones."""
    return _in_use(product.pk)


@prepared
def _in_use(product_id: int) -> QuerySet[CustomField]:
    return CustomField.objects.filter(product_id=product_id).in_use()


def named(fields: Sequence[CustomField], name: str) -> CustomField | None:
    """By slug, else by name in any case."""
    folded = name.strip().casefold()
    for each in fields:
        if each.slug == folded:
            return each
    return next((each for each in fields if each.name.casefold() == folded), None)


def read(field: CustomField, value: Any) -> Held | None:
    """A sent value as it is held, or ``None`` for none. Refuses what the field cannot hold."""
    if value is None or value == "" or value == []:
        return None
    return _READERS[field.kind](field, value)


class NotHeld(Refused):
    """A value that the field cannot hold; ``sentence`` says why, for who keeps it."""

    def __init__(self, field: CustomField, why: str) -> None:
        self.sentence = said("%(name)s: %(message)s", name=field.name, message=why)
        super().__init__(spoken(self.sentence), field=f"fields.{field.slug}")


def _text(field: CustomField, value: Any) -> Held | None:
    text = str(value).replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise NotHeld(
            field,
            said(
                "at most %(most)s characters; this has %(count)s.",
                most=LONGEST_TEXT,
                count=len(text),
            ),
        )
    return Held(text, word=text.casefold()[:60]) if text else None


def _number(field: CustomField, value: Any) -> Held | None:
    text = str(value).strip()
    try:
        number = read_number(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1e15:
        raise NotHeld(field, said("“%(text)s” is no number.", text=text[:40]))
    return Held(f"{number:.15g}", number=number)


def choice_named(field: CustomField, text: str) -> dict[str, Any] | None:
    """A choice by its name now, or by the slug it was made with."""
    folded = text.strip().casefold()
    found = [each for each in field.choices if each["name"].casefold() == folded]
    found += [each for each in field.choices if each["slug"] in (folded, slug_of(folded))]
    kept = [each for each in found if not each.get("gone")]
    return next(iter(kept or found), None)


def _choice(field: CustomField, value: Any) -> Held | None:
    found = choice_named(field, str(value))
    if found is None:
        names = ", ".join(each["name"] for each in field.offered)
        raise NotHeld(
            field,
            said(
                "“%(text)s” is none of %(known)s.",
                text=str(value)[:60],
                known=names or said("its choices"),
            ),
        )
    return Held(found["slug"], word=found["slug"], number=field.place_of(found["slug"]))


def _date(field: CustomField, value: Any) -> Held | None:
    if isinstance(value, datetime.datetime):
        value = value.date()
    try:
        day = value if isinstance(value, datetime.date) else _day_typed(str(value))
    except ValueError:
        raise NotHeld(
            field, said("“%(text)s” is no day. Write it like 2027-03-12.", text=str(value)[:40])
        ) from None
    return Held(day.isoformat(), number=day.toordinal())


def _day_typed(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text.strip())


def _person(field: CustomField, value: Any) -> Held | None:
    """A member, a member's number, or a name or mail address (of a table)."""
    person = value if isinstance(value, Member) else _member(field, str(value).strip())
    if person is None or person.workspace_id != field.product.workspace_id:
        raise NotHeld(field, said("“%(text)s” is nobody in this workspace.", text=str(value)[:60]))
    return Held("", member_id=person.pk)


def _member(field: CustomField, text: str) -> Member | None:
    people = Member.objects.filter(workspace_id=field.product.workspace_id).select_related("user")
    if text.isascii() and text.isdigit() and len(text) < 19:
        return people.filter(pk=int(text)).first()
    fits = list(people.filter(user__email__iexact=text)) or list(
        people.filter(user__name__iexact=text)
    )
    if len(fits) > 1:
        raise NotHeld(
            field,
            said("several people are called “%(text)s”. Write a mail address.", text=text[:60]),
        )
    return fits[0] if fits else None


def _check(field: CustomField, value: Any) -> Held | None:
    text = str(value).strip().casefold()
    if text in NO:
        return None
    if text not in YES:
        raise NotHeld(field, said("“%(text)s” is neither yes nor no.", text=text[:40]))
    return Held("yes", number=1)


def _link(field: CustomField, value: Any) -> Held | None:
    text = str(value).replace("\x00", "").strip()
    if len(text) > LONGEST_LINK or not _LINK.fullmatch(text):
        raise NotHeld(field, said("a link begins with https:// or http:// and has no spaces."))
    return Held(text, word=text.casefold()[:60])


_READERS: dict[str, Callable[[CustomField, Any], Held | None]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.DATE: _date,
    FieldKind.PERSON: _person,
    FieldKind.CHECK: _check,
    FieldKind.LINK: _link,
}

# Showing


def words_of(field: CustomField, text: str | None, people: Mapping[int, str] | None = None) -> str:
    """A held value as people read it; ``people``: members' names by number."""
    if not text:
        return ""
    if field.kind == FieldKind.CHOICE:
        found = field.choice(text)
        return str(found["name"]) if found else text
    if field.kind == FieldKind.PERSON:
        if people is None:
            row = Member.objects.filter(pk=int(text)).select_related("user").first()
            return row.name if row else ""
        return people.get(int(text), "")
    return text


def shown_of(field: CustomField, text: str | None, people: Mapping[int, str] | None = None) -> str:
    """``words_of`` in the reader's language; what events and files keep is ``words_of``."""
    if text and field.kind == FieldKind.CHECK:
        return _("Yes")
    return (
        typed_of(field, text) if field.kind == FieldKind.NUMBER else words_of(field, text, people)
    )


def typed_of(field: CustomField, text: str | None) -> str:
    """A held value as its input shows it."""
    return typed(text) if text and field.kind == FieldKind.NUMBER else text or ""


def plain_of(field: CustomField, text: str | None) -> Any:
    """A held value as the API gives it: a choice by its name, a person by number."""
    if text is None:
        return False if field.kind == FieldKind.CHECK else None
    if field.kind == FieldKind.NUMBER:
        return float(text)
    if field.kind == FieldKind.PERSON:
        return int(text)
    if field.kind == FieldKind.CHECK:
        return True
    return words_of(field, text)


def day_of(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def choices_of(field: CustomField, people: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    """What a form offers for the field; nothing where it is written."""
    if field.kind == FieldKind.CHOICE:
        return [("", "–"), *((each["slug"], each["name"]) for each in field.offered)]
    if field.kind == FieldKind.PERSON:
        return [("", _("Nobody")), *((str(pk), name) for pk, name in people)]
    if field.kind == FieldKind.CHECK:
        return [("", _("No")), ("yes", _("Yes"))]
    return []


def slug_of(name: str) -> str:
    """A name as a word that filters, formulas and programs can write."""
    import unicodedata

    folded = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore")
    slug = re.sub(r"[^a-z0-9]+", "_", folded.decode().lower()).strip("_")
    return slug[:32].strip("_")


def held_of(item_id: int) -> dict[int, str]:
    """What an item holds: field's number -> text."""
    rows = FieldValue.objects.filter(item_id=item_id)
    return {
        pk: _held(text, member)
        for pk, text, member in rows.values_list("field_id", "text", "member")
    }


def held(row: FieldValue) -> str:
    return _held(row.text, row.member_id)


def _held(text: str, member_id: int | None) -> str:
    return text if member_id is None else str(member_id)


def values_of(ids: Iterable[int], fields: Sequence[CustomField]) -> dict[int, dict[int, str]]:
    """What many items hold: item -> field's number -> text."""
    found: dict[int, dict[int, str]] = {}
    rows = FieldValue.objects.filter(item_id__in=list(ids), field__in=[f.pk for f in fields])
    listed = rows.values_list("item_id", "field_id", "text", "member_id")
    for item_id, field_id, text, member_id in listed:
        found.setdefault(item_id, {})[field_id] = _held(text, member_id)
    return found


def people_in(
    fields: Sequence[CustomField], values: Mapping[int, Mapping[int, str]]
) -> dict[int, str]:
    """The names of the members that person fields among ``values`` hold."""
    persons = {field.pk for field in fields if field.kind == FieldKind.PERSON}
    ids = {int(t) for held in values.values() for pk, t in held.items() if pk in persons}
    if not ids:
        return {}
    return dict(Member.objects.filter(pk__in=ids).values_list("pk", "user__name"))
