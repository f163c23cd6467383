"""Random problems, small enough to try every plan of."""

from hypothesis import strategies as st

from tandem_engine.planning import Item, Part, Problem, Skill, Team
from tandem_engine.planning import rules as r

EFFORTS = st.sampled_from([0, 0.1, 0.5, 2 / 3, 1, 2, 3, 5])
VALUES = st.sampled_from([-2, 0, 1, 3, 5.5, 8, 8])
CAPACITIES = st.sampled_from([0, 0.3, 1, 2, 3, 5])


@st.composite
def problems(draw, most_items=5, most_sprints=3, rules=True):
    """A problem with prerequisites among earlier items; ``rules`` adds must-haves and dates."""
    sprints = draw(st.integers(1, most_sprints))
    capacity = st.tuples(*[CAPACITIES] * sprints)
    teams = [Team("Web", draw(capacity))]
    if draw(st.booleans()):
        teams.append(Team("App", draw(capacity)))
    if not any(sum(team.capacity) for team in teams):
        teams[0] = Team("Web", (2,) * sprints)
    items = []
    for index in range(draw(st.integers(0, most_items))):
        earlier = [f"I{n}" for n in range(index)]
        rule = draw(st.sampled_from(["", "", "", "must", "must_not", "earliest", "latest"]))
        items.append(
            Item(
                f"I{index}",
                draw(VALUES),
                draw(EFFORTS),
                needs=draw(st.frozensets(st.sampled_from(earlier), max_size=2))
                if earlier
                else frozenset(),
                team=draw(st.sampled_from([None, *(team.name for team in teams)])),
                must=rules and rule == "must",
                must_not=rules and rule == "must_not",
                earliest=2 if rules and rule == "earliest" else None,
                latest=2 if rules and rule == "latest" else None,
            )
        )
    weights = draw(st.sampled_from([None, (1, 0.8, 0.5), (1, 1, 0.25)]))
    return Problem(
        tuple(draw(st.permutations(items))),
        tuple(teams),
        same_sprint_allowed=draw(st.booleans()),
        delivery_weights=weights[:sprints] if weights else None,
    )


@st.composite
def ruled_problems(draw, most_items=4, most_rules=3):
    """A problem with skills, parts, kinds, own delivery weights and rules of every kind."""
    sprints = draw(st.integers(1, 3))
    rows = st.tuples(*[st.sampled_from([1, 2, 3, 5])] * sprints)
    teams = (
        Team("Web", draw(rows), (Skill("db", draw(rows)),) if draw(st.booleans()) else ()),
        Team("App", draw(rows), (Skill("db", draw(rows)),)),
    )
    items = []
    for index in range(draw(st.integers(1, most_items))):
        earlier = [f"I{n}" for n in range(index)]
        effort = draw(st.sampled_from([0, 0.5, 1, 2, 3]))
        how = draw(st.sampled_from(["any", "Web", "db", "parts"]))
        done = draw(st.sampled_from([0, 0, effort / 2]))
        parts = ()
        if how == "parts":
            half = (effort - done) / 2
            parts = (Part(half, "Web"), Part(half, draw(st.sampled_from([None, "App"])), "db"))
        items.append(
            Item(
                f"I{index}",
                draw(VALUES),
                effort,
                needs=draw(st.frozensets(st.sampled_from(earlier), max_size=1))
                if earlier
                else frozenset(),
                team="Web" if how == "Web" else None,
                skill="db" if how == "db" else None,
                parts=parts,
                done=done,
                kind=draw(st.sampled_from(["debt", "feature"])),
                goals=draw(st.sampled_from([(), ("grow",)])),
                delivery_weights=draw(st.sampled_from([None, None, (1, 0.9, 0.1)[:sprints]])),
            )
        )
    keys = [item.key for item in items]
    found = draw(st.lists(_rule(keys, sprints), max_size=most_rules))
    weights = draw(st.sampled_from([None, (1, 0.8, 0.5)]))
    return Problem(
        tuple(draw(st.permutations(items))),
        teams,
        same_sprint_allowed=draw(st.booleans()),
        delivery_weights=weights[:sprints] if weights else None,
        rules=tuple(found),
    )


@st.composite
def _rule(draw, keys, sprints):
    one, other = draw(st.sampled_from(keys)), draw(st.sampled_from(keys))
    pair = frozenset({one, other})
    share = draw(st.sampled_from([0, 0.2, 0.333333, 0.5, 1]))
    kinds = ["must", "must_not", "window", "pin", "at_most", "at_least", "share"]
    if one != other:
        kinds += ["need", "before", "together", "same"]
    early, late = min(one, other), max(one, other)
    match draw(st.sampled_from(kinds)):
        case "must":
            return r.Must(one)
        case "must_not":
            return r.MustNot(one)
        case "window":
            return r.Window(one, *draw(st.sampled_from([(2, None), (None, 1), (2, 2)])))
        case "pin":
            team = draw(st.sampled_from([None, "Web"]))
            return r.Pin(one, draw(st.integers(1, sprints)), team)
        case "at_most":
            return r.AtMost(frozenset(keys), draw(st.integers(0, 2)))
        case "at_least":
            return r.AtMost(pair, 2, at_least=len(pair) - 1)
        case "need":
            return r.Need(late, early, draw(st.sampled_from([None, 0, 1, 2])))
        case "before":
            return r.Before(one, other, draw(st.integers(0, 2)))
        case "together":
            return r.Together(pair)
        case "same":
            return r.Together(pair, same_sprint=True)
    group = draw(st.sampled_from([{"kind": "debt"}, {"goal": "grow"}, {"items": pair}]))
    limit = draw(st.sampled_from([{"minimum": share}, {"maximum": share}]))
    return r.Share(
        **group,
        **limit,
        of=draw(st.sampled_from(["plan", "capacity"])),
        each_sprint=draw(st.booleans()),
    )
