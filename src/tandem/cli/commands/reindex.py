"""``tandem reindex``: the search index anew, from the rows."""

import time

import click

from tandem.cli.base import answer, data_option, json_option


@click.command()
@json_option
@data_option
def reindex(as_json: bool) -> None:
    """Make the search index anew. Who writes meanwhile waits until it is made.

    The database keeps the index itself; this is for what ``tandem doctor --integrity`` finds.
    """
    from tandem.core.index.tables import rebuild

    start = time.monotonic()
    made = rebuild()
    seconds = round(time.monotonic() - start, 1)
    payload = {"entries": made, "total": sum(made.values()), "seconds": seconds}

    def text() -> None:
        for kind, count in made.items():
            click.echo(f"{kind:<12} {count:>9}")
        click.echo(f"{sum(made.values())} entries in {seconds} s.")

    answer(as_json, payload, text)
