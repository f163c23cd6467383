"""People and jobs on a running Tandem: ``python -m support.load 120 40 http://… http://…``.

Writes so many items through the web servers, and asks for so many jobs, and says each that was
acknowledged: ``item TITLE`` and ``job N``. A server that does not answer is left for the next one.
"""

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request


def main(items: int, jobs: int, servers: list[str]) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tandem.config.settings"
    django.setup()
    from tandem.accounts.operations import product_create, token_create
    from tandem.backlog.operations import item_create
    from tandem.cli.base import operator

    by = operator()
    product = product_create(by=by, key="SEA", name="Sea")
    item_create(by=by, product=product, title="First")
    _, token = token_create(by=by, name="load")

    def write(start: int) -> None:
        for number in range(start, items, 4):
            post(servers, number, token)

    def ask() -> None:
        from support.marks import mark

        for number in range(jobs):
            mark.enqueue(number)
            _say(f"job {number}")
            time.sleep(0.02)

    threads = [threading.Thread(target=write, args=(start,)) for start in range(4)]
    threads.append(threading.Thread(target=ask))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def post(servers: list[str], number: int, token: str) -> None:
    """Create an item at any server that answers; a write that was not acknowledged is retried."""
    for attempt in range(50):
        title = f"Item {number}.{attempt}"
        request = urllib.request.Request(
            f"{servers[(number + attempt) % len(servers)]}/api/v1/products/SEA/items",
            data=json.dumps({"title": title}).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                assert answer.status == 201
                _say(f"item {title}")
                return
        except urllib.error.HTTPError as error:
            _say(f"ERROR {error.code}: {error.read()[:500]!r}")
            return
        except OSError:
            time.sleep(0.05)
    _say(f"ERROR nobody took item {number}")


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
