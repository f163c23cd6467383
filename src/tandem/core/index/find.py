"""The index's queries, one way on each database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from tandem.core.index.expressions import Wanted, but, fts5, tsquery
from tandem.core.index.kinds import all_kinds

#: So many of the newest entries with the words are looked at for those in scope (SQLite).
LOOKED_AT = 600


@dataclass(frozen=True)
class Entry:
    """An entry that fits; ``band``: how well."""

    band: int
    number: int
    kind: str
    object_id: int
    title: str
    body: str


@dataclass(frozen=True)
class Scope:
    """Where is looked: products the member may see, and what is the workspace's own."""

    workspace_id: int
    products: tuple[int, ...]
    #: The kinds looked for.
    kinds: tuple[str, ...]
    #: Whether what belongs to no product is looked for too.
    with_workspace: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.kinds or not (self.products or self.with_workspace)

    @property
    def titled(self) -> "Scope":
        """The same for what has a title."""
        return replace(
            self, kinds=tuple(k.name for k in all_kinds() if k.is_titled and k.name in self.kinds)
        )

    def of_kinds(self, kinds: Iterable[str]) -> "Scope":
        return replace(self, kinds=tuple(kinds))

    @property
    def _narrowed(self) -> bool:
        return len(self.kinds) < len(all_kinds())

    def fts5(self) -> tuple[list[str], list[str]]:
        places = [f"p{number}" for number in self.products]
        if self.with_workspace:
            places.append(f"w{self.workspace_id}")
        kinds = self.kinds if self._narrowed else ()
        return places, [f"k{name}" for name in kinds]

    def where_sqlite(self) -> tuple[str, list[Any]]:
        """As ``where``; numbers of our own making stand in the statement."""
        places = [f"d.product_id IN ({', '.join(map(str, self.products))})"] * bool(self.products)
        if self.with_workspace:
            places.append(f"(d.product_id IS NULL AND d.workspace_id = {self.workspace_id:d})")
        text = f"({' OR '.join(places)})"
        if self._narrowed:
            return f"{text} AND d.kind IN ({', '.join(['%s'] * len(self.kinds))})", [*self.kinds]
        return text, []

    def where(self) -> tuple[str, list[Any]]:
        """The scope as a condition on the table of entries."""
        places: list[str] = []
        values: list[Any] = []
        if self.products:
            places.append("product_id = ANY(%s)")
            values.append([*self.products])
        if self.with_workspace:
            places.append("(product_id IS NULL AND workspace_id = %s)")
            values.append(self.workspace_id)
        text = f"({' OR '.join(places)})"
        if self._narrowed:
            return f"{text} AND kind = ANY(%s)", [*values, [*self.kinds]]
        return text, values


def _on_postgres() -> bool:
    return connection.vendor == "postgresql"


def _numbers(sql: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [number for (number,) in cursor.fetchall()]


def _fitting_sqlite(table: str, rest: str = "") -> str:
    """Words anywhere, then which of the newest that fit are in scope: takes the words, then what
    ``rest`` and the scope take.

    The entries' words of the scope stand in nearly every entry of a large product, and joining
    their lists takes ten times as long as finding what was typed.
    """
    return (
        f"WITH fitting AS (SELECT rowid AS id FROM {table} WHERE {table} MATCH %s{rest} "
        f"ORDER BY rowid DESC LIMIT {LOOKED_AT})"
    )


def _newest(
    table: str,
    columns: str,
    scope: Scope,
    asked: tuple[Wanted, Sequence[Wanted], Sequence[Wanted]],
    rest: tuple[str, list[Any]],
    most: int,
) -> list[int]:
    """SQLite's entries in scope, the newest first. ``asked``: with, without, and without anywhere.

    When the newest that fit are others' for the most part, the scope's own words are looked for, so
    that nobody walks through what a large workspace wrote.
    """
    wanted, without, nowhere = asked
    condition, values = scope.where_sqlite()
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_fitting_sqlite(table, rest[0])} SELECT 0, count(*) FROM fitting UNION ALL SELECT * "
            "FROM (SELECT 1, d.id FROM fitting JOIN core_searchdoc d ON d.id = fitting.id "
            f"WHERE {condition} ORDER BY d.id DESC LIMIT %s)",
            [
                but(fts5(wanted, without, columns, (), ()), nowhere, "title body"),
                *rest[1],
                *values,
                most,
            ],
        )
        rows = cursor.fetchall()
    found = [number for is_entry, number in rows if is_entry]
    if len(found) == most or (0, LOOKED_AT) not in rows:
        return found
    return _numbers(
        f"SELECT rowid FROM {table} WHERE {table} MATCH %s{rest[0]} ORDER BY rowid DESC LIMIT %s",
        [
            but(fts5(wanted, without, columns, *scope.fts5()), nowhere, "title body"),
            *rest[1],
            most,
        ],
    )


