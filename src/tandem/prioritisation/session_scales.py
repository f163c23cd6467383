"""The cards that teams estimate with: each a label and the effort it stands for."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.core.errors import Refused
from tandem.prioritisation.checks import number_of

#: How an effort is called where criteria are told by their slugs.
EFFORT: Final = "effort"
#: ``[label, effort in the product's unit]``, the smallest first.
Cards = list[list[Any]]

SCALES: Final[dict[str, tuple[str, Cards]]] = {
    "fibonacci": (
        "Fibonacci",
        [["½", 0.5], *([f"{n}", float(n)] for n in (1, 2, 3, 5, 8, 13, 21, 34))],
    ),
    "powers": (N_("Powers of two"), [[f"{n}", float(n)] for n in (1, 2, 4, 8, 16, 32, 64)]),
    "shirts": (
        N_("T-shirt sizes"),
        [["XS", 1.0], ["S", 2.0], ["M", 3.0], ["L", 5.0], ["XL", 8.0], ["XXL", 13.0]],
    ),
    "days": (N_("Days"), [["½", 0.5], *([f"{n}", float(n)] for n in (1, 2, 3, 5, 10, 15, 20))]),
}
MOST_CARDS: Final = 20
LONGEST_LABEL: Final = 8
BIGGEST: Final = 1_000_000.0


def cards_of(scale: str, own: str = "") -> Cards:
    """The cards of a named scale, or those written as ``XS=1, S=2``, which win."""
    if own.strip():
        return _written(own)
    if scale not in SCALES:
        raise Refused(
            _("There is no scale %(scale)s. Scales: %(known)s.")
            % {"scale": scale, "known": ", ".join(SCALES)},
            field="scale",
        )
    return [list(card) for card in SCALES[scale][1]]


def _written(text: str) -> Cards:
    cards: Cards = []
    for part in text.replace(";", ",").split(","):
        if not part.strip():
            continue
        label, _sign, effort = part.partition("=")
        label = " ".join(label.split())
        number = number_of((effort or label).strip(), "cards")
        if number is None or not 0 <= number <= BIGGEST:
            raise Refused(
                _("%(part)s: write a card as L=5, an effort from 0 up.") % {"part": part.strip()},
                field="cards",
            )
        if not label or len(label) > LONGEST_LABEL:
            raise Refused(
                _("A card's label has 1 to %(most)s characters.") % {"most": LONGEST_LABEL},
                field="cards",
            )
        cards.append([label, number])
    if not 2 <= len(cards) <= MOST_CARDS:
        raise Refused(_("A scale has 2 to %(most)s cards.") % {"most": MOST_CARDS}, field="cards")
    efforts = [effort for _label, effort in cards]
    if efforts != sorted(set(efforts)) or len({label for label, _effort in cards}) < len(cards):
        raise Refused(_("Write each card once, the smallest effort first."), field="cards")
    return cards


def card_value(cards: Cards, said: Any) -> float:
    """The effort of the card named by its label or its effort; refuses another one."""
    word = str(said if said is not None else "").strip()
    for label, effort in cards:
        if word.casefold() == label.casefold():
            return float(effort)
    try:
        number = number_of(word, "value")
    except Refused:
        number = None
    if number is None or number not in [effort for _label, effort in cards]:
        raise Refused(
            _("Cards: %(known)s.") % {"known": ", ".join(label for label, _effort in cards)},
            field="value",
        )
    return number


def label_of(cards: Cards, value: float) -> str:
    """The card with this effort, else the number."""
    return next((label for label, effort in cards if effort == value), f"{value:g}")
