"""What an item holds in the product's own fields: changed by the item's operations."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tandem.backlog import custom
from tandem.backlog.models import CustomField, FieldKind, FieldValue, Item
from tandem.core.errors import Refused


def values_change(item: Item, sent: Mapping[str, Any], changes: dict[str, Any]) -> None:
    """Put ``{field's slug or name: value}`` on the item; what differs is told in ``changes``.

    Called by the item's own operations, inside their transaction.
    """
    fields = list(CustomField.objects.filter(product_id=item.product_id, archived_at=None))
    before = custom.held_of(item.pk) if item.pk else {}
    for name, value in sent.items():
        field = custom.named(fields, name)
        if field is None:
            known = ", ".join(each.slug for each in fields) or pgettext("fields", "none yet")
            raise Refused(
                _("There is no field “%(name)s”. Fields: %(known)s.")
                % {"name": name[:40], "known": known},
                field=f"fields.{name[:40]}",
            )
        field.product = item.product
        held = custom.read(field, value)
        old = before.get(field.pk)
        new = held.plain if held else None
        if new == old:
            continue
        if held is not None and field.kind == FieldKind.CHOICE:
            chosen = field.choice(held.text)
            if chosen is not None and chosen.get("gone"):
                raise Refused(
                    _("%(field)s: “%(name)s” is offered no longer.")
                    % {"field": field.name, "name": chosen["name"]},
                    field=f"fields.{field.slug}",
                )
        if held is None:
            FieldValue.objects.filter(item=item, field=field).delete()
        else:
            FieldValue.objects.update_or_create(
                item=item,
                field=field,
                defaults={
                    "text": held.text,
                    "word": held.word,
                    "number": held.number,
                    "member_id": held.member_id,
                },
            )
        told = [custom.words_of(field, text) or None for text in (old, new)]
        changes[f"fields.{field.slug}"] = told
        if field.kind == FieldKind.PERSON:
            changes.setdefault("field_members", {})[field.slug] = [
                int(text) if text else None for text in (old, new)
            ]
