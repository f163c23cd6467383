"""``tandem export``: a product to one file."""

from pathlib import Path

import click

from tandem.cli.base import (
    answer,
    data_option,
    json_option,
    member_for,
    product_of,
    product_option,
    workspace_option,
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@product_option
@workspace_option
@json_option
@data_option
def export(file: Path, key: str, workspace: str | None, as_json: bool) -> None:
    """Write a product to FILE: everything as an archive, or the items when FILE ends in .csv."""
    from tandem.integrations.archive.export import product_export

    member = member_for(key, workspace)
    product = product_of(member, key)

    def tell(done: int, total: int, note: str) -> None:
        click.echo(f"\r{done}/{total} {note:<20}", nl=False, err=True)

    counts = product_export(by=member, product=product, path=file, tell=tell)
    click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
    payload = {"file": str(file), "product": product.key, "rows": counts}
    answer(
        as_json,
        payload,
        lambda: click.echo(f"Wrote {file}: {counts.get('items', 0)} items of {product.name}."),
    )
