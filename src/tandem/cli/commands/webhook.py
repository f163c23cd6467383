"""``tandem webhook``: webhooks and their deliveries from the command line."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from tandem.cli.base import answer, data_option, json_option, operator, workspace_option
from tandem.core.errors import Refused

if TYPE_CHECKING:
    from tandem.accounts.models import Member
    from tandem.integrations.models.webhook import WebhookQuerySet


def listed(
    workspace: str | None,
    as_json: bool,
    visible_to: "Callable[[Member], WebhookQuerySet]",
    *,
    place: str,
    none: str,
) -> None:
    """Tell of places that events are told to: ``place`` is what ``url`` is called of such a one."""
    from django.db.models import Count, Q

    from tandem.accounts.permissions import require

    member = operator(workspace)
    require(member, "webhook.manage")
    rows = visible_to(member).annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state="waiting")),
        failed=Count("deliveries", filter=Q(deliveries__state="failed")),
    )
    names = ("id", "name", "url", "state", "state_reason", "waiting", "failed")
    payload = [
        {(place if name == "url" else name): value for name, value in row.items()}
        for row in rows.order_by("name", "pk").values(*names)
    ]

    def text() -> None:
        for row in payload:
            told = f"{row['waiting']} waiting, {row['failed']} failed"
            click.echo(f"{row['id']}\t{row['name']}\t{row['state']}\t{row[place]}\t{told}")
        if not payload:
            click.echo(none)

    answer(as_json, payload, text)


@click.group()
def webhook() -> None:
    """Where a workspace's events are sent."""


@webhook.command("list")
@workspace_option
@json_option
@data_option
def list_(workspace: str | None, as_json: bool) -> None:
    """The webhooks, their states, and how many deliveries wait or failed."""
    from tandem.integrations.models import Webhook

    listed(
        workspace, as_json, Webhook.objects.visible_to, place="url", none="No webhook is here yet."
    )


@webhook.command("send-again")
@click.argument("delivery", required=False)
@click.option(
    "--failed", "number", type=int, metavar="ID", help="All failed ones of webhook or chat ID."
)
@workspace_option
@json_option
@data_option
def send_again(
    delivery: str | None, number: int | None, workspace: str | None, as_json: bool
) -> None:
    """Send one DELIVERY again, or with --failed all that failed. The worker does the sending."""
    from tandem.integrations.models import WebhookDelivery
    from tandem.integrations.webhooks.operations import delivery_send_again

    if (delivery is None) == (number is None):
        raise click.UsageError("Name a delivery, or --failed with a webhook's number.")
    member = operator(workspace)
    rows = WebhookDelivery.objects.filter(webhook__workspace_id=member.workspace_id)
    if delivery is not None:
        try:
            rows = rows.filter(pk=uuid.UUID(delivery))
        except ValueError:
            raise Refused(f"{delivery} is no delivery's number.", field="delivery") from None
        if not rows.exists():
            raise Refused(f"There is no delivery {delivery}.", field="delivery")
    elif number is not None:
        rows = rows.filter(webhook_id=number, state="failed")
    chosen = list(rows.select_related("webhook").order_by("sequence"))
    for row in chosen:
        delivery_send_again(by=member, delivery=row)
    payload = {"sent_again": [str(row.pk) for row in chosen]}
    answer(as_json, payload, lambda: click.echo(f"{len(chosen)} will be sent again."))
