"""Dependencies between items; a circle of blocks is refused and shown."""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Dependency, DependencyKind, Item
from tandem.backlog.texts import in_english
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.models import Event


def path_of_blocks(
    product: Product, start: int, goal: int, *, without: int | None = None
) -> list[int] | None:
    """Item ids from ``start`` to ``goal`` along "blocks", or ``None``; not by way of ``without``."""
    edges: dict[int, list[int]] = defaultdict(list)
    pairs = Dependency.objects.filter(
        kind=DependencyKind.BLOCKS,
        from_item__product=product,
        from_item__deleted_at=None,
        to_item__deleted_at=None,
    ).values_list("from_item_id", "to_item_id")
    for source, target in pairs:
        if without not in (source, target):
            edges[source].append(target)
    came_from: dict[int, int | None] = {start: None}
    queue = [start]
    while queue:
        step = queue.pop(0)
        if step == goal:
            path: list[int] = []
            at: int | None = step
            while at is not None:
                path.append(at)
                at = came_from[at]
            return path[::-1]
        for following in edges[step]:
            if following not in came_from:
                came_from[following] = step
                queue.append(following)
    return None


@transaction.atomic
def dependency_add(*, by: Member, from_item: Item, to_item: Item, kind: str) -> Dependency:
    """``from_item`` blocks / relates to / duplicates ``to_item``."""
    require(by, "item.edit")
    if kind not in DependencyKind.values:
        raise Refused(
            _("%(kind)s is no kind of dependency. Kinds: %(known)s.")
            % {"kind": kind, "known": ", ".join(DependencyKind.values)},
            field="kind",
        )
    if from_item.product_id != to_item.product_id:
        raise Refused(_("Dependencies join items of one product."), field="to")
    if from_item.pk == to_item.pk:
        raise Refused(_("An item cannot depend on itself."), field="to")
    if kind == DependencyKind.BLOCKS:
        Product.objects.select_for_update().get(pk=from_item.product_id)
        path = path_of_blocks(from_item.product, to_item.pk, from_item.pk)
        if path is not None:
            items = Item.objects.in_bulk(path)
            circle = " → ".join([from_item.key, *(items[pk].key for pk in path)])
            raise Refused(
                _("That would close a circle: %(circle)s. Remove one of these dependencies first.")
                % {"circle": circle},
                field="to",
            )
    dependency, made = Dependency.objects.get_or_create(
        from_item=from_item, to_item=to_item, kind=kind
    )
    if made:
        text = f"{in_english(DependencyKind(dependency.kind).label)} {to_item.key}"
        events.record(
            by=by, verb="dependency.added", obj=from_item, changes={"dependency": [None, text]}
        )
    return dependency


@transaction.atomic
def dependency_remove(*, by: Member, dependency: Dependency) -> Event:
    require(by, "item.edit")
    item = dependency.from_item
    text = f"{in_english(DependencyKind(dependency.kind).label)} {dependency.to_item.key}"
    kept = {"kind": dependency.kind, "to_id": dependency.to_item_id}
    dependency.delete()
    return events.record(
        by=by,
        verb="dependency.removed",
        obj=item,
        changes={"dependency": [text, None], "row": kept},
    )
