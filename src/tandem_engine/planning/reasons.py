"""The sentences that say why an item is out. Each states only what was checked."""

from collections.abc import Collection

from tandem_engine.planning.problem import Item, Problem
from tandem_engine.planning.quantity import from_units, say, worth
from tandem_engine.planning.result import Reason
from tandem_engine.words import begun, named, said


def names(keys: Collection[str], most: int = 5) -> str:
    """Keys as a phrase: ``A, B and C``; beyond ``most`` they are counted."""
    return named(keys, most)


def ruled_out(item: Item) -> Reason:
    """A must-not keeps it out."""
    return Reason("ruled_out", said("Ruled out: marked as must-not."))


def too_large(item: Item, largest: int) -> Reason:
    """It fits into no sprint of any team that may take it."""
    most = from_units(largest)
    effort, largest_sprint = say(item.remaining), say(most)
    return Reason(
        "too_large",
        said(
            "Too large: it takes %(effort)s, the largest sprint of any team holds %(most)s. "
            "Split it.",
            effort=effort,
            most=largest_sprint,
        )
        if item.team is None
        else said(
            "Too large: it takes %(effort)s, the largest sprint of team %(team)s holds %(most)s. "
            "Split it.",
            effort=effort,
            team=item.team,
            most=largest_sprint,
        ),
        (("effort", item.remaining), ("largest_sprint", most)),
    )


def no_team(item: Item) -> Reason:
    """No team may do it and has the skills."""
    skills = names(sorted({part.skill for part in item.pieces if part.skill is not None}))
    return Reason(
        "no_team",
        said(
            "No team here can do it with %(skills)s. Add the skill to a team, or change who does it.",
            skills=skills,
        )
        if skills
        else said("No team here can do it. Add the skill to a team, or change who does it."),
    )


def too_large_in_parts(item: Item) -> Reason:
    """In no sprint do its teams have room for all it takes, even with nothing else."""
    most = item.remaining
    return Reason(
        "too_large",
        said(
            "Too large: no sprint of its teams has room for all of its %(effort)s with the skills it "
            "takes. Split it.",
            effort=say(most),
        ),
        (("effort", most),),
    )


def no_window(item: Item, problem: Problem) -> Reason:
    """No sprint it may be finished in is open to it."""
    bound = problem.bounds[item.key]
    if item.earliest is not None and item.earliest > problem.sprints:
        return Reason(
            "no_window",
            said(
                "Not before sprint %(earliest)s; the plan ends with sprint %(last)s.",
                earliest=item.earliest,
                last=problem.sprints,
            ),
            (("earliest", item.earliest), ("sprints", problem.sprints)),
        )
    about = problem.needs[item.key]
    first, last = bound.first, bound.last
    if first > last:
        return Reason(
            "no_window",
            said(
                "Its rules leave no sprint: not before sprint %(first)s, and not after sprint "
                "%(last)s.",
                first=first,
                last=last,
            ),
            (("earliest", first), ("latest", last)),
        )
    effort = say(item.remaining)
    return Reason(
        "no_window",
        said(
            "No sprint from %(first)s to %(last)s has room for its %(effort)s once %(needs)s can be "
            "finished.",
            first=first,
            last=last,
            effort=effort,
            needs=names(about),
        )
        if about
        else said(
            "No sprint from %(first)s to %(last)s has room for its %(effort)s.",
            first=first,
            last=last,
            effort=effort,
        ),
        (("effort", item.remaining), ("earliest", first), ("latest", last)),
        about,
    )


def too_large_together(item: Item, closure: Collection[str], needed: int, total: int) -> Reason:
    """With its prerequisites it takes more than everything there is."""
    others = tuple(sorted(set(closure) - {item.key}))
    return Reason(
        "too_large_together",
        said(
            "With what it needs (%(others)s) it takes %(effort)s; all sprints together hold "
            "%(total)s.",
            others=names(others),
            effort=say(from_units(needed)),
            total=say(from_units(total)),
        ),
        (("effort", from_units(needed)), ("capacity", from_units(total))),
        others,
    )


