"""Keyset paging: a page is found by the last row's sort values, never by counting rows."""

import base64
import binascii
import json
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, OrderBy, Q, QuerySet
from django.utils.translation import gettext as _

from tandem.core.errors import Refused

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, and the cursor of the next (``None`` on the last)."""

    rows: Sequence[Row]
    next_cursor: str | None


def encode(values: Sequence[Any]) -> str:
    text = json.dumps(list(values), default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _fits(value: Any) -> bool:
    """Whether a database takes the value: no endless number, none beyond 64 bits, no NUL."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < 2**63
    return value is None or (isinstance(value, str) and "\x00" not in value)


def decode(cursor: str, length: int) -> list[Any]:
    """The sort values a cursor stands for; refuses one that was not made by ``encode``."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, UnicodeError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise Refused(
            _("This page's address is damaged. Start from the first page."), field="after"
        )
    if not all(_fits(value) for value in values):
        raise Refused(
            _("This page's address is damaged. Start from the first page."), field="after"
        )
    return values


def nullable(rows: QuerySet[Any], order: Sequence[str]) -> frozenset[str]:
    """Which fields of ``order`` may be null. A field of another table counts as one that may."""
    known = {field.name: field.null for field in rows.model._meta.fields}
    names = {field.lstrip("-") for field in order}
    return frozenset(name for name in names if known.get(name, name != "pk"))


def beyond(order: Sequence[str], values: Sequence[Any], may_be_null: Collection[str] = ()) -> Q:
    """Rows after ``values`` in ``order``; nulls stand last in either direction.

    The bound of the first field also stands alone: an index is entered there and not walked from
    its start, which a condition of alternatives alone would do.
    """
    condition = Q(pk__in=[])
    equal = Q()
    for field, value in zip(order, values, strict=True):
        name = field.lstrip("-")
        if value is None:
            equal &= Q(**{f"{name}__isnull": True})
            continue
        step = Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        if name in may_be_null:
            step |= Q(**{f"{name}__isnull": True})
        condition |= equal & step
        equal &= Q(**{name: value})
    first = order[0].lstrip("-")
    if first not in may_be_null:
        condition &= Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]})
    return condition


def ordering(order: Sequence[str], may_be_null: Collection[str] = ()) -> list[OrderBy]:
    """What ``order_by`` takes. Only a field that may be null says where nulls stand: PostgreSQL
    would not read an index backwards for one that cannot."""
    return [
        OrderBy(
            F(field.lstrip("-")),
            descending=field.startswith("-"),
            nulls_last=True if field.lstrip("-") in may_be_null else None,
        )
        for field in order
    ]


def keyset(
    rows: QuerySet[Row], order: Sequence[str], *, after: str | None, limit: int = 100
) -> Page[Row]:
    """One page of ``rows`` in ``order`` (field names, ``-`` for descending; the last is unique)."""
    may_be_null = nullable(rows, order)
    if after:
        try:
            rows = rows.filter(beyond(order, decode(after, len(order)), may_be_null))
        except (ValueError, TypeError, ValidationError) as error:
            raise Refused(
                _("This page's address is damaged. Start from the first page."), field="after"
            ) from error
    return cut(list(rows.order_by(*ordering(order, may_be_null))[: limit + 1]), order, limit)


def cut(found: list[Row], order: Sequence[str], limit: int) -> Page[Row]:
    """The page whose rows these are, at most ``limit`` and one, in the order of ``keyset``."""
    if len(found) <= limit:
        return Page(found, None)
    found.pop()
    names = [field.lstrip("-") for field in order]
    return Page(found, encode([getattr(found[-1], name.replace("__", ".")) for name in names]))
