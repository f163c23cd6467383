"""Statistics in plain words."""

from typing import Any, Final

from django.utils.translation import gettext_noop as N_

from tandem_engine.words import Figure, figure, said

#: What Kendall's tau says, from the highest; ``tau`` lies above the bar.
_ORDERS: Final = (
    (
        0.8,
        N_(
            "Both lenses put the items in nearly the same order: of ten pairs of items, about "
            "%(alike)s stand in the same order under both (Kendall's tau %(tau)s, %(count)s items "
            "rated by both)."
        ),
    ),
    (
        0.4,
        N_(
            "Both lenses put the items in a similar order: of ten pairs of items, about %(alike)s "
            "stand in the same order under both (Kendall's tau %(tau)s, %(count)s items rated by "
            "both)."
        ),
    ),
    (
        0.1,
        N_(
            "The two orders have little in common: of ten pairs of items, about %(alike)s stand in "
            "the same order under both (Kendall's tau %(tau)s, %(count)s items rated by both)."
        ),
    ),
)
_UNRELATED: Final = N_(
    "The two orders have nothing to do with each other: of ten pairs of items, about %(alike)s stand "
    "in the same order under both (Kendall's tau %(tau)s, %(count)s items rated by both)."
)
_OPPOSED: Final = N_(
    "The two orders run against each other: of ten pairs of items, about %(alike)s stand in the same "
    "order under both (Kendall's tau %(tau)s, %(count)s items rated by both)."
)


def tau_sentence(tau: float | None, items: int, note: str) -> str:
    """What Kendall's tau says: of all pairs of items, how many both lenses order alike."""
    if tau is None:
        return said(note) if note else ""
    # Without ties tau = 2 x (share of pairs ordered alike) - 1.
    alike = round((tau + 1) / 2 * 10)
    low = _UNRELATED if tau >= -0.1 else _OPPOSED
    text = next((words for bar, words in _ORDERS if tau > bar), low)
    return said(text, alike=alike, tau=Figure(f"{tau:.1f}".replace("-", "−")), count=items)


def bias_sentence(bias: float, items: int) -> str:
    """Whether one lens is generally higher; that moves all items alike and changes no order."""
    if not items:
        return ""
    if abs(bias) < 5:
        return said(N_("Neither lens rates generally higher than the other."))
    text = (
        N_(
            "The value lens rates generally higher than the technical lens, typically by %(points)s "
            "points of 100. That is a habit, not a dispute."
        )
        if bias > 0
        else N_(
            "The technical lens rates generally higher than the value lens, typically by %(points)s "
            "points of 100. That is a habit, not a dispute."
        )
    )
    return said(text, points=figure(abs(bias), ".0f"))


def difference_sentence(found: dict[str, Any], items: int) -> str:
    """Where one item stands under each lens."""
    if found["disagreement"] <= 0:
        text = N_(
            "The ranges overlap: this may be no difference at all; place %(value)s by value, "
            "%(technical)s by technical, of %(count)s."
        )
    elif found["gap"][0] > 0:
        text = N_(
            "The value lens is higher by at least %(points)s points; place %(value)s by value, "
            "%(technical)s by technical, of %(count)s."
        )
    else:
        text = N_(
            "The technical lens is higher by at least %(points)s points; place %(value)s by value, "
            "%(technical)s by technical, of %(count)s."
        )
    return said(
        text,
        points=figure(found["disagreement"], ".0f"),
        value=found["value_rank"],
        technical=found["technical_rank"],
        count=items,
    )
