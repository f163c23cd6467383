"""The product's own fields as inputs of custom formulas: numbers, choices with numbers, checks."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Product
from tandem.backlog.models import CustomField, FieldKind, FieldValue
from tandem.prioritisation.fields import Source, Values, register
from tandem_engine.prioritisation import Field
from tandem_engine.words import said


def _readable(product: Product) -> list[CustomField]:
    kinds = (FieldKind.NUMBER, FieldKind.CHOICE, FieldKind.CHECK)
    rows = CustomField.objects.of(product).in_use().filter(kind__in=kinds)
    return [
        row
        for row in rows
        if row.kind != FieldKind.CHOICE or any(each["number"] is not None for each in row.choices)
    ]


def numbers_of(product: Product) -> Iterable[Field]:
    """The fields a formula may name, by their slugs."""
    for row in _readable(product):
        bounded = row.kind == FieldKind.CHECK
        yield Field(
            row.slug,
            row.name,
            missing_note=said(N_("%(name)s is empty, which counts as 0."), name=row.name),
            low=0.0 if bounded else None,
            high=1.0 if bounded else None,
        )


def held(product: Product, item_ids: Iterable[int] | None) -> Values:
    """The numbers the items hold."""
    fields = {row.pk: row for row in _readable(product)}
    if not fields:
        return {}
    rows = FieldValue.objects.filter(field__in=list(fields))
    if item_ids is not None:
        rows = rows.filter(item_id__in=list(item_ids))
    choices = {
        pk: {each["slug"]: each["number"] for each in row.choices} for pk, row in fields.items()
    }
    found: Values = {}
    for item_id, field_id, word, number in rows.values_list(
        "item_id", "field_id", "word", "number"
    ):
        field = fields[field_id]
        value = choices[field_id].get(word) if field.kind == FieldKind.CHOICE else number
        if value is not None:
            found.setdefault(item_id, {})[field.slug] = float(value)
    return found


register(Source(numbers_of, held))
