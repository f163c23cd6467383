"""``tandem worker``: background work in a process of its own."""

import os
import signal
import threading
from typing import Any

import click

from tandem.cli.base import data_option


@click.command()
@click.option("--until-idle", is_flag=True, help="Stop when nothing is left to do.")
@click.option(
    "--queues", default="", metavar="NAME,NAME", help="Only jobs of these queues (default: all)."
)
@click.option(
    "--concurrency",
    default=1,
    show_default=True,
    type=click.IntRange(1, 32),
    help="How many jobs at once.",
)
@data_option
def worker(until_idle: bool, queues: str, concurrency: int) -> None:
    """Run background work until stopped. `tandem up` starts one by itself.

    Asked to stop (SIGTERM, Ctrl-C), it takes no further job and finishes those it runs; what is not
    finished after TANDEM_JOB_GRACE seconds is given back and run again by the next worker.
    """
    made = _worker([each.strip() for each in queues.split(",") if each.strip()], concurrency)
    stopping = threading.Event()

    def stop(*_: object) -> None:
        if not stopping.is_set():
            stopping.set()
            threading.Thread(target=_give_back_later, args=(made,), daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    made.work(stop=stopping.is_set, until_idle=until_idle)


def _worker(queues: list[str], concurrency: int) -> Any:
    """The worker of the engine that goes with the database."""
    from tandem.core.database import is_shared

    if is_shared():
        from tandem.core.jobs import procrastinate_worker

        return procrastinate_worker.Worker(queues, concurrency)
    from tandem.core.jobs import worker

    return worker.Worker(queues, concurrency)


def _give_back_later(made: Any) -> None:
    """Jobs run in threads, which cannot be ended: the process goes, and with it what was not
    committed. Without an answer of the database the lease ends by itself."""
    import time

    from django.conf import settings

    time.sleep(settings.JOB_GRACE_SECONDS)
    try:
        made.give_back()
    finally:
        os._exit(0)
