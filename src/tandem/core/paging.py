"""Keyset paging: a page is found by the last row's sort values, never by counting rows."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet

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


def decode(cursor: str, length: int) -> list[Any]:
    """The sort values a cursor stands for; refuses one that was not made by ``encode``."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, UnicodeError):
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise Refused("This page's address is damaged. Start from the first page.", field="after")
    if any(isinstance(value, dict | list) for value in values):
        raise Refused("This page's address is damaged. Start from the first page.", field="after")
    return values


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after ``values`` in ``order``; nulls stand last in either direction."""
    condition = Q(pk__in=[])
    equal = Q()
    for field, value in zip(order, values, strict=True):
        name = field.lstrip("-")
        if value is None:
            equal &= Q(**{f"{name}__isnull": True})
            continue
        step = Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        condition |= equal & (step | Q(**{f"{name}__isnull": True}))
        equal &= Q(**{name: value})
    return condition


def keyset(
    rows: QuerySet[Row], order: Sequence[str], *, after: str | None, limit: int = 100
) -> Page[Row]:
    """One page of ``rows`` in ``order`` (field names, ``-`` for descending; the last is unique)."""
    names = [field.lstrip("-") for field in order]
    if after:
        try:
            rows = rows.filter(_beyond(order, decode(after, len(order))))
        except (ValueError, TypeError) as error:
            raise Refused(
                "This page's address is damaged. Start from the first page.", field="after"
            ) from error
    ordering = [
        F(name).desc(nulls_last=True) if field.startswith("-") else F(name).asc(nulls_last=True)
        for field, name in zip(order, names, strict=True)
    ]
    found = list(rows.order_by(*ordering)[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    found.pop()
    return Page(found, encode([getattr(found[-1], name.replace("__", ".")) for name in names]))
