"""Presets written in the formula language: ICE, cost of delay / duration, opportunity, MoSCoW."""

from __future__ import annotations

from tandem_engine.words import phrase

from .model import Criterion, Lens, ScoringModel
from .scale import Anchor, Scale

#: Effort of the Musts, of all that is planned; beyond it nothing is left to give way.
MUST_CAP = 0.6
#: Effort of the Coulds, as contingency.
COULD_SHARE = 0.2
#: The classes' levels on the scale, most urgent first.
CLASSES: tuple[tuple[float, str], ...] = (
    (3, phrase("Must")),
    (2, phrase("Should")),
    (1, phrase("Could")),
    (0, phrase("Won't this time")),
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
            phrase("Impact"),
            "value",
            phrase("How much will it move the number we steer by?"),
            1,
            10,
            {
                1: phrase("Nobody will see it in a number."),
                4: phrase("Moves it a little, for some."),
                7: phrase("Moves it clearly."),
                10: phrase("Moves it more than anything else we know of."),
            },
            step=1,
        ),
        _levels(
            "confidence",
            phrase("Confidence"),
            "value",
            phrase("What speaks for that impact?"),
            1,
            10,
            {
                1: phrase("An opinion."),
                4: phrase("Customers said so, or others did the same."),
                7: phrase("Data of our own points to it."),
                10: phrase("An experiment of ours showed it."),
            },
            step=1,
        ),
        _levels(
            "ease",
            phrase("Ease"),
            "technical",
            phrase("How easily is it built and shipped?"),
            1,
            10,
            {
                1: phrase("More than a quarter of the team's work."),
                4: phrase("Some weeks."),
                7: phrase("Some days."),
                10: phrase("Within a day."),
            },
            step=1,
        ),
    )
    return ScoringModel("ICE", criteria, "custom", "ice", "impact * confidence * ease", "points")


def cd3(effort: Criterion) -> ScoringModel:
    """Cost of delay divided by duration (D. Reinertsen, 2009), in money."""
    loss = {
        10: phrase("Next to nothing."),
        100: phrase("A customer's monthly fee."),
        1_000: phrase("A small customer's yearly fee, or a person's working week."),
        10_000: phrase("A large customer, or an outage a month."),
        100_000: phrase("The product's standing."),
    }
    criteria = (
        _levels(
            "lost_value",
            phrase("Value lost by waiting"),
            "value",
            phrase("What do we and our customers lose for every week without it?"),
            10,
            100_000,
            loss,
            spacing="log",
            unit=phrase("€ per week"),
        ),
        _levels(
            "running_cost",
            phrase("Cost of leaving it"),
            "technical",
            phrase("What do outages, upkeep and risk cost every week while it is not done?"),
            10,
            100_000,
            loss,
            spacing="log",
            unit=phrase("€ per week"),
        ),
        effort,
    )
    text = "cost_of_delay = lost_value + running_cost\ncost_of_delay / effort"
    return ScoringModel(phrase("Cost of delay / duration"), criteria, "custom", "cd3", text)


def opportunity(effort: Criterion) -> ScoringModel:
    """Importance + unmet importance (A. Ulwick, *What Customers Want*, 2005), 0 to 20."""
    criteria = (
        _levels(
            "importance",
            phrase("Importance"),
            "value",
            phrase("How important is the outcome to the customers it is for?"),
            0,
            10,
            {
                0: phrase("Not at all."),
                3: phrase("Somewhat."),
                5: phrase("Moderately."),
                8: phrase("Very."),
                10: phrase("Nothing is more."),
            },
        ),
        _levels(
            "satisfaction",
            phrase("Satisfaction today"),
            "value",
            phrase("How well is the outcome reached today, by whatever they use?"),
            0,
            10,
            {
                0: phrase("Not at all."),
                3: phrase("Poorly."),
                5: phrase("Half."),
                8: phrase("Well."),
                10: phrase("Perfectly."),
            },
            lower_is_better=True,
        ),
        _levels(
            "feasibility",
            phrase("Feasibility"),
            "technical",
            phrase("How well do we know how to build it?"),
            1,
            5,
            {
                1: phrase("Nobody knows whether it can be done."),
                2: phrase("Needs research or skills we lack."),
                3: phrase("Doable, with large unknowns."),
                4: phrase("The way is clear, details are open."),
                5: phrase("We have built the like before."),
            },
            step=1,
        ),
    )
    text = "importance + max(importance - satisfaction, 0)"
    return ScoringModel(
        phrase("Opportunity score"), criteria, "custom", "opportunity", text, phrase("of 20")
    )


def moscow(effort: Criterion) -> ScoringModel:
    """Must, Should, Could, Won't (DSDM): an item is what the more demanding lens says it is."""
    criteria = (
        _levels(
            "moscow",
            phrase("MoSCoW for customers"),
            "value",
            phrase("Is the release worth having without it?"),
            0,
            3,
            {
                0: phrase("Won't this time: agreed to leave it out."),
                1: phrase("Could: wanted, and the first to give way."),
                2: phrase("Should: painful to leave out, and there is a way round."),
                3: phrase("Must: without it there is no point in the release."),
            },
            step=1,
        ),
        _levels(
            "necessity",
            phrase("MoSCoW for the product"),
            "technical",
            phrase("Does the release run, safely and within the law, without it?"),
            0,
            3,
            {
                0: phrase("Won't this time: the product does not need it."),
                1: phrase("Could: tidies up."),
                2: phrase("Should: a known weakness stays without it."),
                3: phrase("Must: not safe, not legal or not running without it."),
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
