"""Parents and dependencies between imported items, joined once all rows are read."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from tandem.accounts.models import Product
from tandem.backlog.models import Dependency, DependencyKind, Item
from tandem.core.importing.record import Record
from tandem.integrations.imports.parts import batches
from tandem.integrations.imports.result import Result
from tandem_engine.words import said

Link = tuple[int, int, int, DependencyKind, str]

#: How a record's link becomes (kind, turned round).
_KINDS = {
    "blocks": (DependencyKind.BLOCKS, False),
    "blocked_by": (DependencyKind.BLOCKS, True),
    "relates": (DependencyKind.RELATES, False),
    "duplicates": (DependencyKind.DUPLICATES, False),
    "duplicated_by": (DependencyKind.DUPLICATES, True),
}


class Links:
    """Collects what points where; ``join`` writes it, leaving out what would close a circle."""

    def __init__(self, product: Product, source: str) -> None:
        self.product = product
        self.source = source
        self.ids: dict[str, int] = {}
        self._parents: list[tuple[int, int, str]] = []
        self._links: list[tuple[int, int, str, str]] = []
        self._existing: set[tuple[int, int, str]] = set()
        self._blocks: dict[int, set[int]] = {}
        self._last_seen = 0

    def add(self, record: Record, item_id: int) -> None:
        for name in (record.ref, *record.aliases):
            self.ids.setdefault(name, item_id)
        if record.parent_ref:
            self._parents.append((record.line, item_id, record.parent_ref))
        for link in record.links:
            self._links.append((record.line, item_id, link.kind, link.ref))

    def join(self, result: Result, part: Callable[[], AbstractContextManager[None]]) -> None:
        self._find_earlier()
        for parents in batches(self._parents):
            with part():
                self._join_parents(parents, result)
        for links in batches(self._resolved(result)):
            with part():
                self._join_dependencies(links, result)

    def _find_earlier(self) -> None:
        """Refs of this file that only an earlier import brought."""
        wanted = {ref for *_, ref in self._parents} | {ref for *_, ref in self._links}
        missing = sorted(wanted - self.ids.keys())
        for start in range(0, len(missing), 500):
            rows = Item.objects.of(self.product).filter(
                source=self.source, source_ref__in=missing[start : start + 500]
            )
            self.ids.update(rows.values_list("source_ref", "pk"))

    def _join_parents(self, wanted: Iterable[tuple[int, int, str]], result: Result) -> None:
        found = [(line, item_id, ref, self.ids.get(ref)) for line, item_id, ref in wanted]
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
        for pk, source, target, kind in edges:
            self._last_seen = max(self._last_seen, pk)
            self._add(source, target, kind)

    def _add(self, source: int, target: int, kind: str) -> None:
        self._existing.add((source, target, kind))
        if kind == DependencyKind.BLOCKS:
            self._blocks.setdefault(source, set()).add(target)

    def _join_dependencies(self, links: Iterable[Link], result: Result) -> None:
        self._see_dependencies()
        made: list[Dependency] = []
        for line, source, target, kind, ref in links:
            symmetric = kind == DependencyKind.RELATES and (target, source, kind) in self._existing
            if source == target or symmetric or (source, target, kind) in self._existing:
                continue
            if kind == DependencyKind.BLOCKS and _reaches(self._blocks, target, source):
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
        for line, item_id, name, ref in self._links:
            other = self.ids.get(ref)
            if other is None:
                result.warn(
                    line,
                    said("The linked %(ref)s is not in this file; the link is left out.", ref=ref),
                )
                continue
            kind, turned = _KINDS[name]
            yield (line, other, item_id, kind, ref) if turned else (line, item_id, other, kind, ref)


def _ancestors(item_ids: set[int | None]) -> dict[int, int | None]:
    """The items, their parents, theirs, and so on: each with its parent."""
    found: dict[int, int | None] = {}
    wanted = {pk for pk in item_ids if pk is not None}
    while wanted:
        # At most a thousand of a part; further up there are ever fewer.
        found |= dict(Item.objects.filter(pk__in=wanted).values_list("pk", "parent_id"))
        wanted = {pk for pk in found.values() if pk is not None} - found.keys() - wanted
    return found


def _reaches(edges: dict[int, set[int]], start: int, goal: int) -> bool:
    stack, seen = [start], {start}
    while stack:
        step = stack.pop()
        if step == goal:
            return True
        for following in edges.get(step, ()):
            if following not in seen:
                seen.add(following)
                stack.append(following)
    return False
