"""``tandem serve``: the pages and the API alone, as one of many processes on one PostgreSQL."""

import os

import click

from tandem.cli.base import data_option
from tandem.cli.serving import refuse_taken, require_static_files, serve
from tandem.core import channel
from tandem.core.errors import Refused


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many processes answer (PostgreSQL only).",
)
@data_option
def serve_(host: str, port: int, workers: int) -> None:
    """Serve Tandem without a background worker: run `tandem worker` beside it."""
    from tandem.core import database

    if database.is_shared():
        _require_shared_secret()
    elif workers > 1:
        raise Refused(
            "Several web processes need PostgreSQL: set TANDEM_DATABASE_URL.", field="--workers"
        )
    refuse_taken(host, port)
    require_static_files()
    click.echo(f"Tandem serves on http://{host}:{port}", err=True)
    # What people do in its pages is no work of the command line.
    with channel.through("page"):
        serve(host, port, workers=workers)


def _require_shared_secret() -> None:
    """Each machine would make a key of its own, and refuse what another one signed."""
    if os.environ.get("TANDEM_SECRET_KEY") or os.environ.get("TANDEM_SECRET_KEY_FILE"):
        return
    raise Refused(
        "Every process on this PostgreSQL must have the same secret. Make one with "
        '`python3 -c "import secrets; print(secrets.token_urlsafe(50))"` and set it everywhere.',
        field="TANDEM_SECRET_KEY",
    )
