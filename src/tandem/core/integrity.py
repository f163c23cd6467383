"""Is what is kept in itself sound? Each app adds what it knows of its rows and files."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Exists, ForeignKey, Model, OuterRef, QuerySet


@dataclass(frozen=True)
class Found:
    """What a check found. ``advice``: what to do now; empty when it is sound."""

    check: str
    ok: bool
    message: str
    advice: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Check = Callable[[], Iterator[Found]]
_checks: dict[str, Check] = {}

RESTORE = "Restore the newest backup (tandem restore), and look at the disk."


def register(name: str, check: Check) -> None:
    _checks[name] = check


def examined() -> Iterator[Found]:
    """Every check's findings; a check that finds nothing wrong says so."""
    for name, check in _checks.items():
        try:
            yield from check()
        except Exception as error:
            yield Found(name, False, f"{name}: {type(error).__name__}: {error}", RESTORE)


def rows_found(check: str, rows: QuerySet[Any], wrong: str, right: str, advice: str) -> Found:
    """A finding with the count and the first few rows of ``rows``, which should be none."""
    count = rows.count()
    if not count:
        return Found(check, True, right)
    numbers = ", ".join(str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)[:5])
    return Found(
        check, False, f"{count} {wrong} (numbers {numbers}{' …' if count > 5 else ''})", advice
    )


def _database() -> Iterator[Found]:
    if connection.vendor != "sqlite":
        yield Found("database", True, "PostgreSQL keeps its own pages and foreign keys in order")
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(5)")
        told = "; ".join(text for (text,) in cursor.fetchall())
        yield Found(
            "database", told == "ok", f"SQLite's integrity: {told}", "" if told == "ok" else RESTORE
        )
        cursor.execute("PRAGMA foreign_key_check")
        broken = cursor.fetchmany(5)
    yield Found(
        "foreign keys",
        not broken,
        "every foreign key finds its row"
        if not broken
        else "foreign keys without a row: "
        + "; ".join(f"{table} row {row} -> {parent}" for table, row, parent, _ in broken),
        RESTORE if broken else "",
    )


def _orphans() -> Iterator[Found]:
    """On either database, by the models: what a restored or hand-mended database may hold."""
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and model._meta.managed:
                target: type[Model] = field.related_model
                there = target._base_manager.filter(
                    **{field.target_field.attname: OuterRef(field.attname)}
                )
                rows = model._base_manager.filter(~Exists(there)).exclude(**{field.attname: None})
                count = rows.count()
                if count:
                    wrong.append(f"{count} of {model._meta.label}.{field.name}")
    yield Found(
        "orphans",
        not wrong,
        "no row hangs in the air"
        if not wrong
        else f"rows whose row is gone: {', '.join(wrong[:5])}",
        RESTORE if wrong else "",
    )


register("database", _database)
register("orphans", _orphans)
