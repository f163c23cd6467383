"""Which items a custom formula has no result for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from .formula import evaluate
from .inputs import ItemInputs, signature_of
from .model import ScoringModel
from .quantiles import EffortReference
from .simulation import tables_for

_ROWS: Final = 1024


def without_result(
    model: ScoringModel, items: Iterable[ItemInputs], reference: EffortReference | None
) -> tuple[str, ...]:
    """The keys of the items whose score counts as 0 because the formula has no result for them.

    At the inputs' likely values; ``reference`` is what an item without estimate may cost. A
    formula without warnings has a result for every item, so nothing is computed then.
    """
    if model.compiled is None or not model.compiled.warnings:
        return ()
    if reference is None and model.effort is not None:
        reference = EffortReference.prior(model.effort)
    tree = replace(model.compiled.tree, is_root=False)
    given = list(items)
    found: list[str] = []
    for start in range(0, len(given), _ROWS):
        part = given[start : start + _ROWS]
        tables = tables_for(model, [signature_of(model, item) for item in part], reference)
        results = evaluate(tree, lambda leaf: tables[leaf.slug].likely_in(leaf))  # noqa: B023
        known = np.isfinite(np.broadcast_to(results, (len(part), 1)))[:, 0]
        found += [item.key for item, has in zip(part, known.tolist(), strict=True) if not has]
    return tuple(found)
