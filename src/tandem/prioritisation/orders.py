"""Other orders beside the model's: each lens's own, the consensus of all three, and TOPSIS's."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from django.core.cache import cache
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.prioritisation.calculations import table_for
from tandem.prioritisation.calculations_models import ModelInForce
from tandem.prioritisation.second_opinion import topsis_places
from tandem_engine.prioritisation.kemeny import EXACT, kemeny
from tandem_engine.words import said

SECONDS: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Ordered:
    """An item's place among the compared items in each order; none where TOPSIS cannot say."""

    key: str
    title: str
    model: int
    value: int
    technical: int
    consensus: int
    topsis: int | None


@dataclass(frozen=True, slots=True)
class Orders:
    """``disagreements``: pairs that the lenses' and the model's orders have the other way round than
    the consensus. No other order has fewer."""

    rows: tuple[Ordered, ...]
    disagreements: int

    @property
    def sentence(self) -> str:
        """What the consensus is."""
        count = len(self.rows)
        return said(
            N_(
                "The consensus (Kemeny) of these %(count)s items disagrees least with the model's, the "
                "value lens's and the technical lens's orders: %(reversed)s of %(pairs)s pairs are the "
                "other way round."
            ),
            count=count,
            reversed=self.disagreements,
            pairs=3 * count * (count - 1) // 2,
        )


def orders_of(product: Product, model: ModelInForce) -> Orders | None:
    """The first items that both lenses have rated, in every order; none for fewer than two.

    So many as the consensus is exact for. Kept until something changes.
    """
    table = table_for(product, model)
    kept = f"orders:{table.key}"
    found: Orders | None = cache.get(kept)
    if found is None:
        both = np.flatnonzero(table["value_heard"] & table["technical_heard"])[:EXACT]
        if both.size < 2:
            return None
        found = _orders(product, model, both.tolist())
        cache.set(kept, found, SECONDS)
    return found


def _orders(product: Product, model: ModelInForce, rows: list[int]) -> Orders:
    table = table_for(product, model)
    lenses = {name: table[name].tolist() for name in ("value", "technical")}
    # Equal lens scores stay in the model's order.
    by = {"model": rows} | {
        name: sorted(rows, key=lambda row: -scores[row]) for name, scores in lenses.items()
    }
    consensus = kemeny([(order, 1.0) for order in by.values()])
    by["consensus"] = list(consensus.order)
    numbers = table["numbers"].tolist()
    places = {name: {row: n for n, row in enumerate(order, 1)} for name, order in by.items()}
    opinion = topsis_places(product, model)
    asked = [row for row in rows if numbers[row] in opinion]
    theirs = {
        row: n for n, row in enumerate(sorted(asked, key=lambda row: opinion[numbers[row]]), 1)
    }
    items = Item.objects.filter(product=product, number__in=[numbers[row] for row in rows])
    titles = dict(items.values_list("number", "title"))
    return Orders(
        tuple(
            Ordered(
                f"{product.key}-{numbers[row]}",
                titles.get(numbers[row], ""),
                **{name: places[name][row] for name in by},
                topsis=theirs.get(row),
            )
            for row in by["consensus"]
        ),
        round(consensus.disagreements),
    )
