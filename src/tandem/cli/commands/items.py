"""``tandem items``: a product's items, found by the same filter as on the pages."""

import dataclasses
import itertools
from typing import IO, Any

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
        .order_by(*wanted.ordering)
    )
    rows = itertools.islice(found.iterator(chunk_size=1000), limit)
    payload = [_payload(product.key, item) for item in rows]

    def text() -> None:
        for each in payload:
            click.echo("\t".join([each["key"], each["kind"], each["status"], each["title"]]))

    answer(as_json, payload, text)


@items.command("add")
@click.argument("title")
@product_option
@click.option("--kind", default="", metavar="KIND", help="Without it the template's, or story.")
@click.option("--template", default="", metavar="NAME", help="A template, or: default.")
@click.option("--label", "labels", multiple=True, metavar="NAME", help="Each once.")
@workspace_option
@json_option
@data_option
def add(
    title: str,
    key: str,
    kind: str,
    template: str,
    labels: tuple[str, ...],
    workspace: str | None,
    as_json: bool,
) -> None:
    """Make an item at the backlog's end, beginning with a template when one is named.

    \b
    --json prints: key, kind, title
    """
    from tandem.backlog import operations as do
    from tandem.backlog.operations.templates import filled, template_named

    member = member_for(key, workspace)
    product = product_of(member, key)
    given: dict[str, Any] = {"kind": kind or "story", "labels": list(labels)}
    chosen = template_named(product, template, kind) if template else None
    fields = {"title": title, **given}
    if chosen is not None:
        given["kind"] = kind
        fields = filled(chosen, title, given)
    item = do.item_create(by=member, product=product, **fields)
    payload = {"key": item.key, "kind": item.kind, "title": item.title}
    answer(as_json, payload, lambda: click.echo(f"{item.key} {item.title}"))


@items.command("park")
@product_option
@click.option("--dry-run", is_flag=True, help="Say which, and park none.")
@workspace_option
@json_option
@data_option
def park(key: str, dry_run: bool, workspace: str | None, as_json: bool) -> None:
    """Park what the product's rule finds: open items nobody touched for long.

    \b
    --json prints: keys, more (whether the rule finds more than are parked at once)
    """
    from tandem.backlog import operations as do

    member = member_for(key, workspace)
    done = do.items_park(by=member, product=product_of(member, key), dry=dry_run)
    keys = [item.key for item in done.items]

    def text() -> None:
        for item in done.items:
            click.echo(f"{item.key}\t{item.title}")
        click.echo(f"{len(keys):,} {'would be ' if dry_run else ''}parked.")

    answer(as_json, {"keys": keys, "more": done.more}, text)


@items.command("revive")
@click.argument("keys", nargs=-1, required=True, metavar="KEY…")
@workspace_option
@json_option
@data_option
def revive(keys: tuple[str, ...], workspace: str | None, as_json: bool) -> None:
    """Bring parked items of one product back where they stood.

    \b
    --json prints: keys (of those that were parked)
    """
    from tandem.backlog import operations as do
    from tandem.backlog.models import Item

    product_key = keys[0].rpartition("-")[0].upper()
    member = member_for(product_key, workspace)
    product = product_of(member, product_key)
    ids = list(Item.objects.with_keys(product, keys).values_list("pk", flat=True))
    done = [item.key for item in do.items_revive(by=member, product=product, items=ids)]
    answer(as_json, {"keys": done}, lambda: click.echo(f"{len(done):,} revived."))


@items.command("paste")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@product_option
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@workspace_option
@json_option
@data_option
def paste(file: IO[str], key: str, dry_run: bool, workspace: str | None, as_json: bool) -> None:
    """Make an item of every row of FILE, or of standard input: tab separated, CSV, or titles.

    \b
    printf 'Title\\tKind\\nPay by card\\tstory\\n' | tandem items paste --product WEB

    Up to 2,000 rows, all or none; a cell that cannot be read is told with row and column, and
    the command leaves with 1. More rows: tandem import csv.

    \b
    --json prints: rows, columns, labels (new ones), keys, event (undoes the whole),
      troubles   row, column, message each
    """
    from tandem.accounts.permissions import require
    from tandem.backlog import operations as do
    from tandem.integrations.pasting import pasted

    member = member_for(key, workspace)
    require(member, "item.create")
    product = product_of(member, key)
    table = pasted(file.read(), by=member, product=product)
    made = do.items_create(by=member, product=product, rows=table.rows, dry=True)
    troubles = table.troubles_of(made)
    if not dry_run and not troubles:
        made = do.items_create(by=member, product=product, rows=table.rows)
    payload = {
        "rows": len(table.rows),
        "columns": table.targets,
        "labels": made.labels,
        "keys": [item.key for item in made.items] if made.event else [],
        "event": made.event.pk if made.event else None,
        "troubles": [dataclasses.asdict(each) for each in troubles],
    }

    def text() -> None:
        for each in troubles:
            click.echo(f"Row {each.row}, {each.column or 'all of it'}: {each.message}", err=True)
        if made.event:
            click.echo(f"{len(made.items):,} made: {made.items[0].key} to {made.items[-1].key}.")
        else:
            click.echo(f"{len(table.rows):,} rows; nothing was made.")

    answer(as_json, payload, text)
    if troubles and not dry_run:
        raise SystemExit(1)


