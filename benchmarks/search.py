"""Searching at two sizes, with three comments an item: time and queries of each kind of search."""

import itertools
import random

from bench_common import arguments, data_folder, django_on, milliseconds, product_with, told

SYLLABLES = [
    "ka",
    "lo",
    "mi",
    "ren",
    "tos",
    "pa",
    "ver",
    "sho",
    "dul",
    "ing",
    "ter",
    "gra",
    "fe",
    "bo",
    "lun",
    "est",
    "qui",
    "zor",
    "ma",
    "ne",
]
PAGE = 30


def vocabulary(chance: random.Random, size: int = 40_000) -> list[str]:
    made = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(2 * size)}
    words = sorted(made)
    chance.shuffle(words)
    return words[:size]


def main() -> None:
    wanted = arguments(__doc__ or "")
    django_on(data_folder())
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from tandem.backlog.models import Comment, Item
    from tandem.core import bulk
    from tandem.core.index import words as in_use
    from tandem.home.search.finding import asked, find

    runs = []
    for size in wanted.sizes:
        chance = random.Random(size)
        words = vocabulary(chance)
        # As in languages: the n-th word is said 1/n times as often as the first.
        often = list(itertools.accumulate(1 / (n + 2) for n in range(len(words))))

        def text(length: int, words=words, often=often, chance=chance) -> str:
            return " ".join(chance.choices(words, cum_weights=often, k=length))

        member, product = product_with(size)
        items = list(Item.objects.filter(product=product).only("pk"))
        for item in items:
            item.title, item.description = text(6).capitalize(), text(40)
        Item.objects.bulk_update(items, ["title", "description"], batch_size=500)
        now = timezone.now()
        for start in range(0, 3 * size, 5_000):
            bulk.insert(
                Comment(item_id=chance.choice(items).pk, text=text(25), written_at=now)
                for _ in range(min(5_000, 3 * size - start))
            )
        in_use.learn()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        common, second, mid, rare = words[0], words[1], words[200], words[-1]
        searches = {
            "common": common,
            "two common": f"{common} {second}",
            "two": f"{words[100]} {words[400]}",
            "mid": mid,
            "rare": rare,
            "beginning": words[20][:4],
            "two letters": common[:2],
            "phrase": f'"{common} {second}"',
            "without": f"{common} -{second}",
            "slip": mid[:-2] + mid[-1] + mid[-2],
            "nothing": "xqzwvj",
        }
        for name, typed in searches.items():

            def work(typed=typed, member=member, product=product):
                return find(member, asked(member, [product], q=typed), [product], limit=PAGE)

            found = work()
            with CaptureQueriesContext(connection) as captured:
                work()
            row = {"items": size, "search": name, "hits": len(found.hits)}
            runs.append({**row, **milliseconds(work, 20), "queries": len(captured)})
    told(wanted.json, {"runs": runs, "slowest_p95_ms": max(run["p95_ms"] for run in runs)})


if __name__ == "__main__":
    main()