def _but(column: str, known: Sequence[int]) -> str:
    """Numbers of our own making, so they may stand in the statement."""
    return f" AND {column} NOT IN ({', '.join(map(str, known))})" if known else ""


def named(scope: Scope, rows: Sequence[tuple[str, int]]) -> list[int]:
    """The entries of these rows, as far as they are looked for."""
    wanted = [(kind, pk) for kind, pk in rows if kind in scope.kinds]
    if scope.is_empty or not wanted:
        return []
    any_of = " OR ".join(["(kind = %s AND object_id = %s)"] * len(wanted))
    values: list[Any] = [value for pair in wanted for value in pair]
    marks = ", ".join(["%s"] * len(scope.products)) or "NULL"
    return _numbers(
        f"SELECT id FROM core_searchdoc WHERE ({any_of}) AND "
        f"(product_id IN ({marks}) OR (product_id IS NULL AND workspace_id = %s)) ORDER BY id DESC",
        [*values, *scope.products, scope.workspace_id],
    )


def titles(
    scope: Scope,
    wanted: Wanted,
    earlier: Wanted | None,
    without: Sequence[Wanted],
    known: Sequence[int],
    most: int,
) -> list[int]:
    """Entries whose title fits, the newest first.

    ``earlier``: titles that fit this stand in a band before. ``without``: not in the text either.
    """
    scope = scope.titled
    if scope.is_empty or most < 1:
        return []
    before = [earlier] if earlier is not None else []
    if _on_postgres():
        where, values = scope.where()
        unwanted = " AND NOT words @@ to_tsquery('simple', %s)" * len(without)
        return _numbers(
            f"SELECT id FROM core_searchdoc WHERE {where} AND title <> '' "
            f"AND title_words @@ to_tsquery('simple', %s){unwanted}{_but('id', known)} "
            "ORDER BY id DESC LIMIT %s",
            [*values, tsquery(wanted, before), *(tsquery(each, []) for each in without), most],
        )
    # The index of titles is small, but knows no texts.
    table = "core_searchtext" if without else "core_searchtitle"
    asked = (wanted, before, without)
    return _newest(table, "title", scope, asked, (_but("rowid", known), []), most)


def texts(
    scope: Scope,
    wanted: Wanted,
    without: Sequence[Wanted],
    known: Sequence[int],
    behind: int | None,
    most: int,
) -> list[int]:
    """Entries whose title and text fit, the newest first, behind the number ``behind``."""
    if scope.is_empty:
        return []
    if _on_postgres():
        where, values = scope.where()
        further = " AND id < %s" if behind is not None else ""
        return _numbers(
            f"SELECT id FROM core_searchdoc WHERE {where} "
            f"AND words @@ to_tsquery('simple', %s){_but('id', known)}{further} "
            "ORDER BY id DESC LIMIT %s",
            [*values, tsquery(wanted, without), *([behind] if behind is not None else []), most],
        )
    rest: tuple[str, list[Any]] = (_but("rowid", known), [])
    if behind is not None:
        rest = (f"{rest[0]} AND rowid < %s", [behind])
    return _newest("core_searchtext", "title body", scope, (wanted, without, ()), rest, most)


