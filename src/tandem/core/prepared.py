"""Queries whose SQL is written once: half of a page's time went into writing the same SQL anew.

``@prepared`` stands on a function that builds a query from values and gives its rows instead::

    @prepared
    def _criteria(item_id: int) -> QuerySet[Criterion]:
        return Criterion.objects.filter(item_id=item_id).select_related("met_by__user")

    rows = _criteria(item.pk)

The function is called once for each database, with stand-ins for its values; afterwards only the
values change. So the query must have one shape, and its values must reach the database as they are
given: numbers, texts, days and moments, never ``None``, none in a pattern (``contains``) and none as
a limit. What does not hold is refused at the first call, which any test makes. A list of numbers or
texts, for ``in``, is filled up to one of a few lengths by saying its last value again; PostgreSQL
is given a list of numbers as one value, so that it neither reads nor plans hundreds.
"""

import copy
import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import update_wrapper
from typing import Any, Final, Generic, ParamSpec, TypeVar, cast

from django.db import connections, router
from django.db.models import QuerySet, prefetch_related_objects

Given = ParamSpec("Given")
Row = TypeVar("Row")

_NUMBER: Final = 2_000_000_011  # every number column takes it
_TAKEN: Final = (int, str, datetime.date)
_MOMENT: Final = datetime.datetime(2222, 2, 2, tzinfo=datetime.UTC)


#: Lengths that lists are filled up to; longer ones to a multiple of the last.
_LENGTHS: Final = (1, 8, 64, 256)


@dataclass(frozen=True)
class _Written:
    """A query as a database takes it; ``places`` says which value stands at which parameter."""

    rows: Any
    compiler: Any
    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    #: Parameters that are whole lists of numbers: where, from which value to which.
    arrays: tuple[tuple[int, int, int], ...]
    #: Columns whose values change on their way from the database: where, and as what.
    changed: tuple[tuple[int, Any], ...]

    def converters(self, connection: Any) -> dict[int, tuple[list[Any], Any]]:
        """What Django asks of every column of every query."""
        of = connection.ops.get_db_converters
        return {
            at: (of(column) + column.get_db_converters(connection), column)
            for at, column in self.changed
        }


def _length(count: int) -> int:
    for each in _LENGTHS:
        if count <= each:
            return each
    return -(-count // _LENGTHS[-1]) * _LENGTHS[-1]


def _flat(given: tuple[Any, ...]) -> tuple[list[Any], tuple[int, ...]]:
    """All values in a row, lists filled up, and how many each gave (0: it is no list)."""
    values: list[Any] = []
    lengths = []
    for each in given:
        if isinstance(each, list):
            if not each:
                raise TypeError("A prepared query takes no empty list: nothing is in it.")
            values += each
            lengths.append(_length(len(each)))
            values += [each[-1]] * (lengths[-1] - len(each))
        else:
            values.append(each)
            lengths.append(0)
    for value in values:
        if isinstance(value, bool) or not isinstance(value, _TAKEN):
            raise TypeError(f"A prepared query takes no {type(value).__name__}: {value!r}.")
    return values, tuple(lengths)


def _stand_in(place: int, value: object) -> Any:
    if isinstance(value, int):
        return _NUMBER + place
    if isinstance(value, str):
        return f"value {place}"
    if isinstance(value, datetime.datetime):
        return _MOMENT + datetime.timedelta(hours=place)
    return _MOMENT.date() + datetime.timedelta(days=place)


def _adapted(value: Any, connection: Any) -> Any:
    """As it travels to the database."""
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, datetime.date):
        return connection.ops.adapt_datefield_value(value)
    return value


