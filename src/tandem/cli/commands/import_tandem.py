"""``tandem import tandem``: an archive back into an instance."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tandem.cli.base import answer, operator, teller
from tandem.core.errors import Refused

if TYPE_CHECKING:
    from tandem.integrations.archive.loading import Loaded


def archive_import(file: Path, key: str | None, workspace: str | None, as_json: bool) -> None:
    """A product's archive goes into the workspace; a workspace's becomes one of its own."""
    from tandem.integrations.archive import loading
    from tandem.integrations.archive.reading import kind_in

    tell = teller()
    with loading.archive_opened(file) as opened:
        if kind_in(opened) == "workspace":
            if key is not None:
                raise Refused(
                    "This is the archive of a whole workspace: leave --product out.",
                    field="product",
                )
            loaded = loading.workspace_load(file=opened, slug=workspace or "", tell=tell)
        else:
            loaded = loading.product_load(
                by=operator(workspace), file=opened, key=key or "", tell=tell
            )
    tell.over()
    answer(as_json, loaded.as_json(), lambda: _print(loaded))


def _print(loaded: "Loaded") -> None:
    where = loaded.workspace
    what = f"{loaded.product.name} ({loaded.product.key})" if loaded.product else where.name
    click.echo(f"Imported {what} into /w/{where.slug}/: {sum(loaded.rows.values()):,} rows.")
    if loaded.people:
        click.echo(
            f"{len(loaded.people)} people are new here, without a password "
            "(tandem user add EMAIL --link makes a sign-in link):"
        )
        for person in loaded.people[:20]:
            click.echo(f"  {person}")
