"""Random problems, small enough to try every plan of."""

from hypothesis import strategies as st

from tandem_engine.planning import Item, Problem, Team

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