@items.command("merge")
@click.argument("item_key", metavar="KEY")
@click.option("--into", required=True, metavar="KEY", help="The item that stays.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@workspace_option
@json_option
@data_option
def merge(item_key: str, into: str, dry_run: bool, workspace: str | None, as_json: bool) -> None:
    """Merge the item KEY into another: what hangs on it moves, its key leads there.

    \b
    --json prints: key, into, moved ([what, count] each), taken, left, event
    """
    from tandem.backlog import operations as do
    from tandem.backlog.queries_item import item_of as found

    product_key = item_key.rpartition("-")[0].upper()
    member = member_for(product_key, workspace)
    product = product_of(member, product_key)
    done = do.items_merge(
        by=member,
        item=_found(found, member, product, item_key),
        into=_found(found, member, product, into),
        dry=dry_run,
    )
    payload = {
        "key": done.item.key,
        "into": done.into.key,
        "moved": [[words[1], count] for count, words in done.moved],
        "taken": done.taken,
        "left": done.left,
        "event": done.event.pk if done.event else None,
    }

    def text() -> None:
        for count, words in done.moved:
            click.echo(f"{count:,} {words[0] if count == 1 else words[1]}")
        for each in done.left:
            click.echo(f"Stays behind: {each}")
        word = "Would merge" if dry_run else "Merged"
        click.echo(f"{word} {done.item.key} into {done.into.key}.")

    answer(as_json, payload, text)


@items.command("split")
@click.argument("item_key", metavar="KEY")
@click.option("--part", "parts", multiple=True, required=True, metavar="TITLE", help="Each once.")
@workspace_option
@json_option
@data_option
def split(item_key: str, parts: tuple[str, ...], workspace: str | None, as_json: bool) -> None:
    """Split new items off the item KEY, each named by --part; criteria are moved on the page.

    \b
    --json prints: parts (their keys), event
    """
    from tandem.backlog import operations as do
    from tandem.backlog.queries_item import item_of as found

    product_key = item_key.rpartition("-")[0].upper()
    member = member_for(product_key, workspace)
    item = _found(found, member, product_of(member, product_key), item_key)
    done = do.item_split(by=member, item=item, parts=[{"title": title} for title in parts])
    keys = [part.key for part in done.parts]
    payload = {"parts": keys, "event": done.event.pk if done.event else None}
    answer(as_json, payload, lambda: click.echo(" ".join(keys)))


def _found(find: Any, member: Any, product: Any, key: str) -> Any:
    from django.http import Http404

    from tandem.core.errors import Refused

    try:
        return find(member, product, key)
    except Http404:
        raise Refused(f"There is no item {key} in {product.key}.") from None


@items.command("move")
@click.argument("item", metavar="ITEM")
@click.argument("status", metavar="STATUS")
@click.option("--ask", "note", default=None, metavar="NOTE", help="Ask for the consent it needs.")
@workspace_option
@json_option
@data_option
def move(item: str, status: str, note: str | None, workspace: str | None, as_json: bool) -> None:
    """Put ITEM into STATUS, by the product's rules.

    \b
    tandem items move WEB-42 Ready
    tandem items move WEB-42 Done --ask 'All criteria are met.'

    A move that a rule holds back is refused with what is missing and changes nothing. Where it
    needs somebody's consent, --ask asks for it: the item moves with the last consent.

    \b
    --json prints an object: key, status, waits_for (roles whose consent is still waited for).
    """
    from tandem.backlog import operations as do
    from tandem.backlog.models import Item, status_named
    from tandem.core.errors import Refused

    key = item.rpartition("-")[0]
    member = member_for(key, workspace)
    product = product_of(member, key)
    found = Item.objects.with_keys(product, [item]).select_related("status").first()
    if found is None:
        raise Refused(f"There is no item {item}.")
    found.product = product
    known = do.statuses_ensure(product)
    to = status_named(known, status)
    if to is None:
        raise Refused(f"There is no status {status}. Statuses: {', '.join(map(str, known))}.")
    waits: list[str] = []
    if note is None:
        do.item_update(by=member, item=found, status=to)
    else:
        waits = do.approval_request(by=member, item=found, to=to, note=note).waits_for
    now = Item.objects.select_related("status").get(pk=found.pk).status.name
    payload = {"key": f"{product.key}-{found.number}", "status": now, "waits_for": waits}
    said = f"{payload['key']} is in {now}."
    if waits:
        said = f"{payload['key']} is in {now} and waits for {', '.join(waits)}."
    answer(as_json, payload, lambda: click.echo(said))


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
