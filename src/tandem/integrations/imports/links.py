"""Parents and dependencies between imported items, joined once all rows are read."""

from collections.abc import Iterator

from django.db.models import Q

from tandem.accounts.models import Product
from tandem.backlog.models import Dependency, DependencyKind, Item
from tandem.core.importing.record import Record
from tandem.integrations.imports.result import Result

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

    def add(self, record: Record, item_id: int) -> None:
        for name in (record.ref, *record.aliases):
            self.ids.setdefault(name, item_id)
        if record.parent_ref:
            self._parents.append((record.line, item_id, record.parent_ref))
        for link in record.links:
            self._links.append((record.line, item_id, link.kind, link.ref))

    def join(self, result: Result) -> None:
        self._find_earlier()
        self._join_parents(result)
        self._join_dependencies(result)

    def _find_earlier(self) -> None:
        """Refs of this file that only an earlier import brought."""
        wanted = {ref for *_, ref in self._parents} | {ref for *_, ref in self._links}
        missing = sorted(wanted - self.ids.keys())
        for start in range(0, len(missing), 500):
            rows = Item.objects.of(self.product).filter(
                source=self.source, source_ref__in=missing[start : start + 500]
            )
            self.ids.update(rows.values_list("source_ref", "pk"))

    def _join_parents(self, result: Result) -> None:
        parents = dict(
            Item.objects.of(self.product).exclude(parent=None).values_list("pk", "parent_id")
        )
        changed: list[Item] = []
        for line, item_id, ref in self._parents:
            parent_id = self.ids.get(ref)
            if parent_id is None:
                result.warn(line, f"The parent {ref} is not in this file; the item has no parent.")
                continue
            if parents.get(item_id) == parent_id:
                continue
            step: int | None = parent_id
            seen = 0
            while step is not None and step != item_id and seen < 1000:
                step, seen = parents.get(step), seen + 1
            if step == item_id:
                result.warn(line, f"The parent {ref} would make the item its own parent; left out.")
                continue
            parents[item_id] = parent_id
            changed.append(Item(pk=item_id, parent_id=parent_id))
        Item.objects.bulk_update(changed, ["parent"], batch_size=400)

    def _join_dependencies(self, result: Result) -> None:
        existing = set(
            Dependency.objects.filter(from_item__product=self.product).values_list(
                "from_item_id", "to_item_id", "kind"
            )
        )
        blocks: dict[int, set[int]] = {}
        for source, target, kind in existing:
            if kind == DependencyKind.BLOCKS:
                blocks.setdefault(source, set()).add(target)
        made: list[Dependency] = []
        for line, source, target, kind, ref in self._resolved(result):
            symmetric = kind == DependencyKind.RELATES and (target, source, kind) in existing
            if source == target or symmetric or (source, target, kind) in existing:
                continue
            if kind == DependencyKind.BLOCKS:
                if _reaches(blocks, target, source):
                    result.warn(
                        line, f"The dependency with {ref} would close a circle of blocks; left out."
                    )
                    continue
                blocks.setdefault(source, set()).add(target)
            existing.add((source, target, kind))
            made.append(Dependency(from_item_id=source, to_item_id=target, kind=kind))
        Dependency.objects.bulk_create(made, batch_size=500)

    def _resolved(self, result: Result) -> Iterator[tuple[int, int, int, DependencyKind, str]]:
        for line, item_id, name, ref in self._links:
            other = self.ids.get(ref)
            if other is None:
                result.warn(line, f"The linked {ref} is not in this file; the link is left out.")
                continue
            kind, turned = _KINDS[name]
            yield (line, other, item_id, kind, ref) if turned else (line, item_id, other, kind, ref)


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


def unlinked(item_ids: list[int]) -> Q:
    """Dependencies that touch any of these items."""
    return Q(from_item_id__in=item_ids) | Q(to_item_id__in=item_ids)
