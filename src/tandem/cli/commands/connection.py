"""``tandem connection``: live connections to GitHub, GitLab and Jira from the command line."""

from typing import Any

import click

from tandem.cli.base import (
    answer,
    data_option,
    json_option,
    operator,
    product_of,
    product_option,
    workspace_option,
)
from tandem.core.errors import Refused


@click.group()
def connection() -> None:
    """Trackers that are kept up to date with a product, in both directions."""


def _found(number: int, workspace: str | None) -> Any:
    from tandem.integrations.models import Connection

    member = operator(workspace)
    row = Connection.objects.visible_to(member).select_related("product").filter(pk=number).first()
    if row is None:
        raise Refused(f"There is no connection {number}.", field="connection")
    return member, row


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "product": row.product.key, "kind": row.kind, "project": row.project, "state": row.state,
        "state_reason": row.state_reason, "last_error": row.last_error, "complete": row.complete,
        "items": row.items.count(), "waiting": row.items.filter(waiting=True).count(),
        "last_sync_at": row.last_sync_at and row.last_sync_at.isoformat(),
    }  # fmt: skip


@connection.command("list")
@workspace_option
@json_option
@data_option
def list_(workspace: str | None, as_json: bool) -> None:
    """The connections, what they do, and what is wrong."""
    from tandem.accounts.permissions import require
    from tandem.integrations.models import Connection

    member = operator(workspace)
    require(member, "connection.view")
    rows = Connection.objects.visible_to(member).select_related("product")
    payload = [_told(row) for row in rows]

    def text() -> None:
        for row in payload:
            wrong = row["state_reason"] or row["last_error"]
            counts = f"{row['items']} items, {row['waiting']} waiting"
            click.echo(
                "\t".join(
                    [
                        str(row["id"]),
                        row["product"],
                        f"{row['kind']} {row['project']}",
                        row["state"],
                        counts,
                        wrong,
                    ]
                )
            )
        if not payload:
            click.echo("No tracker is connected yet.")

    answer(as_json, payload, text)


@connection.command("add")
@click.argument("kind")
@click.argument("project")
@product_option
@click.option(
    "--token-file",
    "token",
    type=click.File(),
    required=True,
    metavar="FILE",
    help="Holds the token; - reads it from the input.",
)
@click.option(
    "--url", "base_url", default="", help="The tracker's address, unless it is the usual one."
)
@click.option("--account", default="", help="The token's mail address (Jira Cloud).")
@click.option("--rule", default="ask", help="When both sides changed: ours, theirs or ask.")
@workspace_option
@json_option
@data_option
def add(
    kind: str, project: str, key: str, token: Any, base_url: str, account: str, rule: str,
    workspace: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Connect PROJECT of KIND (github, gitlab, jira). The worker reads it."""
    from tandem.integrations.connections.operations import connection_make

    member = operator(workspace)
    row, secret = connection_make(
        by=member, product=product_of(member, key), kind=kind, project=project,
        token=token.read(), base_url=base_url, account=account, rule=rule,
    )  # fmt: skip
    payload = {**_told(row), "call_path": f"/calls/{row.address_key}/", "secret": secret}

    def text() -> None:
        click.echo(f"{row} is connection {row.pk}. It is read in the background.")
        click.echo(f"Calls go to {payload['call_path']} with the secret {secret}")

    answer(as_json, payload, text)


@connection.command("token")
@click.argument("number", type=int)
@click.option(
    "--token-file",
    "token",
    type=click.File(),
    required=True,
    metavar="FILE",
    help="Holds the token; - reads it from the input.",
)
@workspace_option
@json_option
@data_option
def token_(number: int, token: Any, workspace: str | None, as_json: bool) -> None:
    """Give connection NUMBER another token; one that stopped goes on."""
    from tandem.integrations.connections.operations import connection_token

    member, row = _found(number, workspace)
    payload = _told(connection_token(by=member, connection=row, token=token.read()))
    answer(as_json, payload, lambda: click.echo(f"{row} goes on with the new token."))


@connection.command("sync")
@click.argument("number", type=int)
@workspace_option
@json_option
@data_option
def sync(number: int, workspace: str | None, as_json: bool) -> None:
    """Have the worker look at connection NUMBER now."""
    from tandem.integrations.connections.operations import connection_sync

    member, row = _found(number, workspace)
    payload = _told(connection_sync(by=member, connection=row))
    answer(as_json, payload, lambda: click.echo(f"{row} is looked at."))


@connection.command("remove")
@click.argument("number", type=int)
@workspace_option
@json_option
@data_option
def remove(number: int, workspace: str | None, as_json: bool) -> None:
    """Disconnect connection NUMBER. Its items stay."""
    from tandem.integrations.connections.operations import connection_end

    member, row = _found(number, workspace)
    connection_end(by=member, connection=row)
    answer(as_json, {"removed": number}, lambda: click.echo(f"{row} is disconnected."))
