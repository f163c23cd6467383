"""Which side's value counts. Both sides are compared with what they last agreed on, so nothing goes in circles."""

from dataclasses import dataclass

from tandem.integrations.models import Rule, Way


@dataclass(frozen=True)
class Settled:
    """``theirs``: take their value here. ``tell``: ours is to be told there. ``ask``: a person decides first."""

    theirs: bool = False
    tell: bool = False
    ask: bool = False


def settled(*, agreed: str | None, ours: str, theirs: str, way: str, rule: str) -> Settled:
    """What to do about one field. ``agreed`` is ``None`` for an item that is connected only now: theirs counts."""
    if way == Way.OFF or ours == theirs:
        return Settled()
    if way == Way.IN or agreed is None:
        return Settled(theirs=True)
    if way == Way.OUT or theirs == agreed:
        return Settled(tell=True)
    if ours == agreed or rule == Rule.THEIRS:
        return Settled(theirs=True)
    return Settled(tell=True) if rule == Rule.OURS else Settled(ask=True)
