"""Rows put in as they are, under new numbers."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Max, Model, UUIDField


def insert(model: type[Model], rows: list[Model], fields: "tuple[Field[Any, Any], ...]") -> None:
    """Insert as given: ``bulk_create`` would set the moments of creation to now."""
    most = connection.features.max_query_params or 30_000
    step = max(1, min(len(rows), most // max(1, len(fields))))
    for start in range(0, len(rows), step):
        model._base_manager._insert(  # type: ignore[attr-defined]
            rows[start : start + step], fields=fields, raw=True
        )


def free(model: type[Model], count: int) -> Iterator[Any]:
    """``count`` new numbers for rows of ``model``, in growing order."""
    key = model._meta.pk
    if isinstance(key, UUIDField):
        return iter([uuid.uuid4() for _ in range(count)])
    if not isinstance(key, AutoField):  # every auto field says it is one
        raise TypeError(f"{model._meta.label} has a key that archives do not know")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{table}"', key.column, count],
            )
            return iter(sorted(number for (number,) in cursor.fetchall()))
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
    first = max(last, row[0] if row else 0) + 1
    return iter(range(first, first + count))
