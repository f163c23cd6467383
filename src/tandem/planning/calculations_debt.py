"""What debt costs: interest in the features' unit, and the day paying it back has paid off."""

import datetime
from dataclasses import dataclass

from tandem.accounts.models import Product
from tandem.backlog.models import Item, Kind
from tandem.planning.models import DebtPrice, InterestUnit
from tandem.prioritisation.calculations_values import planning_values
from tandem_engine.planning.payback import payback
from tandem_engine.words import figure, said


@dataclass(frozen=True)
class Exchange:
    """What a point of effort earns: what the open items bring, for their estimates, taken together.

    What they bring is what plans add up, benefit or score.
    """

    score_per_effort: float
    items: int

    def score(self, price: DebtPrice) -> float:
        """The interest of a week in score."""
        if price.unit == InterestUnit.SCORE:
            return price.interest
        return price.interest * self.score_per_effort

    def effort(self, price: DebtPrice) -> float:
        """The interest of a week in effort."""
        if price.unit == InterestUnit.EFFORT:
            return price.interest
        return price.interest / self.score_per_effort if self.score_per_effort > 0 else 0.0

    @property
    def sentence(self) -> str:
        if not self.items:
            return said("No estimated item has a score, so effort and score cannot be compared.")
        return said(
            "One point of effort earns %(score)s of score: what the %(items)s estimated open items "
            "that are no debt bring for their effort.",
            score=figure(self.score_per_effort, ".3g"),
            items=self.items,
        )


def exchange_of(product: Product, model_id: int | None = None, maximise: str = "score") -> Exchange:
    values = planning_values(product, model_id)
    rows = (
        Item.objects.of(product)
        .plannable()
        .exclude(kind=Kind.DEBT)
        .filter(estimate_likely__gt=0)
        .values_list("pk", "estimate_likely")
    )
    pairs = [
        (values[pk].benefit if maximise == "benefit" else values[pk].score, float(effort or 0))
        for pk, effort in rows
        if pk in values
    ]
    effort = sum(each for _, each in pairs)
    return Exchange(sum(score for score, _ in pairs) / effort if effort else 0.0, len(pairs))


@dataclass(frozen=True)
class BreakEven:
    """When paying a debt back today has paid off. ``day`` ``None``: never, or nobody can say."""

    weeks: float | None
    day: datetime.date | None
    sentence: str


def break_even(
    price: DebtPrice | None,
    principal: float | None,
    exchange: Exchange | None,
    today: datetime.date,
) -> BreakEven:
    """Principal / interest weeks from today, both in effort; a price needs the exchange."""
    if price is None or exchange is None:
        return BreakEven(None, None, said("What it costs each week is not known."))
    if principal is None:
        return BreakEven(None, None, said("Without an estimate there is no principal to pay off."))
    weekly = exchange.effort(price)
    if weekly <= 0:
        return BreakEven(
            None, None, said("It costs nothing a week: paying it back never pays off.")
        )
    found = payback(principal, weekly, today)
    if found.date is None:
        return BreakEven(found.weeks, None, said("It takes more than ten years to pay off."))
    return BreakEven(
        found.weeks,
        found.date,
        said(
            "Paid back today it has paid off after %(weeks)s weeks: %(principal)s of effort at "
            "%(weekly)s a week.",
            weeks=figure(found.weeks or 0, ".3g"),
            principal=figure(principal),
            weekly=figure(weekly, ".3g"),
        ),
    )
