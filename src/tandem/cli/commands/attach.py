"""``tandem attach``: files onto an item."""

from pathlib import Path
from typing import Any

import click

from tandem.cli.base import (
    answer,
    data_option,
    json_option,
    member_for,
    product_of,
    workspace_option,
)
from tandem.core.errors import Refused


@click.command()
@click.argument("key")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@workspace_option
@json_option
@data_option
def attach(key: str, files: tuple[Path, ...], workspace: str | None, as_json: bool) -> None:
    """Attach files to the item KEY, such as WEB-42.

    What a file is, is told by its bytes. One that is refused does not keep the others out; then
    the exit code is 1.

    \b
    --json prints {"attached": [{id, name, media, size}], "refused": [{name, reason}]}.
    """
    from tandem.backlog import operations as do
    from tandem.backlog.models import Item

    prefix = key.strip().upper().rpartition("-")[0]
    member = member_for(prefix, workspace)
    product = product_of(member, prefix)
    item = Item.objects.with_keys(product, [key]).first()
    if item is None:
        raise Refused(f"There is no item {key.upper()}.", field="item")
    item.product = product
    attached: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    for path in files:
        try:
            with path.open("rb") as file:
                chunks = iter(lambda: file.read(256 * 1024), b"")
                made = do.attachment_add(by=member, item=item, name=path.name, chunks=chunks)
        except Refused as refusal:
            refused.append({"name": path.name, "reason": refusal.message})
        else:
            attached.append(
                {"id": made.pk, "name": made.name, "media": made.media, "size": made.size}
            )

    def text() -> None:
        for each in attached:
            click.echo(f"{item.key}: {each['name']} ({each['media']}, {each['size']} bytes)")
        for each in refused:
            click.echo(f"Refused: {each['name']}: {each['reason']}", err=True)

    answer(as_json, {"attached": attached, "refused": refused}, text)
    if refused:
        raise click.exceptions.Exit(1)
