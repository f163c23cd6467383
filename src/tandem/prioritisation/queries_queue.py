"""What one rates next: the items in the order of the queue, and how far one is."""

from dataclasses import dataclass

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.prioritisation.calculations import ModelInForce
from tandem.prioritisation.queries import rated_by


@dataclass(frozen=True)
class Queue:
    """Where a member stands in rating the backlog, in the backlog's own order.

    ``done`` and ``total`` count items; ``before`` and ``after`` are keys to go to.
    """

    item: Item | None
    total: int
    done: int
    before: str | None
    after: str | None

    @property
    def left(self) -> int:
        return self.total - self.done


def queue_for(
    member: Member, product: Product, model: ModelInForce, wanted: Item | None, *, everything: bool
) -> Queue:
    """The item to rate now, and its neighbours: those still to rate, or every open item."""
    rated = rated_by(member, model)
    rows = Item.objects.of(product).plannable().order_by("rank", "pk")
    ordered = list(rows.values_list("pk", "number"))
    done = sum(1 for pk, _ in ordered if pk in rated)
    place = next((n for n, (pk, _) in enumerate(ordered) if wanted and pk == wanted.pk), None)

    def open_to(pair: tuple[int, int]) -> bool:
        return everything or pair[0] not in rated

    def key(pair: tuple[int, int] | None) -> str | None:
        return f"{product.key}-{pair[1]}" if pair else None

    if wanted is None:
        first = next((n for n, pair in enumerate(ordered) if open_to(pair)), None)
        if first is None:
            return Queue(None, len(ordered), done, None, None)
        place, pk = first, ordered[first][0]
        wanted = Item.objects.of(product).select_related("status").get(pk=pk)
        wanted.product = product
    if place is None:
        return Queue(wanted, len(ordered), done, None, None)
    after = next((pair for pair in ordered[place + 1 :] if open_to(pair)), None)
    # Going back leads to what was just rated, so every neighbour counts.
    before = ordered[place - 1] if place else None
    if after is None:
        # Round to those skipped on the way.
        after = next((pair for pair in ordered[:place] if pair[0] not in rated), None)
    return Queue(wanted, len(ordered), done, key(before), key(after))
