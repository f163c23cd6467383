"""``tandem export``: a product or a whole workspace to one file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tandem.cli.base import (
    answer,
    data_option,
    json_option,
    member_for,
    operator,
    product_of,
    teller,
    workspace_option,
)
from tandem.core.errors import Refused

if TYPE_CHECKING:
    from tandem.accounts.models import Member, Product, Workspace


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--product", "key", default=None, metavar="KEY", help="A product's key.")
@workspace_option
@json_option
@data_option
def export(file: Path, key: str | None, workspace: str | None, as_json: bool) -> None:
    """Write a product (--product) or a whole workspace (--workspace) to FILE.

    FILE is an archive with everything, or the product's items when it ends in .csv. Passwords,
    tokens and sessions are never in it. `tandem import tandem FILE` brings it back.
    """
    from tandem.integrations.archive.export import items_export
    from tandem.integrations.archive.writing import archive_export

    member, subject = _subject(key, workspace)
    tell = teller()
    if file.suffix.lower() == ".csv":
        if key is None:
            raise Refused(
                "A CSV holds one product's items: name it with --product.", field="product"
            )
        counts = items_export(by=member, product=subject, path=file)  # type: ignore[arg-type]
    else:
        counts = archive_export(by=member, subject=subject, path=file, tell=tell)
    tell.over()
    named = {"product": subject.key} if key else {"workspace": member.workspace.slug}  # type: ignore[union-attr]
    answer(
        as_json,
        {"file": str(file), **named, "rows": counts},
        lambda: click.echo(f"Wrote {file}: {counts.get('items', 0)} items of {subject.name}."),
    )


def _subject(key: str | None, workspace: str | None) -> "tuple[Member, Product | Workspace]":
    from tandem.accounts.models import Workspace

    if key is not None:
        member = member_for(key, workspace)
        return member, product_of(member, key)
    if workspace is None:
        raise Refused("Say what to export: --product KEY, or --workspace SLUG for all of it.")
    if not Workspace.objects.filter(slug=workspace).exists():
        slugs = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise Refused(
            f"There is no workspace {workspace!r}. Workspaces here: {slugs or 'none yet'}.",
            field="workspace",
        )
    member = operator(workspace)
    return member, member.workspace
