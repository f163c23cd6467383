"""TOPSIS beside the model's own order: a second opinion, never a score."""

from typing import Any, Final

import numpy as np
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Product
from tandem.prioritisation.calculations import inputs_for, table_for
from tandem.prioritisation.calculations_models import ModelInForce
from tandem_engine.prioritisation import current_ratings, natural_key
from tandem_engine.prioritisation.topsis import topsis
from tandem_engine.words import figure, said

#: How many of the items that move most are listed.
LISTED: Final = 10


def _closeness(product: Product, model: ModelInForce) -> tuple[list[str], list[float]]:
    """The keys of the items that have every rating and an estimate, and how close each is to the
    best of them in everything (0 to 1)."""
    engine = model.engine
    criteria = [each for each in engine.criteria if each.weight > 0]
    keys, rows = [], []
    for item in inputs_for(product, model)[1]:
        given = current_ratings(item)
        row = []
        for each in criteria:
            if each.kind == "effort":
                value = item.estimate.likely if item.estimate else None
            else:
                said = given.get(each.slug)
                value = float(np.mean([rating.value for rating in said])) if said else None
            if value is None:
                break
            # Places, so that a log scale counts ratios: both ends are the model's, not the set's.
            row.append(float(each.scale.place(np.array(value))))
        else:
            keys.append(item.key)
            rows.append(row)
    if len(rows) < 2:
        return [], []
    found = topsis(rows, [c.weight for c in criteria], [c.direction for c in criteria])
    return keys, [float(each) for each in found]


def topsis_places(product: Product, model: ModelInForce) -> dict[int, int]:
    """TOPSIS's places by the items' numbers; items it cannot compare are left out."""
    keys, closeness = _closeness(product, model)
    order = sorted(range(len(keys)), key=lambda n: (-closeness[n], natural_key(keys[n])))
    return {int(keys[n].rpartition("-")[2]): place for place, n in enumerate(order, start=1)}


def second_opinion(product: Product, model: ModelInForce) -> dict[str, Any]:
    """TOPSIS over the items that have every rating and an estimate, and how its order differs."""
    keys, closeness = _closeness(product, model)
    if not keys:
        return {
            "tau": None,
            "note": said(
                N_("A second opinion needs two items that are rated in full and estimated.")
            ),
            "items": [],
        }
    table = table_for(product, model)
    places = {f"{product.key}-{n}": at for at, n in enumerate(table["numbers"].tolist())}
    ours = {key: n for n, key in enumerate(sorted(keys, key=places.__getitem__), start=1)}
    order = sorted(range(len(keys)), key=lambda n: (-closeness[n], natural_key(keys[n])))
    theirs = {keys[n]: rank for rank, n in enumerate(order, start=1)}
    from scipy.stats import kendalltau

    tau = float(kendalltau([ours[key] for key in keys], [theirs[key] for key in keys]).statistic)
    moved = sorted(keys, key=lambda key: (-abs(ours[key] - theirs[key]), ours[key]))
    return {
        "tau": tau,
        "note": said(
            N_(
                "Of ten pairs of these %(count)s items, TOPSIS puts about %(alike)s in the same order. "
                "It compares items with each other, so it is an opinion and no score."
            ),
            count=len(keys),
            alike=figure((tau + 1) * 5, ".0f"),
        ),
        "items": [
            {
                "key": key,
                "rank": ours[key],
                "topsis_rank": theirs[key],
                "closeness": round(closeness[keys.index(key)], 4),
            }
            for key in moved[:LISTED]
        ],
    }
