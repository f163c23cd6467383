"""Solving a plan from rows to reasons, beside the score-and-cut list at equal capacity."""

import time

from bench_common import arguments, data_folder, django_on, product_with, told


def main() -> None:
    wanted = arguments(__doc__ or "", sizes=(150, 1_000))
    django_on(data_folder())
    from tandem.planning.calculations import TeamInput, prepared, solved

    runs = []
    for size in wanted.sizes:
        _, product = product_with(size, done_share=0.1)
        teams = [TeamInput("Web", size / 12), TeamInput("Platform", size / 15)]
        start = time.perf_counter()
        result = solved(prepared(product, teams, 6))
        runs.append(
            {
                "items": size,
                "seconds": time.perf_counter() - start,
                "status": result.plan.status,
                "gap": result.plan.gap,
                "value": result.plan.value,
                "score_and_cut": result.listed.value,
                "value_ratio": result.plan.value / result.listed.value,
            }
        )
    told(wanted.json, {"runs": runs, "seconds_ratio": runs[-1]["seconds"] / runs[0]["seconds"]})


if __name__ == "__main__":
    main()