class _Prepared(Generic[Given, Row]):
    def __init__(self, build: Callable[Given, QuerySet[Any, Row]]) -> None:
        self.build = build
        self._written: dict[tuple[Any, ...], _Written] = {}
        update_wrapper(self, build)

    def __call__(self, *given: Given.args, **named: Given.kwargs) -> list[Row]:
        if named:
            raise TypeError("A prepared query takes its values by place.")
        flat, lengths = _flat(given)
        alias = router.db_for_read(None)  # type: ignore[arg-type]
        connection = connections[alias]
        # One alias may stand for one database after another (tests, moving a database).
        which = (alias, connection.vendor, lengths)
        known = self._written.get(which)
        if known is None:
            known = self._written[which] = self._write(flat, lengths, alias)
        values = list(known.values)
        for at, place in known.places:
            value = _adapted(flat[place], connection)
            # PostgreSQL's numbers say how wide they are.
            kind = type(values[at])
            values[at] = value if kind is type(value) else kind(value)
        for at, first, after in known.arrays:
            values[at] = f"{{{','.join(map(str, flat[first:after]))}}}"
        sql, asked = known.sql, copy.copy(known.compiler)
        asked.connection = connection
        asked.as_sql = lambda *_, **__: (sql, tuple(values))
        asked.get_converters = lambda *_: known.converters(connection)
        rows = known.rows.all()
        rows.query.get_compiler = lambda *_, **__: asked
        found: Any = list(rows._iterable_class(rows))
        if found and rows._prefetch_related_lookups:
            prefetch_related_objects(found, *rows._prefetch_related_lookups)
        return cast(list[Row], found)

    def _write(self, flat: list[Any], lengths: tuple[int, ...], alias: str) -> _Written:
        connection = connections[alias]
        stand_ins = [_stand_in(place, value) for place, value in enumerate(flat)]
        given: list[Any] = []
        lists: dict[int, int] = {}
        at = 0
        for length in lengths:
            given.append(stand_ins[at : at + length] if length else stand_ins[at])
            if length and isinstance(stand_ins[at], int):
                lists[at] = length
            at += length or 1
        rows = cast(Any, self.build)(*given)
        compiler = rows.query.get_compiler(using=alias)
        sql, values = compiler.as_sql()
        travelling = {_adapted(each, connection): n for n, each in enumerate(stand_ins)}
        places = tuple(
            (at, travelling[value])
            for at, value in enumerate(values)
            if isinstance(value, _TAKEN) and value in travelling
        )
        missing = set(travelling.values()) - {place for _, place in places}
        if missing or any(str(each) in sql for each in travelling):
            raise TypeError(f"{self.build.__qualname__}: a value does not travel as it is given.")
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        changed = ((at, column) for at, (_, column) in compiler.get_converters(columns).items())
        written = _Written(rows, compiler, sql, tuple(values), places, (), tuple(changed))
        return _with_arrays(written, lists) if connection.vendor == "postgresql" else written


def _with_arrays(written: _Written, lists: dict[int, int]) -> _Written:
    """The same query with one value for each list of numbers that stands after an ``in``.

    ``lists``: how many values each has, by the place of its first.
    """
    between = written.sql.split("%s")
    place_of = dict(written.places)
    sql, values, places, arrays = between[0], list[Any](), [], []
    at = 0
    while at < len(written.values):
        place = place_of.get(at, -1)
        length = lists.get(place, 0)
        alone = all(
            place_of.get(at + n) == place + n and between[at + n] == ", " for n in range(1, length)
        )
        if length and alone and sql.endswith("IN (") and between[at + length].startswith(")"):
            arrays.append((len(values), place, place + length))
            values.append("")
            sql = sql.removesuffix("IN (") + "= ANY(%s::bigint[]"
            at += length
        else:
            if place >= 0:
                places.append((len(values), place))
            values.append(written.values[at])
            sql += "%s"
            at += 1
        sql += between[at]
    return replace(
        written, sql=sql, values=tuple(values), places=tuple(places), arrays=tuple(arrays)
    )


def prepared(build: Callable[Given, QuerySet[Any, Row]]) -> Callable[Given, list[Row]]:
    """See the module: ``build``'s rows, its SQL written once."""
    return _Prepared(build)


def placed(row: Any, name: str, rows: list[Any]) -> None:
    """Let ``row``'s many ``name`` be these, as ``prefetch_related`` does."""
    held = getattr(row, name).all()
    held._result_cache = rows
    held._prefetch_done = True
    if not hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache = {}
    row._prefetched_objects_cache[name] = held
