"""An item that may be planned, and the parts of an item several teams work on."""

import math
from dataclasses import dataclass
from itertools import pairwise

from tandem_engine.planning.errors import ProblemError, is_amount, is_number, shown


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an item's work: its effort, who does it, and the skill it takes.

    ``team`` ``None`` lets any team do it that has the skill. All parts of an item are done in
    the sprint the item is finished in.
    """

    effort: float
    team: str | None = None
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may be planned.

    ``value`` is the score (any finite number), ``effort`` what it takes in the unit of the
    capacity (0 or more), ``done`` how much of that was done before the plan begins. ``needs``
    are the keys of its prerequisites. ``team`` names who does it; ``None`` lets any team take
    it. ``skill`` is what it takes besides; a team without it cannot do the item. ``parts`` split
    the work over teams and skills instead, and add up to what is left of the effort. ``must``
    puts it into every plan, together with what it needs; ``must_not`` keeps it out.
    ``earliest`` and ``latest`` are the sprints, counted from 1, it may be finished in. ``kind``
    ("feature", "debt") and ``goals`` are groups that rules about shares speak of.
    ``delivery_weights`` say what its value counts when finished in sprint 1, 2, ..., instead of
    the problem's. Raises :class:`ProblemError`.
    """

    key: str
    value: float
    effort: float
    needs: frozenset[str] = frozenset()
    team: str | None = None
    must: bool = False
    must_not: bool = False
    earliest: int | None = None
    latest: int | None = None
    skill: str | None = None
    parts: tuple[Part, ...] = ()
    done: float = 0.0
    kind: str = ""
    goals: frozenset[str] = frozenset()
    delivery_weights: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if not self.key:
            raise ProblemError("Every item needs a key.", "items")
        object.__setattr__(self, "needs", frozenset(self.needs))
        object.__setattr__(self, "goals", frozenset(self.goals))
        object.__setattr__(self, "parts", tuple(self.parts))
        if not is_number(self.value):
            raise self._error("value", f"its value is {shown(self.value)}; give it a number")
        if not is_amount(self.effort):
            raise self._error(
                "effort", f"its effort is {shown(self.effort)}; give it a number, 0 or more"
            )
        if not is_amount(self.done) or self.done > self.effort:
            raise self._error(
                "done",
                f"{shown(self.done)} of its effort of {shown(self.effort)} is done; "
                "give a number from 0 to the effort",
            )
        self._check_parts()
        if self.must and self.must_not:
            raise self._error("must", "it is both a must-have and ruled out; keep one of the two")
        for name, sprint in (("earliest", self.earliest), ("latest", self.latest)):
            if sprint is not None and sprint < 1:
                raise self._error(name, f"its {name} sprint is {sprint}; sprints count from 1")
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise self._error(
                "latest",
                f"it may start counting in sprint {self.earliest} but is due in sprint "
                f"{self.latest}; move one of the two",
            )
        if self.delivery_weights is not None:
            where = f"items.{self.key}.delivery_weights"
            object.__setattr__(self, "delivery_weights", checked(self.delivery_weights, where))

    @property
    def remaining(self) -> float:
        """What is left to do, and takes capacity."""
        return self.effort - self.done

    @property
    def pieces(self) -> tuple[Part, ...]:
        """The work as parts; one when it is not split."""
        return self.parts or (Part(self.remaining, self.team, self.skill),)

    def _check_parts(self) -> None:
        if not self.parts:
            return
        if self.team is not None or self.skill is not None:
            raise self._error("parts", "it has parts; give team and skill to them, not to the item")
        for part in self.parts:
            if not is_amount(part.effort):
                raise self._error(
                    "parts",
                    f"the effort of a part is {shown(part.effort)}; give it a number, 0 or more",
                )
        total = math.fsum(part.effort for part in self.parts)
        if abs(total - self.remaining) > 1e-6 * max(1.0, total):
            raise self._error(
                "parts",
                f"its parts take {shown(total)} together and the item has {shown(self.remaining)} "
                "left; make them equal",
            )

    def _error(self, part: str, what: str) -> ProblemError:
        return ProblemError(f"{self.key}: {what}.", f"items.{self.key}.{part}")


def checked(weights: tuple[float, ...], where: str) -> tuple[float, ...]:
    """Delivery weights as a tuple; raises :class:`ProblemError` unless they fall from 1 on."""
    listed = tuple(weights)
    proper = all(is_number(weight) and 0 < weight <= 1 for weight in listed)
    if not proper or not all(a >= b for a, b in pairwise(listed)):
        raise ProblemError(
            "Delivery weights go from 1 downwards, never rising and never 0 or less.", where
        )
    return listed
