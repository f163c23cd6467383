"""Columns of a source that are called like one of the product's own fields become its values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tandem.accounts.models import Product
from tandem.backlog import custom
from tandem.backlog.custom import Held
from tandem.backlog.models import CustomField, FieldValue, Item
from tandem.core import bulk
from tandem.core.importing.record import Record
from tandem_engine.words import said


@dataclass
class OwnValues:
    """The product's own fields, and what records say of them."""

    fields: list[CustomField] = field(default_factory=list)

    @classmethod
    def of(cls, product: Product) -> "OwnValues":
        found = custom.fields_of(product)
        for each in found:
            each.product = product
        return cls(found)

    def named(self, name: str) -> CustomField | None:
        return custom.named(self.fields, name) if self.fields else None

    def read(self, record: Record) -> tuple[dict[int, Held], dict[str, Any], list[str]]:
        """The values by field; what has no place or cannot be read, by name; why it cannot."""
        values: dict[int, Held] = {}
        left: dict[str, Any] = {}
        problems: list[str] = []
        for name, given in record.extra.items():
            field = self.named(name)
            if field is None:
                left[name] = given
                continue
            text = ", ".join(map(str, given)) if isinstance(given, list | tuple) else given
            try:
                held = custom.read(field, text)
            except custom.NotHeld as refusal:
                left[name] = given
                problems.append(
                    said("%(why)s It is kept as the source wrote it.", why=refusal.sentence)
                )
                continue
            if held is not None:
                values[field.pk] = held
        return values, left, problems

    def attach(self, pairs: Iterable[tuple[Record, Item]]) -> list[tuple[int, str]]:
        """Write the values of new items; gives what could not be read, with its line."""
        rows, problems = [], []
        for record, item in pairs if self.fields else ():
            values, _, wrong = self.read(record)
            rows += [_row(item, pk, held) for pk, held in values.items()]
            problems += [(record.line, each) for each in wrong]
        bulk.insert(rows)
        return problems

    def update(self, record: Record, item: Item) -> dict[str, Any]:
        """Put what the source says now onto a known item; gives ``{field: before}``."""
        if not self.fields:
            return {}
        values, _, _ = self.read(record)
        have = custom.held_of(item.pk)
        by_pk = {each.pk: each for each in self.fields}
        before: dict[str, Any] = {}
        fresh: list[FieldValue] = []
        for pk, held in values.items():
            if have.get(pk) != held.plain:
                before[f"fields.{by_pk[pk].slug}"] = custom.words_of(by_pk[pk], have.get(pk))
                fresh.append(_row(item, pk, held))
        FieldValue.objects.filter(item=item, field__in=[row.field_id for row in fresh]).delete()
        bulk.insert(fresh)
        return before


def _row(item: Item, field_id: int, held: Held) -> FieldValue:
    return FieldValue(
        item_id=item.pk,
        field_id=field_id,
        text=held.text,
        word=held.word,
        number=held.number,
        member_id=held.member_id,
    )
