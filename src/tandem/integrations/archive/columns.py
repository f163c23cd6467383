"""Which columns of a row an archive holds, and a value's way into JSON and back."""

import base64
import datetime
import decimal
import uuid
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BinaryField, Field, ForeignKey, JSONField, Model

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
            raise Refused(f"“{field.attname}” must not be empty.")
        return None
    if isinstance(value, str) and "\x00" in value:
        raise Refused(f"“{field.attname}” holds a character that no database keeps.")
    if isinstance(field, JSONField):
        return value
    if isinstance(value, dict | list):
        raise Refused(f"“{field.attname}” must be one value.")
    if isinstance(field, BinaryField):
        try:
            return base64.b64decode(value, validate=True)
        except (ValueError, TypeError):
            raise Refused(f"“{field.attname}” is no base64.") from None
    try:
        value = field.to_python(value)
        if field.choices and value not in ("", *(key for key, _ in field.flatchoices)):
            raise Refused(f"“{field.attname}” is {str(value)[:40]!r}, which is no choice.")
        if value not in field.empty_values:
            field.run_validators(value)
    except ValidationError as error:
        raise Refused(f"“{field.attname}”: {' '.join(error.messages)}") from error
    except (ValueError, TypeError, OverflowError):
        raise Refused(f"“{field.attname}” cannot be {str(value)[:40]!r}.") from None
    return value
