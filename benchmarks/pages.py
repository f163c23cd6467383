"""The pages people wait for, at 100,000 items with 300,000 comments and 1,000,000 changes.

Per page, at the larger size: server time of one answer (50th and 95th of its calls) with every
middleware, the queries it takes, and ``ratio``: p50 there to p50 at 1,000 items with as many
comments and changes each. Both products lie in one database and are asked in turn, so what else
the machine does meets both; ``cpu_ms`` is the process's own time, which it does not lengthen. On SQLite and, where one is installed, on a PostgreSQL of its own.
"""

import argparse
import datetime
import gc
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_common import data_folder, django_on, on_postgresql, product_with
from search import vocabulary

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

COMMENTS, CHANGES = 3, 10
#: Shown by the board, 40 cards each: 600 cards.
STATUSES = 15
CALLS = {"bulk edit of 500": 8}
BARS = {"p95_ms": 30.0, "bulk_ms": 500.0, "ratio": 1.3}


@dataclass
class Backlog:
    """A product with its address, a signed-in browser and names of some of its items."""

    #: Of the workspace, and of the product in it.
    workspace: str
    base: str
    client: Any
    keys: list[str]
    view: int
    words: list[str]
    chance: random.Random

    def key(self) -> str:
        return self.chance.choice(self.keys)

    def get(self, rest: str, base: str = "") -> None:
        answer = self.client.get((base or self.base) + rest)
        assert answer.status_code == 200, (rest, answer.status_code)

    def post(self, rest: str, sent: dict[str, str]) -> str:
        answer = self.client.post(self.base + rest, sent, headers={"HX-Request": "true"})
        assert answer.status_code == 200, (rest, answer.status_code, answer.content[-500:])
        text: str = answer.content.decode()
        return text


def filled(size: int) -> Backlog:
    """A seeded product of ``size`` items with all that hangs on them."""
    from django.test import Client
    from django.utils import timezone

    from tandem.backlog.models import Category, Comment, FieldValue, Item, Status
    from tandem.backlog.operations import field_create, view_save
    from tandem.core import bulk
    from tandem.core.models import Event

    chance = random.Random(size)
    member, product = product_with(size, done_share=0.2)
    known = list(Status.objects.filter(product=product))
    more = STATUSES - len([each for each in known if each.category != Category.DROPPED])
    Status.objects.bulk_create(
        Status(product=product, name=f"Step {n}", category=Category.STARTED, position=20 + n)
        for n in range(more)
    )
    shown = list(Status.objects.filter(product=product).exclude(category=Category.DROPPED))
    words = vocabulary(chance)
    # As in languages: the n-th word is said 1/n times as often as the first.
    often = [1 / (n + 2) for n in range(len(words))]
    said = iter(chance.choices(words, often, k=size * (6 + 20 + COMMENTS * 15)))

    def text(length: int) -> str:
        return " ".join(next(said) for _ in range(length))

    items = list(Item.objects.filter(product=product).order_by("number"))
    for item in items:
        item.title, item.description = text(6).capitalize(), text(20)
        if item.finished_at is None:
            item.status = chance.choice([each for each in shown if each.category != Category.DONE])
    Item.objects.bulk_update(items, ["title", "description", "status"], batch_size=1000)
    team = field_create(
        by=member, product=product, name="Squad", kind="choice", choices=["Red", "Blue", "Green"]
    )
    places = {each["slug"]: number for number, each in enumerate(team.choices)}
    now = timezone.now()
    bulk.insert(
        FieldValue(field=team, item=item, text=slug, word=slug, number=places[slug])
        for item in items
        for slug in [chance.choice(list(places))]
    )
    for start in range(0, size, 2_000):
        part = items[start : start + 2_000]
        bulk.insert(
            Comment(item=item, text=text(15), written_by=member, written_at=now)
            for item in part
            for _ in range(COMMENTS)
        )
        bulk.insert(
            Event(
                workspace_id=product.workspace_id,
                product_id=product.pk,
                member_id=member.pk,
                member_name=member.name,
                channel="page",
                verb="item.updated",
                object_kind="item",
                object_id=item.pk,
                object_label=item.key,
                changes={"estimate_likely": [number, number + 1]},
                at=now - datetime.timedelta(hours=number),
            )
            for item in part
            for number in reversed(range(CHANGES))
        )
    view = view_save(
        by=member,
        product=product,
        name="Stories to size",
        filter='kind:story status:open -label:"label 3" sort:created',
    )
    client = Client()
    client.force_login(member.user)
    return Backlog(
        f"/w/{member.workspace.slug}/",
        f"/w/{member.workspace.slug}/{product.key}/",
        client,
        [item.key for item in chance.sample(items, min(size, 900))],
        view.number,
        words,
        chance,
    )


def bulk_edit(at: Backlog) -> None:
    """Another due date for 500 items, done as the preview's button does it."""
    day = datetime.date(2030, 1, 1) + datetime.timedelta(days=at.chance.randrange(2000))
    sent = {"step": "do", "keys": ",".join(at.keys[:500]), "due_date": day.isoformat()}
    assert str(len(at.keys[:500])) in at.post("backlog/bulk/", sent)


