"""The product's own fields as columns of lists, facts of cards and cells of table files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from tandem.accounts.models import Member, Product
from tandem.backlog import custom
from tandem.backlog.columns import Column, register_source
from tandem.backlog.models import CustomField, FieldKind
from tandem.ui.filters import day, figure

PREFIX = "field-"


def drawn(field: CustomField, text: str, people: Mapping[int, str]) -> Any:
    """A held value as a list shows it."""
    words = custom.words_of(field, text, people)
    if field.kind == FieldKind.CHOICE:
        found = field.choice(text)
        color = found["color"] if found else "grey"
        return Markup('<span class="choice choice-{}">{}</span>').format(color, words)
    if field.kind == FieldKind.NUMBER:
        return figure(float(text))
    if field.kind == FieldKind.DATE:
        return Markup('<span class="nowrap">{}</span>').format(day(custom.day_of(text)))
    if field.kind == FieldKind.CHECK:
        return Markup('<span class="choice choice-check">{}</span>').format(_("Yes"))
    if field.kind == FieldKind.LINK:
        short = text.split("://", 1)[-1].removeprefix("www.").rstrip("/")
        return Markup(
            '<a class="own-link" href="{}" rel="noreferrer noopener nofollow">{}</a>'
        ).format(text, short[:40] + ("…" if len(short) > 40 else ""))
    return words if len(words) <= 60 else f"{words[:59]}…"


def _values(field: CustomField) -> Callable[[Member, Product, Sequence[int]], Mapping[int, Any]]:
    def values(member: Member, product: Product, ids: Sequence[int]) -> Mapping[int, Any]:
        held = custom.values_of(ids, [field])
        people = custom.people_in([field], held)
        return {pk: drawn(field, texts[field.pk], people) for pk, texts in held.items()}

    return values


def _cells(
    field: CustomField,
) -> Callable[[Member, Product, Sequence[int]], Mapping[int, Sequence[Any]]]:
    def cells(member: Member, product: Product, ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
        held = custom.values_of(ids, [field])
        people = custom.people_in([field], held)
        found: dict[int, Sequence[Any]] = {}
        for pk, texts in held.items():
            text = texts[field.pk]
            if field.kind == FieldKind.NUMBER:
                found[pk] = [float(text)]
            elif field.kind == FieldKind.DATE:
                found[pk] = [custom.day_of(text)]
            else:
                found[pk] = [custom.words_of(field, text, people)]
        return found

    return cells


def column_of(field: CustomField) -> Column:
    return Column(
        f"{PREFIX}{field.slug}",
        field.name,
        68,
        hint=field.hint,
        numeric=field.kind == FieldKind.NUMBER,
        sort=field.slug,
        values=_values(field),
        sheet_titles=(field.name,),
        cells=_cells(field),
        own=field.slug,
        kind=field.kind,
    )


def own_columns(product: Product) -> Iterable[Column]:
    return [column_of(field) for field in custom.fields_of(product)]


def card_facts(fields: Iterable[CustomField]) -> list[Column]:
    """The fields that the board's cards show."""
    return [column_of(field) for field in fields if field.on_card]


register_source(own_columns)
