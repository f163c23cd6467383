"""Presets written in the formula language: ICE, cost of delay / duration, opportunity, MoSCoW."""

from __future__ import annotations

from .model import Criterion, Lens, ScoringModel
from .scale import Anchor, Scale

#: Effort of the Musts, of all that is planned; beyond it nothing is left to give way.
MUST_CAP = 0.6
#: Effort of the Coulds, as contingency.
COULD_SHARE = 0.2
#: The classes' levels on the scale, most urgent first.
CLASSES: tuple[tuple[float, str], ...] = (
    (3, "Must"),
    (2, "Should"),
    (1, "Could"),
    (0, "Won't this time"),
)


def _levels(
    slug: str,
    name: str,
    lens: Lens,
    question: str,
    low: float,
    high: float,
    texts: dict[int, str],
    *,
    spacing: str = "linear",
    step: float | None = None,
    lower_is_better: bool = False,
    unit: str = "",
    weight: float = 1.0,
) -> Criterion:
    anchors = tuple(Anchor(value, text) for value, text in texts.items())
    return Criterion(
        slug=slug,
        name=name,
        lens=lens,
        scale=Scale(low, high, step, anchors, spacing),  # type: ignore[arg-type]
        direction="lower" if lower_is_better else "higher",
        weight=weight,
        unit=unit,
        question=question,
    )


def ice(effort: Criterion) -> ScoringModel:
    """Impact × confidence × ease, each 1 to 10 (S. Ellis); no estimate is needed."""
    criteria = (
        _levels(
            "impact",
            "Impact",
            "value",
            "How much will it move the number we steer by?",
            1,
            10,
            {
                1: "Nobody will see it in a number.",
                4: "Moves it a little, for some.",
                7: "Moves it clearly.",
                10: "Moves it more than anything else we know of.",
            },
            step=1,
        ),
        _levels(
            "confidence",
            "Confidence",
            "value",
            "What speaks for that impact?",
            1,
            10,
            {
                1: "An opinion.",
                4: "Customers said so, or others did the same.",
                7: "Data of our own points to it.",
                10: "An experiment of ours showed it.",
            },
            step=1,
        ),
        _levels(
            "ease",
            "Ease",
            "technical",
            "How easily is it built and shipped?",
            1,
            10,
            {
                1: "More than a quarter of the team's work.",
                4: "Some weeks.",
                7: "Some days.",
                10: "Within a day.",
            },
            step=1,
        ),
    )
    return ScoringModel("ICE", criteria, "custom", "ice", "impact * confidence * ease", "points")


def cd3(effort: Criterion) -> ScoringModel:
    """Cost of delay divided by duration (D. Reinertsen, 2009), in money."""
    loss = {
        10: "Next to nothing.",
        100: "A customer's monthly fee.",
        1_000: "A small customer's yearly fee, or a person's working week.",
        10_000: "A large customer, or an outage a month.",
        100_000: "The product's standing.",
    }
    criteria = (
        _levels(
            "lost_value",
            "Value lost by waiting",
            "value",
            "What do we and our customers lose for every week without it?",
            10,
            100_000,
            loss,
            spacing="log",
            unit="€ per week",
        ),
        _levels(
            "running_cost",
            "Cost of leaving it",
            "technical",
            "What do outages, upkeep and risk cost every week while it is not done?",
            10,
            100_000,
            loss,
            spacing="log",
            unit="€ per week",
        ),
        effort,
    )
    text = "cost_of_delay = lost_value + running_cost\ncost_of_delay / effort"
    return ScoringModel("Cost of delay / duration", criteria, "custom", "cd3", text)


def opportunity(effort: Criterion) -> ScoringModel:
    """Importance + unmet importance (A. Ulwick, *What Customers Want*, 2005), 0 to 20."""
    criteria = (
        _levels(
            "importance",
            "Importance",
            "value",
            "How important is the outcome to the customers it is for?",
            0,
            10,
            {
                0: "Not at all.",
                3: "Somewhat.",
                5: "Moderately.",
                8: "Very.",
                10: "Nothing is more.",
            },
        ),
        _levels(
            "satisfaction",
            "Satisfaction today",
            "value",
            "How well is the outcome reached today, by whatever they use?",
            0,
            10,
            {0: "Not at all.", 3: "Poorly.", 5: "Half.", 8: "Well.", 10: "Perfectly."},
            lower_is_better=True,
        ),
        _levels(
            "feasibility",
            "Feasibility",
            "technical",
            "How well do we know how to build it?",
            1,
            5,
            {
                1: "Nobody knows whether it can be done.",
                2: "Needs research or skills we lack.",
                3: "Doable, with large unknowns.",
                4: "The way is clear, details are open.",
                5: "We have built the like before.",
            },
            step=1,
        ),
    )
    text = "importance + max(importance - satisfaction, 0)"
    return ScoringModel("Opportunity score", criteria, "custom", "opportunity", text, "of 20")


def moscow(effort: Criterion) -> ScoringModel:
    """Must, Should, Could, Won't (DSDM): an item is what the more demanding lens says it is."""
    criteria = (
        _levels(
            "moscow",
            "MoSCoW for customers",
            "value",
            "Is the release worth having without it?",
            0,
            3,
            {
                0: "Won't this time: agreed to leave it out.",
                1: "Could: wanted, and the first to give way.",
                2: "Should: painful to leave out, and there is a way round.",
                3: "Must: without it there is no point in the release.",
            },
            step=1,
        ),
        _levels(
            "necessity",
            "MoSCoW for the product",
            "technical",
            "Does the release run, safely and within the law, without it?",
            0,
            3,
            {
                0: "Won't this time: the product does not need it.",
                1: "Could: tidies up.",
                2: "Should: a known weakness stays without it.",
                3: "Must: not safe, not legal or not running without it.",
            },
            step=1,
        ),
        effort,
    )
    text = (
        "# 300 and more is a Must, 200 a Should, 100 a Could; within a class the smaller first\n"
        "class = round(max(moscow, necessity))\n"
        "100 * class + 99 * place(effort)"
    )
    return ScoringModel("MoSCoW", criteria, "custom", "moscow", text, "points")
