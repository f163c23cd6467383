"""``tandem backup``: the whole instance to one file, while it runs."""

from pathlib import Path

import click

from tandem.cli.base import answer, data_option, json_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@data_option
def backup(file: Path, as_json: bool) -> None:
    """Write the database and all files to FILE; people may keep working meanwhile.

    FILE holds every secret of the instance: keep it where nobody else can read it. `tandem
    restore FILE` brings it back.
    """
    from tandem.core.backup.making import backup_make

    made = backup_make(file, tell=lambda note: click.echo(note, err=True))
    answer(
        as_json,
        made.as_json(),
        lambda: click.echo(
            f"Wrote {file}: the database and {made.files} files, {made.size / 1_000_000:.1f} MB."
        ),
    )
