"""Forecasting when items are done, by the steady model and by the bootstrap beside it."""

import datetime
import random

from bench_common import arguments, milliseconds, told


def main() -> None:
    wanted = arguments(__doc__ or "", sizes=(50, 500))
    from tandem_engine.forecasting import History, Settings, forecast_when

    today = datetime.date(2026, 3, 2)
    chance = random.Random(1)
    finished = [today - datetime.timedelta(days=chance.randrange(1, 360)) for _ in range(300)]
    runs = []
    for items in wanted.sizes:
        history = History.from_dates(finished, today=today)
        steady = milliseconds(lambda: forecast_when(items, history, today=today), 5)  # noqa: B023
        plain = Settings(method="bootstrap", widen=False)
        bootstrap = milliseconds(
            lambda: forecast_when(items, history, today=today, settings=plain),  # noqa: B023
            5,
        )
        runs.append(
            {
                "items": items,
                "steady_ms": steady["p50_ms"],
                "bootstrap_ms": bootstrap["p50_ms"],
                "steady_to_bootstrap": steady["p50_ms"] / bootstrap["p50_ms"],
            }
        )
    told(wanted.json, {"runs": runs, "ratio": runs[-1]["steady_ms"] / runs[0]["steady_ms"]})


if __name__ == "__main__":
    main()
