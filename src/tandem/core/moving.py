"""Moving an installation's rows from one database to another, and proving that they arrived."""

import datetime
import decimal
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tandem.core.errors import Refused

#: Rows read and written at a time.
BATCH = 500

#: ``tell(done, total, table)`` in rows.
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Moved:
    """One table: its rows, and the SHA-256 of their content in both databases."""

    table: str
    rows: int
    digest: str


def move(target: BaseDatabaseWrapper, tell: Tell) -> list[Moved]:
    """Copy every table into ``target``, which must hold no rows, in one transaction.

    The source is only read. Refuses a target with rows, and undoes everything when a table does
    not read back equal.
    """
    was_new = not target.introspection.table_names()
    call_command("migrate", database=target.alias, verbosity=0, interactive=False)
    tables = ordered()
    with transaction.atomic(using=target.alias):
        if was_new or _nothing_of_ours(target, tables):
            # What migrations made (Django's names of things) comes with the source's numbers.
            for model in reversed(tables):
                _rows(model, target.alias)._raw_delete(target.alias)
        _refuse_rows(target, tables)
        total = sum(_rows(model, connection.alias).count() for model in tables)
        done = 0
        for model in tables:
            tell(done, total, model._meta.db_table)
            done += _copy(model, target)
        target.check_constraints()
        _reset_sequences(target, tables)
        return [_proven_equal(model, target) for model in tables]


def ordered() -> list[type[models.Model]]:
    """Every table's model, what is referred to before what refers to it. Circles are left to the
    constraints, which are checked when the transaction ends."""
    known = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    found: list[type[models.Model]] = []
    seen: set[type[models.Model]] = set()

    def visit(model: type[models.Model]) -> None:
        if model in seen:
            return
        seen.add(model)
        for field in model._meta.local_fields:
            to = field.remote_field.model if field.remote_field else None
            if to is not None and to is not model and isinstance(to, type):
                visit(to._meta.concrete_model or to)
        found.append(model)

    for model in known:
        visit(model)
    return found


def _rows(model: type[models.Model], alias: str) -> "models.QuerySet[Any]":
    return models.QuerySet(model, using=alias).order_by("pk")


def _nothing_of_ours(target: BaseDatabaseWrapper, tables: list[type[models.Model]]) -> bool:
    ours = (model for model in tables if model.__module__.startswith("tandem."))
    return not any(_rows(model, target.alias).exists() for model in ours)


def _refuse_rows(target: BaseDatabaseWrapper, tables: list[type[models.Model]]) -> None:
    full = [model._meta.db_table for model in tables if _rows(model, target.alias).exists()]
    if full:
        raise Refused(
            f"The target is not empty: {', '.join(full[:5])} {'have' if len(full) > 1 else 'has'} "
            "rows. Name an empty database.",
            field="--to",
        )


def _copy(model: type[models.Model], target: BaseDatabaseWrapper) -> int:
    """Every column as it is: no ``auto_now``, no defaults, the same primary keys."""
    fields = model._meta.local_concrete_fields
    names = [target.ops.quote_name(field.column or field.attname) for field in fields]
    marks = ", ".join(["%s"] * len(fields))
    table = target.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    count = 0
    with target.cursor() as cursor:
        for batch in _batches(model, connection.alias):
            values = [
                [
                    field.get_db_prep_save(value, connection=target)
                    for field, value in zip(fields, row, strict=True)
                ]
                for row in batch
            ]
            try:
                cursor.executemany(statement, values)
            except (DatabaseError, ValueError) as error:
                # SQLite takes what PostgreSQL does not: a text too long, a NUL in it.
                reason = str(error).strip().splitlines()[0]
                raise Refused(f"{model._meta.db_table}: {reason}. Nothing was moved.") from error
            count += len(batch)
    return count


def _batches(model: type[models.Model], alias: str) -> Iterator[list[tuple[Any, ...]]]:
    """The table's rows by primary key, by keyset: no cursor is held open."""
    fields = [field.attname for field in model._meta.local_concrete_fields]
    place = fields.index(model._meta.pk.attname)
    rows, last = _rows(model, alias), None
    while True:
        page = rows.filter(pk__gt=last) if last is not None else rows
        batch = list(page.values_list(*fields)[:BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1][place]


def _reset_sequences(target: BaseDatabaseWrapper, tables: list[type[models.Model]]) -> None:
    from django.core.management.color import no_style

    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def _proven_equal(model: type[models.Model], target: BaseDatabaseWrapper) -> Moved:
    before, after = digest(model, connection.alias), digest(model, target.alias)
    if before != after:
        raise Refused(
            f"{before.table} does not read back equal: {before.rows} rows before, {after.rows} "
            "after. Nothing was moved."
        )
    return after


def digest(model: type[models.Model], alias: str) -> Moved:
    """The table's rows and the SHA-256 over all of them, the same on every database.

    Rows are hashed each and the hashes sorted: databases order text differently.
    """
    hashes = []
    for batch in _batches(model, alias):
        for row in batch:
            text = json.dumps([canonical(value) for value in row], ensure_ascii=False)
            hashes.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    whole = hashlib.sha256(b"".join(sorted(hashes))).hexdigest()
    return Moved(model._meta.db_table, len(hashes), whole)


#: Beyond this a JSON number is not exact: SQLite's text gives a float, PostgreSQL a long integer.
_EXACT = 2**53


def canonical(value: Any, *, in_json: bool = False) -> Any:
    """One way to write a value, however a database gives it back."""
    if isinstance(value, dict):
        # A list of pairs: PostgreSQL does not keep the order of a JSON object's keys.
        return {"object": [[key, canonical(value[key], in_json=True)] for key in sorted(value)]}
    if isinstance(value, list | tuple):
        return [canonical(each, in_json=True) for each in value]
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, datetime.datetime):
        return {"moment": value.astimezone(datetime.UTC).isoformat()}
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta | uuid.UUID):
        return {type(value).__name__: str(value)}
    if isinstance(value, decimal.Decimal):
        return {"number": str(value.normalize())}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if in_json and abs(value) >= _EXACT:
        return repr(float(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value
