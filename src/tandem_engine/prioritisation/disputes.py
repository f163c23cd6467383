"""Disputes, how they may end, and what is found out about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tandem_engine.words import counted, figure, join, named, said


class Chosen(Protocol):
    """A plan as far as this question goes.

    ``weights`` says what an item's value counts in the plan: 1 in it, less when delivered late and
    delivery dates count; items that are not in it are left out. ``objective`` is the plan's value
    under these weights, ``-inf`` where there is no plan. No plan asked for has an objective above
    ``bound``.
    """

    @property
    def weights(self) -> Mapping[str, float]: ...

    @property
    def objective(self) -> float: ...

    @property
    def bound(self) -> float: ...


class Planner(Protocol):
    """Whatever makes plans: the solver, or an enumeration in a test."""

    @property
    def dates_count(self) -> bool:
        """Whether a value counts less when it is delivered later."""
        ...

    def plan(self, values: Mapping[str, float]) -> Chosen:
        """The best plan when these items are worth this, and all others what they are worth now."""
        ...

    def other_side(self, key: str, value: float, *, inside: bool, enough: float) -> Chosen:
        """The best plan with ``key`` in it (``inside``) or left out, when it is worth ``value``.

        The search may end as soon as its bound is not above ``enough``.
        """
        ...

    def bound(self, key: str, value: float, *, inside: bool) -> float:
        """At least the best objective of any plan with ``key`` in it (``inside``) or left out, when
        it is worth ``value``: ``inf`` when nothing is known, ``-inf`` when there is no such plan."""
        ...


@dataclass(frozen=True, slots=True)
class Resolution:
    """One way a dispute may end: who is followed, and what the item is then worth to the plan."""

    label: str
    value: float
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """An item, what it is worth in the plan now, and the ways its dispute may end.

    Probabilities are given for all resolutions, adding up to 1, or for none: then all are equally
    likely.
    """

    key: str
    value: float
    resolutions: tuple[Resolution, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """What one resolution does to the plan.

    ``gain`` is what the plan made for it is worth more than the present plan would be then.
    ``enters`` and ``leaves`` are the items that change sides.
    """

    label: str
    value: float
    probability: float
    gain: float
    enters: tuple[str, ...]
    leaves: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether another set of items is then the better plan."""
        return bool(self.enters or self.leaves)

    @property
    def sentence(self) -> str:
        """What happens if the dispute ends like this."""
        if not self.changes:
            return said("%(label)s: the plan stays as it is.", label=self.label)
        moves: list[str] = []
        if self.enters:
            moves.append(
                counted(
                    "%(names)s comes in",
                    "%(names)s come in",
                    count=len(self.enters),
                    names=named(self.enters, 3),
                )
            )
        if self.leaves:
            moves.append(
                counted(
                    "%(names)s leaves",
                    "%(names)s leave",
                    count=len(self.leaves),
                    names=named(self.leaves, 3),
                )
            )
        return said(
            "%(label)s: %(moves)s; keeping the plan would cost %(cost)s.",
            label=self.label,
            moves=named(moves),
            cost=_say(self.gain),
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a dispute matters.

    ``evpi`` is the expected value of perfect information: the mean gain over the endings, in the
    plan's unit. ``threshold`` is the value at which the item changes sides, where known.
    ``bounded`` says that no plan had to be made to know that it does not matter; ``proven`` is
    false when the time ended before a plan was proven best.
    """

    key: str
    inside: bool
    endings: tuple[Ending, ...]
    evpi: float
    threshold: float | None
    bounded: bool
    proven: bool

    @property
    def is_decisive(self) -> bool:
        """Whether some ending changes which items are in the plan."""
        return any(ending.changes for ending in self.endings)


@dataclass(frozen=True)
class Agenda:
    """What to talk about, and what not.

    ``decisive`` stand by falling expected value of perfect information, ``noise`` by key.
    ``plans`` counts the plans made; ``unasked`` are disputes no time was left for.
    """

    decisive: tuple[Verdict, ...]
    noise: tuple[Verdict, ...]
    plans: int
    unasked: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The finding."""
        count = len(self.decisive) + len(self.noise)
        if not count and not self.unasked:
            return said("Nothing is disputed.")
        if not self.decisive:
            found = said(
                "None of %(count)s disputed items would change the plan, whoever is followed.",
                count=count,
            )
        else:
            found = counted(
                "%(count)s of %(all)s disputed items changes the plan when resolved; the others need "
                "no meeting.",
                "%(count)s of %(all)s disputed items change the plan when resolved; the others need no "
                "meeting.",
                count=len(self.decisive),
                all=count,
            )
        if not self.unasked:
            return found
        more = said("%(count)s more were not looked at: the time ended.", count=len(self.unasked))
        return join(found, " ", more)


def _say(number: float) -> str:
    return figure(number, ",.0f" if abs(number) >= 100 else ",.2g")