def entries(found: Sequence[tuple[int, int]]) -> list[Entry]:
    """The entries of these ``(band, number)``, in this order."""
    if not found:
        return []
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(found))
        cursor.execute(
            f"SELECT id, kind, object_id, title, body FROM core_searchdoc WHERE id IN ({marks})",
            [number for _, number in found],
        )
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    return [Entry(band, number, *rows[number]) for band, number in found if number in rows]


def counts(
    scope: Scope,
    wanted: Wanted,
    in_titles: Wanted | None,
    without: Sequence[Wanted],
    most: int,
) -> dict[str, int]:
    """How many entries of each kind fit, counted up to ``most``, in one query or two.

    The first counts whatever comes; when that was not all, the second those kinds that came
    rarely, without the masses of the others.
    """
    if scope.is_empty:
        return {}
    read = 3 * most
    found = _kinds_of(scope, wanted, in_titles, without, read)
    if found.total() < read:
        return dict(found)
    rare = scope.of_kinds(kind for kind in scope.kinds if found[kind] < most)
    found |= _kinds_of(rare, wanted, in_titles, without, 2_000) if rare.kinds else Counter()
    return {kind: min(count, most) for kind, count in found.items()}


def _kinds_of(
    scope: Scope, wanted: Wanted, in_titles: Wanted | None, without: Sequence[Wanted], most: int
) -> Counter[str]:
    titled_too = in_titles is not None and in_titles != wanted and scope.titled.kinds
    if not titled_too and not _on_postgres() and most <= LOOKED_AT:
        found, complete = _kinds_near(scope, wanted, without)
        if complete or found.total() >= most:
            return found
    lists = [_fitting(scope, "text", wanted, without, most)]
    if in_titles is not None and titled_too:
        lists.append(_fitting(scope.titled, "title", in_titles, without, most))
    union = " UNION ".join(f"SELECT * FROM ({sql}) AS l{n}" for n, (sql, _) in enumerate(lists))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FROM core_searchdoc "
            f"WHERE id IN (SELECT * FROM ({union}) AS fitting LIMIT %s) GROUP BY kind",
            [*(value for _, given in lists for value in given), most],
        )
        return Counter(dict(cursor.fetchall()))


def _kinds_near(
    scope: Scope, wanted: Wanted, without: Sequence[Wanted]
) -> tuple[Counter[str], bool]:
    """The kinds of the newest that fit, and whether these are all (SQLite)."""
    condition, values = scope.where_sqlite()
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_fitting_sqlite('core_searchtext')} SELECT '', count(*) FROM fitting UNION ALL "
            "SELECT d.kind, count(*) FROM fitting JOIN core_searchdoc d ON d.id = fitting.id "
            f"WHERE {condition} GROUP BY d.kind",
            [fts5(wanted, without, "title body", (), ()), *values],
        )
        rows = Counter(dict(cursor.fetchall()))
    fitting = rows.pop("")
    return rows, fitting < LOOKED_AT


def _fitting(
    scope: Scope, where: str, wanted: Wanted, without: Sequence[Wanted], most: int
) -> tuple[str, list[Any]]:
    if _on_postgres():
        condition, values = scope.where()
        column = "title_words" if where == "title" else "words"
        titled = " AND title <> ''" if where == "title" else ""
        return (
            (
                f"SELECT id FROM core_searchdoc WHERE {condition}{titled} "
                f"AND {column} @@ to_tsquery('simple', %s) LIMIT %s"
            ),
            [*values, tsquery(wanted, without), most],
        )
    table = f"core_search{where}"
    columns = "title" if where == "title" else "title body"
    return (
        f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rowid DESC LIMIT %s",
        [fts5(wanted, without, columns, *scope.fts5()), most],
    )
