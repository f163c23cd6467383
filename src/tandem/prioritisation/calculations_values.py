"""What other apps read of a ranking: every item's value to a plan, and the scores of some."""

from collections.abc import Iterable
from dataclasses import dataclass

from tandem.accounts.models import Product
from tandem.prioritisation.calculations import table_for
from tandem.prioritisation.calculations_models import ModelInForce, model_in_force
from tandem.prioritisation.score_table import ScoreRow


@dataclass(frozen=True, slots=True)
class PlanningValue:
    """What a plan maximises for one item.

    ``score`` with ``low`` and ``high`` (P10, P90) is the model's; ``benefit`` is the score before
    it is divided by effort, which is what adds up over a plan; ``guess_share`` (0-1) is the part
    of the uncertainty due to guesses, ``guessed`` whether a rating is missing.
    """

    score: float
    low: float
    high: float
    guess_share: float
    guessed: bool
    benefit: float


def planning_values(
    product: Product, model: ModelInForce | int | str | None = None
) -> dict[int, PlanningValue]:
    """The value of every plannable item, by item id; ``model``: a number, a name or the default."""
    chosen = model if isinstance(model, ModelInForce) else model_in_force(product, model)
    table = table_for(product, chosen)
    effort = chosen.engine.effort
    per_effort = chosen.engine.per_effort
    floor = effort.scale.low if effort else 0.0
    ratings = sum(1 << place for place, each in enumerate(chosen.criteria) if each.kind == "rating")
    names = ("ids", "score", "score_low", "score_high", "guess_share", "guess_bits", "effort")
    return {
        pk: PlanningValue(
            score,
            low,
            high,
            share,
            bool(bits & ratings),
            score * max(cost, floor) if per_effort else score,
        )
        for pk, score, low, high, share, bits, cost in zip(
            *(table[name].tolist() for name in names), strict=True
        )
    }


def scores_for(
    product: Product, item_ids: Iterable[int], model: ModelInForce | None = None
) -> dict[int, ScoreRow]:
    """The scores of these items under the model plans use (or ``model``); others are left out."""
    chosen = model or model_in_force(product)
    return table_for(product, chosen).rows_of(item_ids)
