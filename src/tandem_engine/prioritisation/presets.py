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
        name="Effort",
        lens="technical",
        scale=Scale(effort_low, effort_high, spacing="log"),
        direction="lower",
        weight=2,
        unit=effort_unit,
        kind="effort",
        question="How much work is it? Taken from the item's estimate.",
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
        name="Reach",
        lens="value",
        scale=Scale(
            1,
            10_000,
            anchors=(
                Anchor(1, "One customer would notice."),
                Anchor(10, "A handful: one team or one account."),
                Anchor(100, "A segment, or a step that few people take."),
                Anchor(1_000, "Most regular users meet it."),
                Anchor(10_000, "Everyone meets it, time and again."),
            ),
            spacing="log",
        ),
        unit="customers per quarter",
        question="How many customers does it touch in a quarter?",
    )
    impact = Criterion(
        slug="impact",
        name="Impact",
        lens="value",
        scale=Scale(
            0.25,
            3,
            anchors=(
                Anchor(0.25, "Minimal: a customer would hardly mention it."),
                Anchor(0.5, "Low: pleasant to have."),
                Anchor(1, "Medium: makes a regular task clearly better."),
                Anchor(2, "High: removes a reason to complain or to leave."),
                Anchor(3, "Massive: a reason to buy or to stay."),
            ),
            spacing="log",
        ),
        question="How much does it change for each customer it touches?",
    )
    confidence = Criterion(
        slug="confidence",
        name="Confidence",
        lens="technical",
        scale=Scale(
            10,
            100,
            step=10,
            anchors=(
                Anchor(10, "A moonshot: nobody has shown that it can work."),
                Anchor(50, "Low: there is an idea, and large unknowns."),
                Anchor(80, "Medium: the way is known, details are open."),
                Anchor(100, "High: built before or tried out on our system."),
            ),
        ),
        unit="%",
        question="How sure are we that it can be built and will work as described?",
    )
    return ScoringModel(PRESETS["rice"], (reach, impact, confidence, effort), "rice", "rice")


def _wsjf(effort: Criterion) -> ScoringModel:
    criteria = (
        _relative(
            "user_business_value",
            "User and business value",
            "value",
            "How much is it worth to customers and to us?",
            (
                "A convenience for few.",
                "Better for some; no money moves.",
                "Clear value for one segment.",
                "Clear value for most customers.",
                "Moves a number we steer by.",
                "Wins or keeps a large share of revenue.",
                "The product fails without it.",
            ),
        ),
        _relative(
            "time_criticality",
            "Time criticality",
            "value",
            "How fast does the value fade while we wait?",
            (
                "Can wait a year without loss.",
                "Can wait half a year.",
                "Loses a little every quarter.",
                "Loses noticeably every quarter.",
                "Loses noticeably every month.",
                "A date this quarter halves its value.",
                "Worthless after a fixed date that is near.",
            ),
        ),
        _relative(
            "risk_opportunity",
            "Risk reduction and opportunity enablement",
            "technical",
            "What risk does it remove, what does it make possible later?",
            (
                "Removes no risk, opens nothing.",
                "Tidies a corner.",
                "Makes one later item easier.",
                "Removes a known weakness.",
                "Removes a risk of outage or breach, or opens a feature area.",
                "Removes a likely outage or breach, or unblocks the roadmap.",
                "We cannot run or grow the product without it.",
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
    "Customer value",
    "value",
    3,
    "How much better off are the customers it is for?",
    (
        "Nobody asked; nobody would notice.",
        "Pleasant for a few.",
        "A regular task becomes clearly easier for some.",
        "A regular task becomes clearly easier for most.",
        "Solves a problem customers pay, stay or leave for.",
    ),
)
_STRATEGIC_FIT = _five(
    "strategic_fit",
    "Strategic fit",
    "value",
    2,
    "How directly does it serve a current goal?",
    (
        "Serves no goal we have.",
        "Fits the direction, moves no key result.",
        "Supports a key result indirectly.",
        "Moves a key result.",
        "A goal cannot be reached without it.",
    ),
)
_URGENCY = _five(
    "urgency",
    "Urgency",
    "value",
    1,
    "What is lost by doing it a quarter later?",
    (
        "Nothing is lost.",
        "Some goodwill.",
        "Some customers or some revenue.",
        "A deal, a season or a promise.",
        "A legal date or a key customer.",
    ),
)
_RISK_REDUCTION = _five(
    "risk_reduction",
    "Risk reduction and enablement",
    "technical",
    2,
    "What technical risk does it remove, what does it make possible?",
    (
        "Removes no risk and opens nothing.",
        "Tidies the area it touches.",
        "Makes several later items cheaper.",
        "Removes a known weakness in security, load or upkeep.",
        "Prevents an outage or breach, or the roadmap waits for it.",
    ),
)
_TECHNICAL_HEALTH = _five(
    "technical_health",
    "Technical health",
    "technical",
    2,
    "What does it do for performance, security, scale and upkeep?",
    (
        "Makes them worse.",
        "Leaves them as they are.",
        "Improves one of them a little.",
        "Clearly improves one of them.",
        "Removes a limit that everything else runs into.",
    ),
)
_FEASIBILITY = _five(
    "feasibility",
    "Feasibility",
    "technical",
    2,
    "How well do we know how to build it?",
    (
        "Nobody knows whether it can be done.",
        "Needs research or skills we lack.",
        "Doable, with large unknowns.",
        "The way is clear, details are open.",
        "We have built the like before.",
    ),
)
_DELIVERY_RISK = _five(
    "delivery_risk",
    "Delivery risk",
    "technical",
    1,
    "What can it break or delay while we build and ship it?",
    (
        "Touches nothing else; easy to take back.",
        "Touches one part, well tested.",
        "Touches several parts.",
        "Touches data, money or other teams' work.",
        "Hard to take back once shipped.",
    ),
    lower_is_better=True,
)
