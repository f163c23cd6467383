"""``tandem restore``: a backup into an empty place, or in place of what is there."""

import os
from pathlib import Path

import click

from tandem.cli.base import answer, json_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what is there, after backing it up.")
@json_option
@click.option(
    "--data",
    "data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TANDEM_DATA",
    help="The folder to restore into (default: the user's data folder, or TANDEM_DATA).",
)
def restore(file: Path, replace: bool, as_json: bool, data: Path | None) -> None:
    """Bring a backup (or a copy made before an upgrade) back. Stop the server first.

    Every sum is checked before anything is changed. A folder or a database that is not empty is
    refused, unless --replace is given: what is there goes into a safety backup first.
    """
    import platformdirs

    from tandem.core.backup.restoring import backup_restore

    folder = (data or platformdirs.user_data_path("tandem")).expanduser().resolve()
    os.environ["TANDEM_DATA"] = str(folder)
    done = backup_restore(
        file.resolve(), folder, replace=replace, tell=lambda note: click.echo(note, err=True)
    )

    def text() -> None:
        click.echo(f"Restored {file} into {folder}: the database and {done.files} files.")
        if done.safety:
            click.echo(f"What was there before: {done.safety}")
        click.echo("Check it: tandem doctor --integrity")

    answer(as_json, done.as_json() | {"data": str(folder)}, text)