def blocked(item: Item, need: str, root: str, why: Reason) -> Reason:
    """A prerequisite can be in no plan: ``root``, reached through ``need``, for reason ``why``."""
    because = begun(why.text, large=False)
    return Reason(
        "blocked",
        said(
            "Waits for %(root)s (through %(need)s), which cannot be planned: %(why)s",
            root=root,
            need=need,
            why=because,
        )
        if root != need
        else said("Waits for %(root)s, which cannot be planned: %(why)s", root=root, why=because),
        about=(need, root) if root != need else (need,),
    )


def worthless(item: Item) -> Reason:
    """It brings nothing and nothing planned needs it."""
    return Reason(
        "no_value",
        said(
            "Its score is %(value)s and nothing worth planning needs it.", value=worth(item.value)
        ),
        (("value", item.value),),
    )


def not_worth_its_needs(value: float, effort: float, others: tuple[str, ...]) -> Reason:
    """What it needs takes away all it brings."""
    return Reason(
        "not_worth_it",
        said(
            "With what it needs (%(others)s) it is worth %(value)s in all.",
            others=names(others),
            value=worth(value),
        ),
        (("value", value), ("effort", effort)),
        others,
    )


def earns_less(value: float, effort: float, others: tuple[str, ...], displaced: float) -> Reason:
    """The capacity it would take earns more elsewhere, by the relaxation's prices."""
    brings, takes, earned = worth(value), say(effort), worth(displaced)
    return Reason(
        "earns_less",
        said(
            "Worth %(value)s for %(effort)s together with %(others)s, which it needs; what the plan "
            "holds earns about %(displaced)s with that capacity.",
            value=brings,
            effort=takes,
            others=names(others),
            displaced=earned,
        )
        if others
        else said(
            "Worth %(value)s for %(effort)s; what the plan holds earns about %(displaced)s with that "
            "capacity.",
            value=brings,
            effort=takes,
            displaced=earned,
        ),
        (("value", value), ("effort", effort), ("displaced", displaced)),
        others,
        estimated=True,
    )


def costs_more(value: float, effort: float, other: str, price: float) -> Reason:
    """The cheapest single item that would have to go for it is worth more, or as much."""
    return Reason(
        "costs_more",
        said(
            "Worth %(value)s for %(effort)s; to make room, %(other)s would have to go, worth "
            "%(price)s.",
            value=worth(value),
            effort=say(effort),
            other=other,
            price=worth(price),
        ),
        (("value", value), ("effort", effort), ("displaced", price)),
        (other,),
    )


def no_room(value: float, effort: float, free: float) -> Reason:
    """The rest of every sprint is smaller than the item."""
    return Reason(
        "no_room",
        said(
            "No room: it takes %(effort)s, and no sprint in its reach has more than %(free)s left.",
            effort=say(effort),
            free=say(free),
        ),
        (("value", value), ("effort", effort), ("free", free)),
    )


def no_room_together(value: float, effort: float, others: tuple[str, ...]) -> Reason:
    """Its rules and the room left do not go together."""
    takes = say(effort)
    return Reason(
        "no_room",
        said(
            "No room: with %(others)s, which it needs, it takes %(effort)s and does not fit into "
            "what is left of the sprints in its reach.",
            others=names(others),
            effort=takes,
        )
        if others
        else said(
            "No room: it takes %(effort)s and does not fit into what is left of the sprints in its "
            "reach.",
            effort=takes,
        ),
        (("value", value), ("effort", effort)),
        others,
    )


def unbalanced(value: float, effort: float) -> Reason:
    """There is room, but a rule about several items stands against it."""
    return Reason(
        "rule",
        said(
            "There is room for its %(effort)s, but with it a rule about several items would be "
            "broken.",
            effort=say(effort),
        ),
        (("value", value), ("effort", effort)),
    )


def no_plan() -> Reason:
    """There is no plan at all."""
    return Reason("no_plan", said("There is no plan while the must-haves do not fit."))
