"""``tandem worker``: background work in a process of its own."""

import signal

import click

from tandem.cli.base import data_option


@click.command()
@click.option("--until-idle", is_flag=True, help="Stop when nothing is left to do.")
@data_option
def worker(until_idle: bool) -> None:
    """Run background work until stopped. `tandem up` starts one by itself."""
    from tandem.core.jobs.worker import work

    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    work(stop=lambda: stopping, until_idle=until_idle)
