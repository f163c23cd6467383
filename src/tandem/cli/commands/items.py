"""``tandem items``: a product's items, found by the same filter as on the pages."""

import itertools
from typing import Any

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


@click.group()
def items() -> None:
    """A product's items."""


@items.command("list")
@click.argument("filter_text", metavar="[FILTER]", default="")
@product_option
@click.option("--limit", type=click.IntRange(1), default=None, metavar="N", help="At most N items.")
@workspace_option
@json_option
@data_option
def list_(
    filter_text: str, key: str, limit: int | None, workspace: str | None, as_json: bool
) -> None:
    """The items that fit FILTER, in its order. Changes nothing.

    \b
    tandem items list 'kind:bug status:open -label:ux sort:-updated' --product WEB

    A space means and, a comma or, a minus not; words without a field must stand in the title.
    Without status or category: open and started items. A filter that cannot be read is refused
    with its word marked.

    \b
    --json prints an array. Each item:
      key, kind, title, status, category, assignee, labels
      estimate   low, likely, high, or null each
      due_date, created_at, updated_at
    """
    from tandem.accounts.permissions import require
    from tandem.backlog.filters import ItemFilter
    from tandem.backlog.models import Item

    member = member_for(key, workspace)
    require(member, "item.view")
    product = product_of(member, key)
    wanted = ItemFilter.read(filter_text, product, member)
    found = (
        wanted.apply(Item.objects.of(product))
        .select_related("status", "assignee__user")
        .prefetch_related("labels")
        .order_by(*wanted.order)
    )
    rows = itertools.islice(found.iterator(chunk_size=1000), limit)
    payload = [_payload(product.key, item) for item in rows]

    def text() -> None:
        for each in payload:
            click.echo("\t".join([each["key"], each["kind"], each["status"], each["title"]]))

    answer(as_json, payload, text)


def _payload(key: str, item: Any) -> dict[str, Any]:
    return {
        "key": f"{key}-{item.number}",
        "kind": item.kind,
        "title": item.title,
        "status": item.status.name,
        "category": item.status.category,
        "assignee": item.assignee.name if item.assignee else None,
        "labels": sorted(label.name for label in item.labels.all()),
        "estimate": {
            "low": item.estimate_low,
            "likely": item.estimate_likely,
            "high": item.estimate_high,
        },
        "due_date": item.due_date and item.due_date.isoformat(),
        "created_at": item.created_at.isoformat(),
        "updated_at": item.updated_at.isoformat(),
    }
