"""``tandem import``: a file of another tool into a product."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tandem.cli.base import (
    answer,
    data_option,
    json_option,
    member_for,
    workspace_option,
)
from tandem.core.errors import Refused

if TYPE_CHECKING:
    from tandem.accounts.models import Member, Product
    from tandem.integrations.imports.result import Result


@click.command("import")
@click.argument("format_name", metavar="FORMAT")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--product", "key", default=None, metavar="KEY", help="A product's key.")
@workspace_option
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="A mapping as JSON.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would happen; change nothing.")
@json_option
@data_option
def import_(
    format_name: str,
    file: Path,
    key: str | None,
    workspace: str | None,
    map_file: Path | None,
    dry: bool,
    as_json: bool,
) -> None:
    """Import FILE (FORMAT: jira-csv, trello, github, storypoints-csv, csv, auto, or tandem).

    Makes the product when KEY is new. A second run updates instead of duplicating. Everything
    is imported or, when something stops it, nothing.

    FORMAT tandem reads an archive of `tandem export`: a product goes into --workspace under its
    own key or the one of --product; a whole workspace becomes a new one, under its own address
    or the one of --workspace. Nothing that is here is written over.
    """
    if format_name == "tandem":
        from tandem.cli.commands.import_tandem import archive_import

        if dry or map_file:
            raise Refused("An archive takes neither --map nor --dry-run.")
        archive_import(file, key, workspace, as_json)
        return
    if key is None:
        raise Refused("Say into which product: --product KEY.", field="product")
    from django.db import transaction

    from tandem.core.snapshot import rehearsal
    from tandem.integrations.imports import run as steps

    source = steps.source_opened(file)
    adapter = steps.adapter_chosen(source, "" if format_name == "auto" else format_name)
    member = member_for(key, workspace)
    # A dry run takes back even the product it made.
    with rehearsal() if dry else transaction.atomic():
        product = _product(member, key)
        named: dict[str, Any] = {
            "by": member,
            "product": product,
            "source": source,
            "adapter": adapter,
            "mapping": steps.mapping_read(_map_read(map_file), product),
            "tell": _teller(),
        }
        try:
            result = steps.tried(**named) if dry else steps.imported(**named)[1]
        finally:
            click.echo("\r\033[K" if sys.stderr.isatty() else "", nl=False, err=True)
    answer(as_json, result.as_json() | {"dry_run": dry}, lambda: _print(result, dry))


def _product(member: "Member", key: str) -> "Product":
    from tandem.accounts import operations
    from tandem.accounts.models import Product

    found = Product.objects.visible_to(member).filter(key=key.strip().upper()).first()
    product = found or operations.product_create(by=member, key=key)
    product.workspace = member.workspace
    return product


def _map_read(path: Path | None) -> object:
    if path is None:
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refused(f"Cannot read {path}: {error.strerror}.", field="--map") from error
    except ValueError as error:
        raise Refused(f"{path} is not JSON: {error}.", field="--map") from error


def _teller() -> Any:
    bar = sys.stderr.isatty()

    def tell(rows: int, note: str) -> None:
        if bar:
            click.echo(f"\r\033[K{note}: {rows:,} rows", nl=False, err=True)
        elif rows % 5000 == 0:
            click.echo(f"{note}: {rows} rows", err=True)

    return tell


def _print(result: "Result", dry: bool) -> None:
    would = "would be " if dry else ""
    click.echo(
        f"{result.rows} rows: {result.created} {would}created, {result.updated} {would}updated, "
        f"{result.unchanged} unchanged, {result.refused} refused."
    )
    for refusal in result.refusals.first(20):
        click.echo(f"  line {refusal['line']} refused: {refusal['reason']}")
    for warning in result.warnings[:20]:
        place = f"line {warning['line']}: " if warning["line"] else ""
        click.echo(f"  {place}{warning['message']}")
    more = max(0, result.refused - 20) + max(0, result.warned - 20)
    if more:
        click.echo(f"  … and {more} more; --json lists them.")
