"""Orders with prerequisites: a published sheet, and every order tried."""

import itertools
import random

import pytest

from tandem_engine.prioritisation import Job, ScoringError, order_cost, sequence

# T. Magennis's sheet on sequencing by cost of delay: days, money a day, what waits for what.
SHEET = [
    Job("1", 3, 1000, frozenset({"4"})),
    Job("2", 4, 7000 / 3),
    Job("3", 6, 3000, frozenset({"4"})),
    Job("4", 10, 0),
]


def test_the_published_sheet_is_beaten_by_its_optimum():
    found = sequence(SHEET)
    assert found.order == ("2", "4", "3", "1")
    assert found.cost == pytest.approx(92_333, abs=1)
    assert found.is_exact
    sheet = next(a for a in found.alternatives if a.name.startswith("Sum of the followers"))
    assert sheet.order == ("4", "2", "3", "1")
    assert sheet.cost == pytest.approx(115_667, abs=1)
    assert "No order" in found.sentence


def feasible(jobs, order):
    at = {key: place for place, key in enumerate(order)}
    return all(at[need] < at[job.key] for job in jobs for need in job.after)


def cheapest(jobs):
    keys = [job.key for job in jobs]
    return min(
        order_cost(jobs, order) for order in itertools.permutations(keys) if feasible(jobs, order)
    )


def random_jobs(chance, count, needs_of):
    return [
        Job(f"J{n}", chance.choice([0, 1, 2, 3, 5, 8]), chance.choice([0, 1, 2, 5, 9]), needs_of(n))
        for n in range(count)
    ]


@pytest.mark.parametrize("shape", ["one prerequisite each", "one follower each"])
def test_it_is_exact_on_forests(shape):
    chance = random.Random(shape)
    for _ in range(60):
        count = chance.randint(1, 6)
        if shape == "one prerequisite each":
            jobs = random_jobs(
                chance,
                count,
                lambda n: frozenset(
                    {f"J{chance.randrange(n)}"} if n and chance.random() < 0.7 else ()
                ),
            )
        else:
            follower = {
                n: chance.randrange(n + 1, count) for n in range(count - 1) if chance.random() < 0.7
            }
            jobs = random_jobs(
                chance,
                count,
                lambda n, follower=follower: frozenset(
                    f"J{each}" for each, after in follower.items() if after == n
                ),
            )
        found = sequence(jobs)
        assert found.is_exact
        assert feasible(jobs, found.order)
        assert found.cost == pytest.approx(cheapest(jobs))
        assert found.cost == pytest.approx(order_cost(jobs, found.order))


def test_other_prerequisites_get_a_feasible_order_and_a_bound_that_holds():
    chance, exact, loss = random.Random(5), 0, []
    for _ in range(60):
        jobs = random_jobs(
            chance,
            6,
            lambda n: frozenset(f"J{each}" for each in range(n) if chance.random() < 0.4),
        )
        found = sequence(jobs, current=[job.key for job in jobs])
        best = cheapest(jobs)
        assert feasible(jobs, found.order)
        assert found.bound <= best + 1e-6
        assert found.cost >= best - 1e-6
        assert all(feasible(jobs, each.order) for each in found.alternatives)
        assert all(found.cost <= each.cost + 1e-6 for each in found.alternatives)
        if found.is_exact:
            assert found.cost == pytest.approx(best)
            exact += 1
        else:
            assert "at most" in found.sentence
        loss.append(found.cost / best - 1 if best else 0)
    assert exact > 10
    assert sum(loss) / len(loss) < 0.02


def test_a_prerequisite_implied_by_another_changes_nothing():
    chain = [
        Job("A", 1, 1),
        Job("B", 2, 5, frozenset({"A"})),
        Job("C", 1, 9, frozenset({"A", "B"})),
    ]
    assert sequence(chain).is_exact
    assert sequence(chain).order == ("A", "B", "C")


def test_without_prerequisites_it_is_cost_of_delay_by_time():
    jobs = [Job("A", 5, 1), Job("B", 1, 3), Job("C", 2, 4), Job("D", 0, 0)]
    assert [key for key in sequence(jobs).order if key != "D"] == ["B", "C", "A"]


def test_a_thousand_items_take_no_time_worth_mentioning():
    chance = random.Random(1)
    jobs = random_jobs(
        chance, 1000, lambda n: frozenset({f"J{chance.randrange(n)}"} if n % 3 else ())
    )
    assert len(sequence(jobs).order) == 1000
    assert sequence([]).sentence == "There is nothing to put in order."


@pytest.mark.parametrize(
    ("jobs", "words"),
    [
        ([Job("A", -1, 0)], "time must be 0 or more"),
        ([Job("A", 1, float("nan"))], "cost of delay must be"),
        ([Job("A", 1, 1), Job("A", 1, 1)], "twice"),
        ([Job("A", 1, 1, frozenset({"Z"}))], "waits for Z"),
        ([Job("A", 1, 1, frozenset({"B"})), Job("B", 1, 1, frozenset({"A"}))], "each other"),
    ],
)
def test_it_refuses_what_has_no_order(jobs, words):
    with pytest.raises(ScoringError, match=words):
        sequence(jobs)
