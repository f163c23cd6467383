"""Statistics in plain words."""

from typing import Any


def tau_sentence(tau: float | None, items: int, note: str) -> str:
    """What Kendall's tau says: of all pairs of items, how many both lenses order alike."""
    if tau is None:
        return note
    # Without ties tau = 2 x (share of pairs ordered alike) - 1.
    alike = round((tau + 1) / 2 * 10)
    if tau > 0.8:
        word = "Both lenses put the items in nearly the same order"
    elif tau > 0.4:
        word = "Both lenses put the items in a similar order"
    elif tau > 0.1:
        word = "The two orders have little in common"
    elif tau >= -0.1:
        word = "The two orders have nothing to do with each other"
    else:
        word = "The two orders run against each other"
    return (
        f"{word}: of ten pairs of items, about {alike} stand in the same order under both "
        f"(Kendall's tau {tau:.1f}, {items} items rated by both)."
    ).replace("-", "−")


def bias_sentence(bias: float, items: int) -> str:
    """Whether one lens is generally higher; that moves all items alike and changes no order."""
    if not items:
        return ""
    if abs(bias) < 5:
        return "Neither lens rates generally higher than the other."
    higher, lower = ("value", "technical") if bias > 0 else ("technical", "value")
    return (
        f"The {higher} lens rates generally higher than the {lower} lens, "
        f"typically by {abs(bias):.0f} points of 100. That is a habit, not a dispute."
    )


def difference_sentence(found: dict[str, Any], items: int) -> str:
    """Where one item stands under each lens."""
    value, technical = found["value_rank"], found["technical_rank"]
    if found["disagreement"] > 0:
        higher = "value" if found["gap"][0] > 0 else "technical"
        sure = f"The {higher} lens is higher by at least {found['disagreement']:.0f} points"
    else:
        sure = "The ranges overlap: this may be no difference at all"
    return f"{sure}; place {value} by value, {technical} by technical, of {items}."
