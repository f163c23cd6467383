"""Parents and dependencies between imported items, joined once all rows are read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager

from tandem.accounts.models import Product
from tandem.backlog.models import Dependency, DependencyKind, Item
from tandem.core.importing.record import Record
from tandem.core.importing.scratch import Scratch
from tandem.integrations.imports.parts import batches
from tandem.integrations.imports.result import Result
from tandem_engine.words import said

#: ``(line, item, ref, the parent it names)``.
Parent = tuple[int, int, str, int | None]
#: ``(line, from, to, kind, ref)``.
Link = tuple[int, int, int, DependencyKind, str]

#: How a record's link becomes (kind, turned round).
_KINDS = {
    "blocks": (DependencyKind.BLOCKS, False),
    "blocked_by": (DependencyKind.BLOCKS, True),
    "relates": (DependencyKind.RELATES, False),
    "duplicates": (DependencyKind.DUPLICATES, False),
    "duplicated_by": (DependencyKind.DUPLICATES, True),
}


#: Names come as refs and aliases; edges are the product's dependencies, old and new.
_TABLES = """
CREATE TABLE names (name TEXT PRIMARY KEY, item INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE parents (line INTEGER, item INTEGER, ref TEXT);
CREATE TABLE links (line INTEGER, item INTEGER, kind TEXT, ref TEXT);
CREATE TABLE edges (source INTEGER, kind TEXT, target INTEGER, PRIMARY KEY (source, kind, target))
WITHOUT ROWID
"""
#: In the file's order, each with the item that its ref names.
_PARENTS = """SELECT line, parents.item, ref, names.item FROM parents
LEFT JOIN names ON name = ref ORDER BY parents.rowid"""
_LINKS = """SELECT line, links.item, kind, ref, names.item FROM links
LEFT JOIN names ON name = ref ORDER BY links.rowid"""
_NEXT = "SELECT target FROM edges WHERE source = ? AND kind = ?"


class Links:
    """Collects what points where; ``join`` writes it, leaving out what would close a circle."""

    def __init__(self, product: Product, source: str) -> None:
        self.product = product
        self.source = source
        self._scratch = Scratch(_TABLES)
        self._ask = self._scratch.ask
        self._last_seen = 0

    def close(self) -> None:
        self._scratch.close()

    def add(self, record: Record, item_id: int) -> None:
        for name in (record.ref, *record.aliases):
            self._name(name, item_id)
        if record.parent_ref:
            row = (record.line, item_id, record.parent_ref)
            self._ask("INSERT INTO parents VALUES (?, ?, ?)", row)
        for link in record.links:
            self._ask(
                "INSERT INTO links VALUES (?, ?, ?, ?)", (record.line, item_id, link.kind, link.ref)
            )

    def _name(self, name: str, item_id: int) -> None:
        self._ask("INSERT OR IGNORE INTO names VALUES (?, ?)", (name, item_id))

    def join(self, result: Result, part: Callable[[], AbstractContextManager[None]]) -> None:
        self._find_earlier()
        for parents in batches(self._ask(_PARENTS)):
            with part():
                self._join_parents(parents, result)
        for links in batches(self._resolved(result)):
            with part():
                self._join_dependencies(links, result)

    def _find_earlier(self) -> None:
        """Refs of this file that only an earlier import brought."""
        self._ask(
            "CREATE TABLE missing AS SELECT ref FROM parents UNION SELECT ref FROM links"
            " EXCEPT SELECT name FROM names"
        )
        missing = self._ask("SELECT ref FROM missing ORDER BY rowid")
        while refs := [ref for (ref,) in missing.fetchmany(500)]:
            rows = Item.objects.of(self.product).filter(source=self.source, source_ref__in=refs)
            for ref, item_id in rows.values_list("source_ref", "pk"):
                self._name(ref, item_id)

    def _join_parents(self, found: Sequence[Parent], result: Result) -> None:
        parents = _ancestors({pk for _, item_id, _, parent in found for pk in (item_id, parent)})
        changed: list[Item] = []
        for line, item_id, ref, parent_id in found:
            if parent_id is None:
                result.warn(
                    line,
                    said(
                        "The parent %(ref)s is not in this file; the item has no parent.", ref=ref
                    ),
                )
                continue
            if parents.get(item_id) == parent_id or item_id not in parents:
                continue
            step: int | None = parent_id
            seen = 0
            while step is not None and step != item_id and seen < 1000:
                step, seen = parents.get(step), seen + 1
            if step == item_id:
                result.warn(
                    line,
                    said(
                        "The parent %(ref)s would make the item its own parent; left out.", ref=ref
                    ),
                )
                continue
            parents[item_id] = parent_id
            changed.append(Item(pk=item_id, parent_id=parent_id))
        Item.objects.bulk_update(changed, ["parent"], batch_size=400)

    def _see_dependencies(self) -> None:
        """Those that came since the last look, from whomever."""
        rows = Dependency.objects.filter(from_item__product=self.product, pk__gt=self._last_seen)
        edges = rows.values_list("pk", "from_item_id", "to_item_id", "kind")
        for pk, source, target, kind in edges.iterator(chunk_size=500):
            self._last_seen = max(self._last_seen, pk)
            self._add(source, target, kind)

    def _add(self, source: int, target: int, kind: str) -> None:
        self._ask("INSERT OR IGNORE INTO edges VALUES (?, ?, ?)", (source, kind, target))

    def _has(self, source: int, target: int, kind: str) -> bool:
        asked = self._ask(f"{_NEXT} AND target = ?", (source, kind, target))
        return asked.fetchone() is not None

    def _join_dependencies(self, links: Iterable[Link], result: Result) -> None:
        self._see_dependencies()
        made: list[Dependency] = []
        for line, source, target, kind, ref in links:
            symmetric = kind == DependencyKind.RELATES and self._has(target, source, kind)
            if source == target or symmetric or self._has(source, target, kind):
                continue
            if kind == DependencyKind.BLOCKS and self._reaches(target, source):
                result.warn(
                    line,
                    said(
                        "The dependency with %(ref)s would close a circle of blocks; left out.",
                        ref=ref,
                    ),
                )
                continue
            self._add(source, target, kind)
            made.append(Dependency(from_item_id=source, to_item_id=target, kind=kind))
        Dependency.objects.bulk_create(made, batch_size=500)

    def _resolved(self, result: Result) -> Iterator[Link]:
        for line, item_id, name, ref, other in self._ask(_LINKS):
            if other is None:
                result.warn(
                    line,
                    said("The linked %(ref)s is not in this file; the link is left out.", ref=ref),
                )
                continue
            kind, turned = _KINDS[name]
            yield (line, other, item_id, kind, ref) if turned else (line, item_id, other, kind, ref)

    def _reaches(self, start: int, goal: int) -> bool:
        """Whether ``start`` blocks ``goal``, be it by way of others."""
        stack, seen = [start], {start}
        while stack:
            step = stack.pop()
            if step == goal:
                return True
            for (following,) in self._ask(_NEXT, (step, DependencyKind.BLOCKS)):
                if following not in seen:
                    seen.add(following)
                    stack.append(following)
        return False


def _ancestors(item_ids: set[int | None]) -> dict[int, int | None]:
    """The items, their parents, theirs, and so on: each with its parent."""
    found: dict[int, int | None] = {}
    wanted = {pk for pk in item_ids if pk is not None}
    while wanted:
        # At most a thousand of a part; further up there are ever fewer.
        found |= dict(Item.objects.filter(pk__in=wanted).values_list("pk", "parent_id"))
        wanted = {pk for pk in found.values() if pk is not None} - found.keys() - wanted
    return found
