"""The product's own fields in the filter."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.backlog import custom
from tandem.backlog.language.builtin import people_offered, person_named
from tandem.backlog.language.fields import (
    COMPARING,
    Asking,
    Field,
    Offer,
    Sorting,
    any_value,
    compared,
    day_offers,
    day_q,
    number_of,
    refuse_choice,
    register_source,
)
from tandem.backlog.language.parsing import Term, Value
from tandem.backlog.models import CustomField, FieldKind, FieldValue

#: Up to so many items are listed from the index of their values.
FEW = 1000
Making = Callable[[Asking, Term, Field], tuple[Q, str]]


def _items(field: CustomField, q: Q) -> Q:
    """The items whose value fits.

    A few are listed from the value's index. Many are asked for item by item while the list is
    walked in its own order: listing a third of 100,000 takes longer than finding the first hundred.
    """
    fits = FieldValue.objects.filter(q, field_id=field.pk)
    if fits[: FEW + 1].count() <= FEW:
        return Q(pk__in=fits.values("item_id"))
    return Q(Exists(fits.filter(item=OuterRef("pk"))))


def _plain(term: Term) -> str:
    return ", ".join(value.text for value in term.values)


def _number(field: CustomField) -> Making:
    def make(asking: Asking, term: Term, own: Field) -> tuple[Q, str]:
        q = any_value(term, lambda value: compared("number", term.operator, value, number_of))
        return _items(field, q), _plain(term)

    return make


def _date(field: CustomField) -> Making:
    def make(asking: Asking, term: Term, own: Field) -> tuple[Q, str]:
        def one(value: Value) -> Q:
            return day_q(asking, "number", term.operator, value, lambda day: day.toordinal())

        return _items(field, any_value(term, one)), _plain(term)

    return make


def _choice(field: CustomField) -> Making:
    def make(asking: Asking, term: Term, own: Field) -> tuple[Q, str]:
        slugs, words = [], []
        for value in term.values:
            found = custom.choice_named(field, value.text)
            if found is None:
                refuse_choice(value, field.name, [each["name"] for each in field.offered])
            slugs.append(found["slug"])
            words.append(found["name"])
        return _items(field, Q(word__in=slugs)), ", ".join(words)

    return make


def _person(field: CustomField) -> Making:
    def make(asking: Asking, term: Term, own: Field) -> tuple[Q, str]:
        people = [person_named(asking, value) for value in term.values]
        q = _items(field, Q(member__in=[each.pk for each in people if each is not None]))
        if None in people:
            q |= ~_present(field)
        return q, ", ".join(each.name if each else _("Nobody") for each in people)

    return make


def _check(field: CustomField) -> Making:
    def make(asking: Asking, term: Term, own: Field) -> tuple[Q, str]:
        q = Q(pk__in=[])
        for value in term.values:
            word = value.text.casefold()
            if word not in custom.YES | custom.NO:
                refuse_choice(value, field.name, ["yes", "no"])
            q |= _present(field) if word in custom.YES else ~_present(field)
        return q, _plain(term)

    return make


def _text(field: CustomField) -> Making:
    def make(asking: Asking, term: Term, own: Field) -> tuple[Q, str]:
        q = Q(pk__in=[])
        for value in term.values:
            q |= Q(text__holds=value.text)
        return _items(field, q), _plain(term)

    return make


def _present(field: CustomField) -> Q:
    return _items(field, Q())


_WAYS: dict[str, tuple[Callable[[CustomField], Making], tuple[str, ...], str, str]] = {
    FieldKind.TEXT: (_text, (":",), "text", "word"),
    FieldKind.LINK: (_text, (":",), "text", "word"),
    FieldKind.NUMBER: (_number, COMPARING, "number", "number"),
    FieldKind.CHOICE: (_choice, (":",), "choice", "number"),
    FieldKind.DATE: (_date, COMPARING, "date", "number"),
    FieldKind.PERSON: (_person, (":",), "person", "member__user__name"),
    FieldKind.CHECK: (_check, (":",), "check", "number"),
}
_EXAMPLES = {
    FieldKind.NUMBER: "5, >3, 3..8",
    FieldKind.DATE: "2027-03-12, -7d, 2027-03",
    FieldKind.TEXT: N_("words in it"),
    FieldKind.LINK: N_("a part of the address"),
}


def _offers(field: CustomField) -> Any:
    if field.kind == FieldKind.CHOICE:
        return lambda asking: [Offer(each["name"], each["name"]) for each in field.offered]
    if field.kind == FieldKind.PERSON:
        return people_offered
    if field.kind == FieldKind.CHECK:
        return lambda asking: [Offer("yes", _("Yes")), Offer("no", _("No"))]
    if field.kind == FieldKind.DATE:
        return day_offers
    return None


def _written(name: str) -> Iterable[str]:
    """A name as it can be typed before a colon, in any script; with ``_`` for what parts it."""
    word = re.sub(r"[^\w-]+", "_", name.casefold()).strip("_-")
    return [word] if word[:1].isalpha() else []


def own_fields(asking: Asking) -> Iterable[Field]:
    """The product's own fields; renamed ones keep their slug and answer to the new name, too."""
    for field in asking.own:
        make, operators, kind, column = _WAYS[field.kind]
        words = custom.slug_of(field.name)
        yield Field(
            field.slug,
            field.name,
            make(field),
            kind=kind,
            hint=field.hint or ("" if field.slug == words else field.name),
            aliases=tuple(
                {
                    words,
                    words.replace("_", "-"),
                    field.slug.replace("_", "-"),
                    *_written(field.name),
                }
            ),
            operators=operators,
            offers=_offers(field),
            present=lambda asking, field=field: _present(field),  # type: ignore[misc]
            example=_(example) if (example := _EXAMPLES.get(FieldKind(field.kind))) else "",
            order=46,
            sorting=Sorting(field.name, column, field.pk, folded=field.kind == FieldKind.PERSON),
        )


register_source(own_fields)
