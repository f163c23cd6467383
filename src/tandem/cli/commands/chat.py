"""``tandem chat``: chat targets and what they were told, from the command line."""

import sys

import click

from tandem.cli.base import answer, data_option, json_option, operator, workspace_option
from tandem.cli.commands.webhook import listed, send_again
from tandem.core.errors import Refused


@click.group()
def chat() -> None:
    """The chats that are told of a workspace's events."""


@chat.command("list")
@workspace_option
@json_option
@data_option
def list_(workspace: str | None, as_json: bool) -> None:
    """The chat targets, their states, and how many messages wait or failed. No address is told."""
    from tandem.integrations.models import Webhook

    listed(
        workspace,
        as_json,
        Webhook.objects.chats_visible_to,
        place="service",
        none="No chat target is here yet.",
    )


@chat.command("add")
@click.argument("name")
@click.option("--product", metavar="KEY", help="Only this product's events.")
@click.option("--kind", "kinds", multiple=True, help="item.* or item.created; may be repeated.")
@workspace_option
@json_option
@data_option
def add(
    name: str, product: str | None, kinds: tuple[str, ...], workspace: str | None, as_json: bool
) -> None:
    """Make a chat target called NAME. Its address is read from standard input, so that no list of
    processes and no shell's history holds it."""
    from tandem.accounts.models import Product
    from tandem.integrations.chats import operations as do

    member = operator(workspace)
    of = Product.objects.visible_to(member).filter(key=product).first() if product else None
    if product and of is None:
        raise Refused(f"There is no product {product}.", field="product")
    address = sys.stdin.readline().strip()
    made = do.chat_create(
        by=member, name=name, address=address, product=of, kinds=kinds or do.USUAL_KINDS
    )
    told = f"{made.pk}\t{made.name}\t{made.url}"
    payload = {"id": made.pk, "name": made.name, "service": made.url, "kinds": made.kinds}
    answer(as_json, payload, lambda: click.echo(told))


@chat.command("test")
@click.argument("number", type=int, metavar="ID")
@workspace_option
@json_option
@data_option
def test(number: int, workspace: str | None, as_json: bool) -> None:
    """Tell chat target ID that somebody tries it. The worker does the sending."""
    from tandem.integrations.chats import operations as do
    from tandem.integrations.models import Webhook

    member = operator(workspace)
    row = Webhook.objects.chats_visible_to(member).filter(pk=number).first()
    if row is None:
        raise Refused(f"There is no chat target {number}.", field="id")
    said = do.chat_test(by=member, chat=row)
    answer(as_json, {"delivery": str(said.pk)}, lambda: click.echo("A test is on its way."))


chat.add_command(send_again)
