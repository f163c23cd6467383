"""Ready-made scoring models on absolute scales; copy one and change what your product needs."""

from __future__ import annotations

from tandem_engine.words import phrase, said

from .errors import ScoringError
from .model import Criterion, Lens, ScoringModel
from .presets_custom import cd3, ice, moscow, opportunity
from .scale import Anchor, Scale

#: The presets' slugs and names, in the order a page offers them.
PRESETS: dict[str, str] = {
    "value_effort": phrase("Value / effort"),
    "rice": "RICE",
    "ice": "ICE",
    "wsjf": "WSJF",
    "cd3": phrase("Cost of delay / duration"),
    "weighted": phrase("Weighted"),
    "opportunity": phrase("Opportunity score"),
    "moscow": "MoSCoW",
}


def preset(
    slug: str,
    *,
    effort_unit: str = "days",
    effort_low: float = 0.5,
    effort_high: float = 100.0,
) -> ScoringModel:
    """The preset's model, its effort measured in the team's unit.

    ``effort_low`` is the smallest effort a formula divides by; ``effort_high`` is where an item
    scores 0 for effort in the technical lens. Raises :class:`ScoringError` for an unknown slug.
    """
    makers = {
        "value_effort": _value_effort,
        "rice": _rice,
        "ice": ice,
        "wsjf": _wsjf,
        "cd3": cd3,
        "weighted": _weighted,
        "opportunity": opportunity,
        "moscow": moscow,
    }
    if slug not in makers:
        raise ScoringError(
            said("unknown preset; choose one of %(known)s", known=", ".join(makers)),
            f"preset {slug!r}",
        )
    effort = Criterion(
        slug="effort",
        name=phrase("Effort"),
        lens="technical",
        scale=Scale(effort_low, effort_high, spacing="log"),
        direction="lower",
        weight=2,
        unit=effort_unit,
        kind="effort",
        question=phrase("How much work is it? Taken from the item's estimate."),
    )
    return makers[slug](effort)


def _value_effort(effort: Criterion) -> ScoringModel:
    criteria = (
        _CUSTOMER_VALUE,
        _STRATEGIC_FIT,
        _URGENCY,
        _RISK_REDUCTION,
        _FEASIBILITY,
        effort,
    )
    return ScoringModel(PRESETS["value_effort"], criteria, "value_effort", "value_effort")


def _weighted(effort: Criterion) -> ScoringModel:
    criteria = (
        _CUSTOMER_VALUE,
        _STRATEGIC_FIT,
        _URGENCY,
        _TECHNICAL_HEALTH,
        _FEASIBILITY,
        _DELIVERY_RISK,
        effort,
    )
    return ScoringModel(PRESETS["weighted"], criteria, "weighted", "weighted")


def _rice(effort: Criterion) -> ScoringModel:
    reach = Criterion(
        slug="reach",
        name=phrase("Reach"),
        lens="value",
        scale=Scale(
            1,
            10_000,
            anchors=(
                Anchor(1, phrase("One customer would notice.")),
                Anchor(10, phrase("A handful: one team or one account.")),
                Anchor(100, phrase("A segment, or a step that few people take.")),
                Anchor(1_000, phrase("Most regular users meet it.")),
                Anchor(10_000, phrase("Everyone meets it, time and again.")),
            ),
            spacing="log",
        ),
        unit=phrase("customers per quarter"),
        question=phrase("How many customers does it touch in a quarter?"),
    )
    impact = Criterion(
        slug="impact",
        name=phrase("Impact"),
        lens="value",
        scale=Scale(
            0.25,
            3,
            anchors=(
                Anchor(0.25, phrase("Minimal: a customer would hardly mention it.")),
                Anchor(0.5, phrase("Low: pleasant to have.")),
                Anchor(1, phrase("Medium: makes a regular task clearly better.")),
                Anchor(2, phrase("High: removes a reason to complain or to leave.")),
                Anchor(3, phrase("Massive: a reason to buy or to stay.")),
            ),
            spacing="log",
        ),
        question=phrase("How much does it change for each customer it touches?"),
    )
    confidence = Criterion(
        slug="confidence",
        name=phrase("Confidence"),
        lens="technical",
        scale=Scale(
            10,
            100,
            step=10,
            anchors=(
                Anchor(10, phrase("A moonshot: nobody has shown that it can work.")),
                Anchor(50, phrase("Low: there is an idea, and large unknowns.")),
                Anchor(80, phrase("Medium: the way is known, details are open.")),
                Anchor(100, phrase("High: built before or tried out on our system.")),
            ),
        ),
        unit="%",
        question=phrase("How sure are we that it can be built and will work as described?"),
    )
    return ScoringModel(PRESETS["rice"], (reach, impact, confidence, effort), "rice", "rice")


