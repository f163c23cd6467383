"""MoSCoW's effort caps for a product, read off its ranking."""

import numpy as np

from tandem.accounts.models import Product
from tandem.prioritisation.calculations import table_for
from tandem.prioritisation.calculations_models import ModelInForce
from tandem.prioritisation.score_table import ScoreTable
from tandem_engine.prioritisation import preset
from tandem_engine.prioritisation.caps import EffortCaps, effort_caps


def caps_of(
    product: Product, model: ModelInForce, table: ScoreTable | None = None
) -> EffortCaps | None:
    """How much of the planned effort each class takes; nothing for a model without the classes.

    ``table``: the ranking it is read off, when there is one at hand.

    The preset's score is 100 for each level of the class; a formula that was changed may say
    something else, and then there are no classes to read off.
    """
    engine = model.engine
    if engine.preset != "moscow" or engine.formula_text != preset("moscow").formula_text:
        return None
    table = table or table_for(product, model)
    levels = np.clip(np.floor(table["score"] / 100), 0, 3)
    floor = engine.effort.scale.low if engine.effort else 1.0
    columns = [np.maximum(table[name], floor) for name in ("effort_low", "effort", "effort_high")]
    unit = engine.effort.unit if engine.effort else ""
    return effort_caps(levels.tolist(), np.stack(columns, axis=1), unit)
