"""Rank intervals and top-k probabilities of a large backlog, beside a plain Python loop.

2,000 items, 12 criteria, 8 raters, 10,000 simulations, one core; then the ranking page with that many
rated items. The loop draws the same inputs from the same distributions and is run for a few
simulations only; its time is per simulation.
"""

import argparse
import random
import resource
import sys
import time
from typing import Any

from bench_common import data_folder, django_on, milliseconds, product_with, told
from tandem_engine.prioritisation import (
    Criterion,
    Estimate,
    ItemInputs,
    Rating,
    Scale,
    ScoringModel,
    rank,
)

RATED = 11
TOP = 10


def model() -> ScoringModel:
    criteria = [
        Criterion(f"c{n}", f"Criterion {n}", "value" if n < 6 else "technical", Scale(1, 5, 1))
        for n in range(RATED)
    ]
    scale = Scale(0.5, 100, spacing="log")
    effort = Criterion(
        "effort", "Effort", "technical", scale, direction="lower", unit="days", kind="effort"
    )
    return ScoringModel("Bench", (*criteria, effort), "value_effort")


def backlog(count: int, raters: int) -> list[ItemInputs]:
    chance = random.Random(count)
    items = []
    for number in range(count):
        ratings = tuple(
            Rating(
                f"c{n}",
                chance.randint(1, 5),
                f"rater {rater}",
                confidence=chance.choice((0.5, 0.8, 1)),
            )
            for n in range(RATED)
            for rater in range(raters)
        )
        likely = chance.choice((1, 2, 3, 5, 8))
        items.append(
            ItemInputs(f"B-{number}", ratings, Estimate(likely * 0.6, likely, likely * 1.7))
        )
    return items


def loop(items: list[ItemInputs], simulations: int) -> tuple[float, list[float]]:
    """Seconds per simulation and P(among the first) of each item, one draw after the other.

    Draws what the engine draws: for each criterion a rater by confidence and that rater's answer
    with its spread, an effort on either side of its median, the formula, the order.
    """
    chance = random.Random(1)
    bell = 1.2815515655446004
    inputs = []
    for item in items:
        answers: list[list[tuple[float, float]]] = [[] for _ in range(RATED)]
        for rating in item.ratings:
            answers[int(rating.criterion[1:])].append(((rating.value - 1) / 4, rating.confidence))
        weights = [[sure for _, sure in given] for given in answers]
        estimate = item.estimate
        assert estimate is not None
        inputs.append((answers, weights, estimate))
    count = len(items)
    ranks = [[0] * count for _ in range(simulations)]
    start = time.perf_counter()
    for simulation in range(simulations):
        scores = []
        for answers, weights, estimate in inputs:
            total = 0.0
            for given, sure in zip(answers, weights, strict=True):
                likely, trust = chance.choices(given, sure)[0]
                level = chance.random()
                if level < 0.5:
                    spread = likely + likely * (level - 0.5) / 0.5
                else:
                    spread = likely + (1 - likely) * (level - 0.5) / 0.5
                total += trust * likely + (1 - trust) * spread
            normal = chance.gauss(0, 1)
            ratio = (
                estimate.likely / estimate.low if normal < 0 else estimate.high / estimate.likely
            )
            effort = max(0.5, estimate.likely * ratio ** (normal / bell))
            scores.append(100 * total / RATED / effort)
        order = sorted(range(count), key=scores.__getitem__, reverse=True)
        for place, position in enumerate(order):
            ranks[simulation][position] = place + 1
    columns = [sorted(column) for column in zip(*ranks, strict=True)]
    ends = [(column[simulations // 10], column[simulations * 9 // 10]) for column in columns]
    seconds = (time.perf_counter() - start) / simulations
    assert len(ends) == count
    return seconds, [sum(place <= TOP for place in column) / simulations for column in columns]


def engine(count: int, raters: int, simulations: int) -> tuple[dict[str, Any], list[float]]:
    items = backlog(count, raters)
    best = None
    for _ in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        ranking = rank(model(), items, rank_draws=simulations, top=TOP)
        took = (time.perf_counter() - wall, time.process_time() - cpu)
        best = took if best is None else min(best, took)
    assert best is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run = {
        "items": count,
        "simulations": ranking.rank_draws,
        "seconds": best[0],
        "cpu_seconds": best[1],
        "peak_mb": peak / 1024,
    }
    return run, [ranking[item.key].p_top for item in items]


def page(count: int) -> dict[str, float]:
    """The ranking page of ``count`` rated items, its ranking computed before."""
    django_on(data_folder())
    from django.test import Client, override_settings
    from django.utils import timezone

    from tandem.backlog.models import Item
    from tandem.prioritisation.models import Rating as Row
    from tandem.prioritisation.operations import model_ensure

    member, product = product_with(count, done_share=0.0)
    criteria = list(model_ensure(by=member, product=product).criteria.filter(kind="rating"))
    chance = random.Random(3)
    now = timezone.now()
    Row.objects.bulk_create(
        [
            Row(item=item, criterion=each, member=member, value=chance.randint(1, 5), rated_at=now)
            for item in Item.objects.of(product)
            for each in criteria
        ],
        batch_size=2000,
    )
    client = Client()
    client.force_login(member.user)
    address = f"/w/{member.workspace.slug}/{product.key}/prioritise/"
    with override_settings(ALLOWED_HOSTS=["*"]):
        start = time.perf_counter()
        client.get(address, headers={"HX-Request": "true"})
        first = time.perf_counter() - start
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        assert b"prio-table" in answer.content
        found = {"first_seconds": first, **milliseconds(lambda: client.get(address), 60)}
        # What the page itself takes, whatever else the machine does meanwhile.
        taken = []
        for _ in range(40):
            start = time.thread_time()
            client.get(address)
            taken.append((time.thread_time() - start) * 1000)
        return {**found, "cpu_p95_ms": sorted(taken)[37]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 1_000, 2_000, 4_000])
    parser.add_argument("--raters", type=int, default=8)
    parser.add_argument("--simulations", type=int, default=10_000)
    parser.add_argument("--loop", type=int, default=30, help="simulations of the plain loop")
    parser.add_argument("--no-page", action="store_true", help="leave the page out")
    wanted = parser.parse_args()
    runs = []
    compared: dict[str, Any] = {}
    for size in wanted.sizes:
        run, found = engine(size, wanted.raters, wanted.simulations)
        if size == 2_000 or (size == wanted.sizes[-1] and not compared):
            each, plain = loop(backlog(size, wanted.raters), wanted.loop)
            compared = {
                "loop_items": size,
                "loop_seconds": each * run["simulations"],
                "times_faster": each * run["simulations"] / run["seconds"],
                # Both have the same expectation; this is the loop's own scatter.
                "largest_difference_in_p_top": max(
                    abs(one - other) for one, other in zip(found, plain, strict=True)
                ),
            }
        runs.append(run)
    first, last = runs[0], runs[-1]
    # Per cell, because simulations are fewer once the memory's bound is reached.
    growth = (last["seconds"] / (last["items"] * last["simulations"])) / (
        first["seconds"] / (first["items"] * first["simulations"])
    )
    result: dict[str, Any] = {"runs": runs, **compared, "seconds_per_cell_ratio": growth}
    if not wanted.no_page:
        result |= {f"page_{name}": value for name, value in page(2_000).items()}
    told(wanted.json, result)


if __name__ == "__main__":
    sys.exit(main())
