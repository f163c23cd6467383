"""Many who write at once, as processes and threads: ``python -m support.writers 5 10 4``.

Five processes of ten threads create four items each (0: without end), and print an item's title
when it is written. What goes wrong is printed as ``ERROR …``.
"""

import os
import sys
import threading

import django


def main(processes: int, threads: int, items: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tandem.config.settings"
    django.setup()
    from tandem.accounts.operations import product_create
    from tandem.cli.base import operator
    from tandem.core.database import let_go

    by = operator()
    product = product_create(by=by, key="SEA", name="Sea")
    let_go()
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            _write(by, product, number, threads, items)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def _write(by, product, number: int, threads: int, items: int) -> None:
    def one(thread: int) -> None:
        from django.db import connection

        from tandem.backlog.operations import comment_write, item_create

        done = 0
        while not items or done < items:
            title = f"{number}.{thread}.{done}"
            try:
                item = item_create(by=by, product=product, title=title)
                comment_write(by=by, item=item, text=title)
            except Exception as error:
                _say(f"ERROR {type(error).__name__}: {error}")
            else:
                _say(title)
            done += 1
        connection.close()

    started = [threading.Thread(target=one, args=(thread,)) for thread in range(threads)]
    for each in started:
        each.start()
    for each in started:
        each.join()


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
