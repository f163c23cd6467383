"""``tandem migrate-database``: from SQLite to PostgreSQL, or back."""

import click

from tandem.cli.base import answer, data_option, json_option
from tandem.core.errors import Refused


@click.command(name="migrate-database")
@click.option(
    "--to",
    "url",
    required=True,
    metavar="URL",
    help="An empty database: postgresql://user:password@host:port/name or sqlite:PATH.",
)
@json_option
@data_option
def migrate_database(url: str, as_json: bool) -> None:
    """Copy everything to another, empty database and prove that it arrived.

    Stop Tandem first: what is written meanwhile would not be copied. The database it is copied
    from is left as it is. Afterwards set TANDEM_DATABASE_URL (or unset it) and start again.
    """
    from tandem.core import database, database_url, moving
    from tandem.core.snapshot import snapshot

    try:
        settings = database_url.of_url(url, pool=0)
    except ValueError as error:
        raise Refused(f"{error}.", field="--to") from error
    with database.other(settings) as target, snapshot():
        moved = moving.move(target, _tell)
    rows = sum(each.rows for each in moved)
    place = database_url.shown(url)
    payload = {"to": place, "rows": rows, "tables": [vars(each) for each in moved]}

    def text() -> None:
        for each in moved:
            if each.rows:
                click.echo(f"{each.table:<36} {each.rows:>9} rows equal  sha256 {each.digest[:16]}")
        empty = sum(1 for each in moved if not each.rows)
        click.echo(f"{rows} rows of {len(moved)} tables ({empty} empty) are equal in {place}.")

    answer(as_json, payload, text)


def _tell(done: int, total: int, table: str) -> None:
    click.echo(f"{done}/{total} {table}", err=True)
