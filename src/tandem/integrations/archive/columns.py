"""Which columns of a row an archive holds, and a value's way into JSON and back."""

import base64
import datetime
import decimal
import uuid
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BinaryField, Field, ForeignKey, JSONField, Model
from django.utils.translation import gettext as _

from tandem.accounts.models import Workspace
from tandem.core.errors import Refused
from tandem.integrations.archive.tables import BY_MODEL, Table


@cache
def fields_of(table: Table) -> tuple["Field[Any, Any]", ...]:
    """The table's columns in the archive, without its number and the workspace it lies in."""
    return tuple(
        field
        for field in table.model._meta.concrete_fields
        if not field.primary_key
        and field.attname not in table.leave_out
        and not (isinstance(field, ForeignKey) and field.related_model is Workspace)
    )


@cache
def references_of(table: Table) -> dict[str, str]:
    """Column -> the table whose number it holds."""
    found = dict(table.numbers)
    for field in fields_of(table):
        if isinstance(field, ForeignKey):
            target: type[Model] = field.related_model
            found[field.attname] = BY_MODEL[target].name
    return found


def written(value: Any) -> Any:
    """A column's value as JSON; nothing is rounded."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, decimal.Decimal | uuid.UUID | datetime.timedelta):
        return str(value)
    return value


def read(field: "Field[Any, Any]", value: Any) -> Any:
    """The column's value for what an archive says. Raises ``Refused`` with the reason."""
    if value is None:
        if not field.null:
            raise Refused(_("“%(field)s” must not be empty.") % {"field": field.attname})
        return None
    if isinstance(value, str) and "\x00" in value:
        raise Refused(
            _("“%(field)s” holds a character that no database keeps.") % {"field": field.attname}
        )
    if isinstance(field, JSONField):
        return value
    if isinstance(value, dict | list):
        raise Refused(_("“%(field)s” must be one value.") % {"field": field.attname})
    if isinstance(field, BinaryField):
        try:
            return base64.b64decode(value, validate=True)
        except (ValueError, TypeError):
            raise Refused(_("“%(field)s” is no base64.") % {"field": field.attname}) from None
    try:
        value = field.to_python(value)
        if field.choices and value not in ("", *(key for key, _ in field.flatchoices)):
            raise Refused(
                _("“%(field)s” is %(value)s, which is no choice.")
                % {"field": field.attname, "value": repr(str(value)[:40])}
            )
        if value not in field.empty_values:
            field.run_validators(value)
    except ValidationError as error:
        raise Refused(
            _("“%(field)s”: %(names)s")
            % {"field": field.attname, "names": " ".join(error.messages)}
        ) from error
    except (ValueError, TypeError, OverflowError):
        raise Refused(
            _("“%(field)s” cannot be %(value)s.")
            % {"field": field.attname, "value": repr(str(value)[:40])}
        ) from None
    return value
