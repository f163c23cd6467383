"""What the benchmarks share: a data folder of their own, synthetic backlogs, one way to answer."""

import argparse
import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SIZES = (1_000, 100_000)


def arguments(description: str, sizes: tuple[int, ...] = SIZES) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(sizes))
    return parser.parse_args()


def told(as_json: bool, result: dict[str, Any]) -> None:
    """One JSON object, or a table of the runs and the ratio below it."""
    if as_json:
        json.dump(result, sys.stdout)
        print()
        return
    runs = result["runs"]
    names = list(runs[0])
    widths = [max(len(name), *(len(_cell(run[name])) for run in runs)) for name in names]
    print("  ".join(name.rjust(width) for name, width in zip(names, widths, strict=True)))
    for run in runs:
        print(
            "  ".join(
                _cell(run[name]).rjust(width) for name, width in zip(names, widths, strict=True)
            )
        )
    for name, value in result.items():
        if name != "runs":
            print(f"{name}: {_cell(value)}")


def on_postgresql(program: str, options: list[str], key: str) -> list[dict[str, Any]]:
    """``program`` in a process of its own, on a server started for it: its rows named ``key``.

    Nothing without PostgreSQL, which is said.
    """
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    from support import postgres

    try:
        with postgres.database() as url:
            same = {"TANDEM_DATABASE_URL": url, "TANDEM_SECRET_KEY": secrets.token_urlsafe(50)}
            done = subprocess.run(
                [sys.executable, program, "--json", "--database", "here", *options],
                env=os.environ | same,
                stdout=subprocess.PIPE,
                check=True,
            )
    except postgres.Absent as absent:
        print(f"PostgreSQL is left out: {absent}", file=sys.stderr)
        return []
    found: list[dict[str, Any]] = json.loads(done.stdout)[key]
    return found


def _cell(value: Any) -> str:
    return (
        f"{value:,.3f}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )


def django_on(folder: Path) -> None:
    """Django on an empty database in ``folder``."""
    os.environ["TANDEM_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tandem.config.settings")
    import django

    django.setup()
    from tandem.cli.base import migrate

    migrate()


def data_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="tandem-bench-"))


def product_with(items: int, *, done_share: float = 0.3) -> tuple[Any, Any]:
    """``(member, product)``: a seeded backlog of ``items``, a share of it finished over a year."""
    import datetime

    from django.utils import timezone

    from tandem.accounts import operations
    from tandem.backlog.models import Item, Label
    from tandem.backlog.operations import statuses_ensure
    from tandem.core.ordering import many_between

    chance = random.Random(items)
    user = operations.user_create(email=f"bench-{items}@example.org", name="Bench")
    member = operations.workspace_create(name=f"Bench {items}", user=user)
    product = operations.product_create(by=member, key="BENCH")
    statuses = statuses_ensure(product)
    labels = Label.objects.bulk_create(Label(product=product, name=f"label {n}") for n in range(20))
    now = timezone.now()
    ranks = many_between(None, None, items)
    rows = []
    for number, rank in enumerate(ranks, start=1):
        done = chance.random() < done_share
        finished = now - datetime.timedelta(days=chance.random() * 365) if done else None
        estimate = chance.choice([1, 2, 3, 5, 8, None])
        rows.append(
            Item(
                workspace=member.workspace,
                product=product,
                number=number,
                rank=rank,
                title=f"Item {number} {chance.choice(['books', 'pays', 'shows', 'moves'])}",
                kind=chance.choice(["story", "story", "bug", "debt"]),
                status=statuses[4] if done else chance.choice(statuses[:4]),
                assignee=member if chance.random() < 0.3 else None,
                estimate_likely=estimate,
                created_at=now - datetime.timedelta(days=400),
                updated_at=finished or now,
                finished_at=finished,
            )
        )
    Item.objects.bulk_create(rows, batch_size=1000)
    through = Item.labels.through
    through.objects.bulk_create(
        [
            through(item_id=row.pk, label_id=chance.choice(labels).pk)
            for row in rows
            if chance.random() < 0.5
        ],
        batch_size=2000,
    )
    type(product).objects.filter(pk=product.pk).update(next_number=items + 1)
    product.refresh_from_db()
    return member, product


def milliseconds(work: Callable[[], Any], times: int) -> dict[str, float]:
    """p50 and p95 of ``times`` calls, after one that warms up."""
    work()
    seen = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seen.append((time.perf_counter() - start) * 1000)
    seen.sort()
    return {"p50_ms": statistics.median(seen), "p95_ms": seen[int(0.95 * (len(seen) - 1))]}
