"""``tandem purge``: erase what has lain in the trash for 30 days."""

import click

from tandem.cli.base import answer, data_option, json_option


@click.command()
@json_option
@data_option
def purge(as_json: bool) -> None:
    """Erase for good what was deleted more than 30 days ago. A running Tandem does so daily."""
    from django.utils import timezone

    from tandem.integrations.trash.operations import purge as purged

    done = purged(timezone.now())
    answer(
        as_json,
        vars(done),
        lambda: click.echo(
            f"Erased {done.products} products, {done.items} items, {done.comments} comments and "
            f"{done.attachments} attachments."
        ),
    )
