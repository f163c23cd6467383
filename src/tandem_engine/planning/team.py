"""Who works, with what skills, and how much of it fits into each sprint."""

from dataclasses import dataclass

from tandem_engine.planning.errors import ProblemError, is_amount, shown


@dataclass(frozen=True, slots=True)
class Skill:
    """How much work of one kind a team can do in each sprint, within its capacity."""

    name: str
    capacity: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """Who works, and how much fits into each sprint (same unit as effort, 0 or more).

    ``skills`` limit, within the capacity, the work that takes them; a team does nothing that
    takes a skill it does not list. Raises :class:`ProblemError`.
    """

    name: str
    capacity: tuple[float, ...]
    skills: tuple[Skill, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "capacity", tuple(self.capacity))
        object.__setattr__(
            self,
            "skills",
            tuple(Skill(skill.name, tuple(skill.capacity)) for skill in self.skills),
        )
        if not self.name:
            raise ProblemError("Every team needs a name.", "teams")
        where = f"teams.{self.name}.capacity"
        if not self.capacity:
            raise ProblemError(f"Team {self.name} has no sprints; plan at least one.", where)
        _check(self.capacity, f"Team {self.name}", where)
        seen: set[str] = set()
        for skill in self.skills:
            where = f"teams.{self.name}.skills.{skill.name}"
            if not skill.name or skill.name in seen:
                raise ProblemError(
                    f"Team {self.name} lists a skill {'twice' if skill.name else 'without name'}; "
                    "give each its own name.",
                    where,
                )
            seen.add(skill.name)
            if len(skill.capacity) != len(self.capacity):
                raise ProblemError(
                    f"Team {self.name} has {len(self.capacity)} sprints and its skill "
                    f"{skill.name} {len(skill.capacity)}; give both the same number.",
                    where,
                )
            _check(skill.capacity, f"Team {self.name}, skill {skill.name},", where)


def _check(capacity: tuple[float, ...], who: str, where: str) -> None:
    for sprint, amount in enumerate(capacity, start=1):
        if not is_amount(amount):
            raise ProblemError(
                f"{who} has a capacity of {shown(amount)} in sprint {sprint}; "
                "give it a number, 0 or more.",
                where,
            )
