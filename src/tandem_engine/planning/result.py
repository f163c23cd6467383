"""What planning answers: frozen values that explain themselves."""

from dataclasses import dataclass, field
from typing import Literal

from tandem_engine.planning.in_force import InForce
from tandem_engine.planning.quantity import say, worth
from tandem_engine.words import said

Status = Literal["optimal", "feasible", "infeasible"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is: a code for programs, a sentence for people, the numbers in it.

    ``about`` are the keys of other items the sentence speaks of. ``estimated`` marks a number
    that comes from the linear relaxation's prices instead of a re-solve.
    """

    code: str
    text: str
    numbers: tuple[tuple[str, float], ...] = ()
    about: tuple[str, ...] = ()
    estimated: bool = False

    def number(self, name: str) -> float:
        """The number called ``name``. Raises ``KeyError`` when the reason has none."""
        return dict(self.numbers)[name]


@dataclass(frozen=True, slots=True)
class Take:
    """What an item takes of one team: effort, and the skill it needs ("" for none)."""

    team: str
    skill: str
    effort: float


@dataclass(frozen=True, slots=True)
class Placement:
    """An item in the plan: who takes it, and what it brings and takes.

    Several teams are joined as ``"Web + App"``; ``takes`` has each one's part.
    """

    key: str
    team: str
    value: float
    effort: float
    takes: tuple[Take, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """What a team, or one skill of it, has and uses in one sprint."""

    team: str
    capacity: float
    used: float
    skill: str = ""


@dataclass(frozen=True, slots=True)
class SprintPlan:
    """One sprint of a plan; ``number`` counts from 1, ``placements`` stand by falling value."""

    number: int
    placements: tuple[Placement, ...]
    loads: tuple[TeamLoad, ...]
    capacity: float
    used: float
    skill_loads: tuple[TeamLoad, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """The keys finished in this sprint."""
        return tuple(placement.key for placement in self.placements)


@dataclass(frozen=True, slots=True)
class CapacityPrice:
    """What one more unit of a team (or of a skill of it) in a sprint is worth, by the relaxation.

    An estimate: exact for fractions of items, close for whole ones.
    """

    team: str
    skill: str
    sprint: int
    price: float

    @property
    def text(self) -> str:
        """In a sentence."""
        who = (
            said("%(skill)s of %(team)s", skill=self.skill, team=self.team)
            if self.skill
            else self.team
        )
        return said(
            "One more of %(who)s in sprint %(sprint)s is worth about %(price)s.",
            who=who,
            sprint=self.sprint,
            price=worth(self.price),
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that is not in the plan, and why."""

    key: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why the rules cannot all be kept.

    ``rules`` clash: with capacity as it is, they cannot be kept together. ``musts`` are the
    must-haves among them, ``pulled_in`` what these need besides. ``needed`` and ``available`` are
    effort and capacity over all sprints for exactly these. ``irreducible``: without any one of
    ``rules`` the others can be kept. ``proven`` is false when the time ended before it was certain
    that no plan exists. ``relax`` are the fewest rules to drop so that there is one; it is empty
    unless ``smallest`` says that this is proven.
    """

    musts: tuple[str, ...]
    pulled_in: tuple[str, ...]
    needed: float
    available: float
    irreducible: bool
    proven: bool
    text: str
    rules: tuple[InForce, ...] = ()
    relax: tuple[InForce, ...] = ()
    smallest: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Which items go into which sprint, with its proof.

    ``value`` is the sum of the scores in the plan. ``objective`` is what was maximised: the
    value, weighted by delivery date when the problem has delivery weights, otherwise the same.
    No plan can have an objective above ``bound``; ``gap`` is (bound - objective) / |bound|.
    ``status``: ``optimal`` (gap at most 1e-6), ``feasible`` (time ended before the proof), or
    ``infeasible`` (``conflict`` says why). ``seconds`` is left out of comparisons.
    """

    status: Status
    value: float
    objective: float
    bound: float
    gap: float
    sprints: tuple[SprintPlan, ...]
    left_out: tuple[LeftOut, ...]
    seed: int
    fingerprint: str
    engine_version: str
    conflict: Conflict | None = None
    capacity_prices: tuple[CapacityPrice, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def items(self) -> tuple[str, ...]:
        """The keys in the plan, sprint by sprint."""
        return tuple(key for sprint in self.sprints for key in sprint.items)

    def sprint_of(self, key: str) -> int | None:
        """The sprint ``key`` is finished in, counted from 1; ``None`` when it is left out."""
        return next((sprint.number for sprint in self.sprints if key in sprint.items), None)

    def reason(self, key: str) -> Reason | None:
        """Why ``key`` is left out; ``None`` when it is planned."""
        return next((left.reason for left in self.left_out if left.key == key), None)

    def explain(self) -> str:
        """The plan's standing in a sentence or two."""
        if self.conflict is not None:
            return self.conflict.text
        count, value = len(self.items), worth(self.value)
        if self.status == "optimal":
            return said(
                "%(count)s items worth %(value)s. No other plan under these rules is worth more.",
                count=count,
                value=value,
            )
        return said(
            "%(count)s items worth %(value)s. The time ended before the proof: at most %(gap)s %% "
            "more is possible.",
            count=count,
            value=value,
            gap=say(self.gap * 100),
        )