def move(at: Backlog) -> None:
    one, other = at.chance.sample(at.keys, 2)
    at.post("backlog/moves/", {"item": one, "after": other})


PAGES: dict[str, Callable[[Backlog], None]] = {
    "backlog": lambda at: at.get("backlog/"),
    "board of 600 cards": lambda at: at.get("board/"),
    "item": lambda at: at.get(f"items/{at.key()}/"),
    "search": lambda at: at.get(f"search/?q={at.words[200]}+{at.words[30]}", at.workspace),
    "palette": lambda at: at.get(f"palette/?q={at.words[100][:4]}", at.workspace),
    "own field": lambda at: at.get("backlog/?q=squad:red"),
    "saved view": lambda at: at.get(f"views/{at.view}/"),
    "move": move,
    "bulk edit of 500": bulk_edit,
}


def followed() -> None:
    """Until those who are to be told of a change were told: that begins when it is answered."""
    from tandem.notices import spreading

    spreading._aside.submit(int).result()


def measured(small: Backlog, large: Backlog, calls: int) -> list[dict[str, Any]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    rows = []
    for page, ask in PAGES.items():
        for at in (small, large):
            ask(at)
        with CaptureQueriesContext(connection) as captured:
            ask(large)
        queries = len(captured)
        seen: dict[int, list[float]] = {0: [], 1: []}
        spent: list[float] = []
        for _ in range(CALLS.get(page, calls)):
            for which, at in enumerate((small, large)):
                followed()
                start, own = time.perf_counter(), time.process_time()
                ask(at)
                if at is large:
                    spent.append((time.process_time() - own) * 1000)
                seen[which].append((time.perf_counter() - start) * 1000)
        few, many = sorted(seen[0]), sorted(seen[1])
        middle = statistics.median(many)
        rows.append(
            {
                "page": page,
                "database": connection.vendor,
                "p50_ms": middle,
                "p95_ms": many[int(0.95 * (len(many) - 1))],
                "cpu_ms": statistics.median(spent),
                "queries": queries,
                "small_p50_ms": statistics.median(few),
                "ratio": middle / statistics.median(few),
            }
        )
    return rows


def run(sizes: list[int], calls: int) -> list[dict[str, Any]]:
    """Everything on the database that the environment names."""
    os.environ.setdefault("TANDEM_DEBUG", "")
    django_on(data_folder())
    from django.conf import settings
    from django.db import connection

    from tandem.config import statics
    from tandem.core.index import words as in_use

    statics.gather(Path(settings.STATIC_ROOT))
    settings.ALLOWED_HOSTS = ["*"]
    small, large = (filled(size) for size in sizes)
    in_use.learn()
    if connection.vendor == "postgresql":
        # As its autovacuum does; SQLite plans without, as in an installation.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    # As where pages are served (tandem.config.asgi).
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return measured(small, large, calls)


def missed(row: dict[str, Any]) -> list[str]:
    """The bars that a page does not reach."""
    most = BARS["bulk_ms"] if row["page"] in CALLS else BARS["p95_ms"]
    said = [f"p95 over {most:g} ms"] if row["p95_ms"] > most else []
    return said + ([f"ratio over {BARS['ratio']:g}"] if row["ratio"] > BARS["ratio"] else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sizes", type=int, nargs=2, default=[1_000, 100_000])
    parser.add_argument("--calls", type=int, default=40, help="of each page at each size")
    parser.add_argument(
        "--database",
        choices=["both", "sqlite", "postgresql", "here"],
        default="both",
        help="`here`: the empty one that TANDEM_DATABASE_URL names",
    )
    wanted = parser.parse_args()
    options = ["--sizes", *map(str, wanted.sizes), "--calls", str(wanted.calls)]
    pages: list[dict[str, Any]] = []
    if wanted.database != "here":
        os.environ.pop("TANDEM_DATABASE_URL", None)
    if wanted.database in ("both", "postgresql"):
        pages += on_postgresql(__file__, options, "pages")
    if wanted.database != "postgresql":
        pages = run(wanted.sizes, wanted.calls) + pages
    if wanted.json:
        json.dump({"pages": pages}, sys.stdout)
        print()
        return
    print(f"{wanted.sizes[1]:,} items beside {wanted.sizes[0]:,}")
    print(
        f"{'database':>10}  {'page':<18}  {'p50 ms':>7}  {'p95 ms':>7}  {'cpu ms':>7}  queries  ratio"
    )
    for row in pages:
        print(
            f"{row['database']:>10}  {row['page']:<18}  {row['p50_ms']:7.1f}  {row['p95_ms']:7.1f}"
            f"  {row['cpu_ms']:7.1f}  {row['queries']:7}  {row['ratio']:5.2f}  {', '.join(missed(row))}"
        )


if __name__ == "__main__":
    main()