def _wsjf(effort: Criterion) -> ScoringModel:
    criteria = (
        _relative(
            "user_business_value",
            phrase("User and business value"),
            "value",
            phrase("How much is it worth to customers and to us?"),
            (
                phrase("A convenience for few."),
                phrase("Better for some; no money moves."),
                phrase("Clear value for one segment."),
                phrase("Clear value for most customers."),
                phrase("Moves a number we steer by."),
                phrase("Wins or keeps a large share of revenue."),
                phrase("The product fails without it."),
            ),
        ),
        _relative(
            "time_criticality",
            phrase("Time criticality"),
            "value",
            phrase("How fast does the value fade while we wait?"),
            (
                phrase("Can wait a year without loss."),
                phrase("Can wait half a year."),
                phrase("Loses a little every quarter."),
                phrase("Loses noticeably every quarter."),
                phrase("Loses noticeably every month."),
                phrase("A date this quarter halves its value."),
                phrase("Worthless after a fixed date that is near."),
            ),
        ),
        _relative(
            "risk_opportunity",
            phrase("Risk reduction and opportunity enablement"),
            "technical",
            phrase("What risk does it remove, what does it make possible later?"),
            (
                phrase("Removes no risk, opens nothing."),
                phrase("Tidies a corner."),
                phrase("Makes one later item easier."),
                phrase("Removes a known weakness."),
                phrase("Removes a risk of outage or breach, or opens a feature area."),
                phrase("Removes a likely outage or breach, or unblocks the roadmap."),
                phrase("We cannot run or grow the product without it."),
            ),
        ),
        effort,
    )
    return ScoringModel(PRESETS["wsjf"], criteria, "wsjf", "wsjf")


def _five(
    slug: str,
    name: str,
    lens: Lens,
    weight: float,
    question: str,
    texts: tuple[str, str, str, str, str],
    *,
    lower_is_better: bool = False,
) -> Criterion:
    return Criterion(
        slug=slug,
        name=name,
        lens=lens,
        scale=Scale(1, 5, 1, tuple(Anchor(n, text) for n, text in enumerate(texts, start=1))),
        direction="lower" if lower_is_better else "higher",
        weight=weight,
        question=question,
    )


def _relative(slug: str, name: str, lens: Lens, question: str, texts: tuple[str, ...]) -> Criterion:
    # Fibonacci levels grow by a nearly constant factor, so equal steps are equal ratios.
    levels = (1, 2, 3, 5, 8, 13, 20)
    anchors = tuple(Anchor(level, text) for level, text in zip(levels, texts, strict=True))
    scale = Scale(1, 20, anchors=anchors, spacing="log")
    return Criterion(slug=slug, name=name, lens=lens, scale=scale, unit="points", question=question)


_CUSTOMER_VALUE = _five(
    "customer_value",
    phrase("Customer value"),
    "value",
    3,
    phrase("How much better off are the customers it is for?"),
    (
        phrase("Nobody asked; nobody would notice."),
        phrase("Pleasant for a few."),
        phrase("A regular task becomes clearly easier for some."),
        phrase("A regular task becomes clearly easier for most."),
        phrase("Solves a problem customers pay, stay or leave for."),
    ),
)
_STRATEGIC_FIT = _five(
    "strategic_fit",
    phrase("Strategic fit"),
    "value",
    2,
    phrase("How directly does it serve a current goal?"),
    (
        phrase("Serves no goal we have."),
        phrase("Fits the direction, moves no key result."),
        phrase("Supports a key result indirectly."),
        phrase("Moves a key result."),
        phrase("A goal cannot be reached without it."),
    ),
)
_URGENCY = _five(
    "urgency",
    phrase("Urgency"),
    "value",
    1,
    phrase("What is lost by doing it a quarter later?"),
    (
        phrase("Nothing is lost."),
        phrase("Some goodwill."),
        phrase("Some customers or some revenue."),
        phrase("A deal, a season or a promise."),
        phrase("A legal date or a key customer."),
    ),
)
_RISK_REDUCTION = _five(
    "risk_reduction",
    phrase("Risk reduction and enablement"),
    "technical",
    2,
    phrase("What technical risk does it remove, what does it make possible?"),
    (
        phrase("Removes no risk and opens nothing."),
        phrase("Tidies the area it touches."),
        phrase("Makes several later items cheaper."),
        phrase("Removes a known weakness in security, load or upkeep."),
        phrase("Prevents an outage or breach, or the roadmap waits for it."),
    ),
)
_TECHNICAL_HEALTH = _five(
    "technical_health",
    phrase("Technical health"),
    "technical",
    2,
    phrase("What does it do for performance, security, scale and upkeep?"),
    (
        phrase("Makes them worse."),
        phrase("Leaves them as they are."),
        phrase("Improves one of them a little."),
        phrase("Clearly improves one of them."),
        phrase("Removes a limit that everything else runs into."),
    ),
)
_FEASIBILITY = _five(
    "feasibility",
    phrase("Feasibility"),
    "technical",
    2,
    phrase("How well do we know how to build it?"),
    (
        phrase("Nobody knows whether it can be done."),
        phrase("Needs research or skills we lack."),
        phrase("Doable, with large unknowns."),
        phrase("The way is clear, details are open."),
        phrase("We have built the like before."),
    ),
)
_DELIVERY_RISK = _five(
    "delivery_risk",
    phrase("Delivery risk"),
    "technical",
    1,
    phrase("What can it break or delay while we build and ship it?"),
    (
        phrase("Touches nothing else; easy to take back."),
        phrase("Touches one part, well tested."),
        phrase("Touches several parts."),
        phrase("Touches data, money or other teams' work."),
        phrase("Hard to take back once shipped."),
    ),
    lower_is_better=True,
)
