"""The sentences that say why an item is out. Each states only what was checked."""

from collections.abc import Collection

from tandem_engine.planning.problem import Item, Problem
from tandem_engine.planning.quantity import from_units, say, worth
from tandem_engine.planning.result import Reason


def names(keys: Collection[str], most: int = 5) -> str:
    """Keys as a phrase: ``A, B and C``; beyond ``most`` they are counted."""
    listed = list(keys)
    if len(listed) > most + 1:
        listed = [*listed[:most], f"{len(listed) - most} more"]
    if len(listed) <= 1:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def ruled_out(item: Item) -> Reason:
    """A must-not keeps it out."""
    return Reason("ruled_out", "Ruled out: marked as must-not.")


def too_large(item: Item, largest: int) -> Reason:
    """It fits into no sprint of any team that may take it."""
    most = from_units(largest)
    who = f"of team {item.team}" if item.team is not None else "of any team"
    return Reason(
        "too_large",
        f"Too large: it takes {say(item.remaining)}, the largest sprint {who} holds {say(most)}. "
        "Split it.",
        (("effort", item.remaining), ("largest_sprint", most)),
    )


def no_team(item: Item) -> Reason:
    """No team may do it and has the skills."""
    skills = names(sorted({part.skill for part in item.pieces if part.skill is not None}))
    wanted = f" with {skills}" if skills else ""
    return Reason(
        "no_team",
        f"No team here can do it{wanted}. Add the skill to a team, or change who does it.",
    )


def too_large_in_parts(item: Item) -> Reason:
    """In no sprint do its teams have room for all it takes, even with nothing else."""
    most = item.remaining
    return Reason(
        "too_large",
        f"Too large: no sprint of its teams has room for all of its {say(most)} with the skills it takes. Split it.",
        (("effort", most),),
    )


def no_window(item: Item, problem: Problem) -> Reason:
    """No sprint it may be finished in is open to it."""
    bound = problem.bounds[item.key]
    if item.earliest is not None and item.earliest > problem.sprints:
        return Reason(
            "no_window",
            f"Not before sprint {item.earliest}; the plan ends with sprint {problem.sprints}.",
            (("earliest", item.earliest), ("sprints", problem.sprints)),
        )
    about = problem.needs[item.key]
    first, last = bound.first, bound.last
    if first > last:
        return Reason(
            "no_window",
            f"Its rules leave no sprint: not before sprint {first}, and not after sprint {last}.",
            (("earliest", first), ("latest", last)),
        )
    after = f" once {names(about)} can be finished" if about else ""
    return Reason(
        "no_window",
        f"No sprint from {first} to {last} has room for its {say(item.remaining)}{after}.",
        (("effort", item.remaining), ("earliest", first), ("latest", last)),
        about,
    )


def too_large_together(item: Item, closure: Collection[str], needed: int, total: int) -> Reason:
    """With its prerequisites it takes more than everything there is."""
    others = tuple(sorted(set(closure) - {item.key}))
    return Reason(
        "too_large_together",
        f"With what it needs ({names(others)}) it takes {say(from_units(needed))}; all sprints "
        f"together hold {say(from_units(total))}.",
        (("effort", from_units(needed)), ("capacity", from_units(total))),
        others,
    )


def blocked(item: Item, need: str, root: str, why: Reason) -> Reason:
    """A prerequisite can be in no plan: ``root``, reached through ``need``, for reason ``why``."""
    via = f" (through {need})" if root != need else ""
    return Reason(
        "blocked",
        f"Waits for {root}{via}, which cannot be planned: {why.text[0].lower()}{why.text[1:]}",
        about=(need, root) if root != need else (need,),
    )


def worthless(item: Item) -> Reason:
    """It brings nothing and nothing planned needs it."""
    return Reason(
        "no_value",
        f"Its score is {worth(item.value)} and nothing worth planning needs it.",
        (("value", item.value),),
    )


def not_worth_its_needs(value: float, effort: float, others: tuple[str, ...]) -> Reason:
    """What it needs takes away all it brings."""
    return Reason(
        "not_worth_it",
        f"With what it needs ({names(others)}) it is worth {worth(value)} in all.",
        (("value", value), ("effort", effort)),
        others,
    )


def earns_less(value: float, effort: float, others: tuple[str, ...], displaced: float) -> Reason:
    """The capacity it would take earns more elsewhere, by the relaxation's prices."""
    together = f" together with {names(others)}, which it needs" if others else ""
    return Reason(
        "earns_less",
        f"Worth {worth(value)} for {say(effort)}{together}; what the plan holds earns about "
        f"{worth(displaced)} with that capacity.",
        (("value", value), ("effort", effort), ("displaced", displaced)),
        others,
        estimated=True,
    )


def costs_more(value: float, effort: float, other: str, price: float) -> Reason:
    """The cheapest single item that would have to go for it is worth more, or as much."""
    return Reason(
        "costs_more",
        f"Worth {worth(value)} for {say(effort)}; to make room, {other} would have to go, worth "
        f"{worth(price)}.",
        (("value", value), ("effort", effort), ("displaced", price)),
        (other,),
    )


def no_room(value: float, effort: float, free: float) -> Reason:
    """The rest of every sprint is smaller than the item."""
    return Reason(
        "no_room",
        f"No room: it takes {say(effort)}, and no sprint in its reach has more than {say(free)} "
        "left.",
        (("value", value), ("effort", effort), ("free", free)),
    )


def no_room_together(value: float, effort: float, others: tuple[str, ...]) -> Reason:
    """Its rules and the room left do not go together."""
    what = f"with {names(others)}, which it needs, it" if others else "it"
    return Reason(
        "no_room",
        f"No room: {what} takes {say(effort)} and does not fit into what is left of the sprints "
        "in its reach.",
        (("value", value), ("effort", effort)),
        others,
    )


def unbalanced(value: float, effort: float) -> Reason:
    """There is room, but a rule about several items stands against it."""
    return Reason(
        "rule",
        f"There is room for its {say(effort)}, but with it a rule about several items would be broken.",
        (("value", value), ("effort", effort)),
    )


def no_plan() -> Reason:
    """There is no plan at all."""
    return Reason("no_plan", "There is no plan while the must-haves do not fit.")
