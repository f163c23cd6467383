"""``tandem session``: rating sessions, by the operations that the pages and the API call."""

from typing import TYPE_CHECKING, Any

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
from tandem.core.errors import Refused

if TYPE_CHECKING:
    from tandem.accounts.models import Member
    from tandem.prioritisation.models import RatingSession

as_option = click.option(
    "--as", "mail", default=None, metavar="MAIL", help="Who does it (default: the administrator)."
)
number = click.argument("number", type=click.IntRange(min=1))


@click.group()
def session() -> None:
    """Rating sessions: what is open, opening one, rating, revealing, closing.

    \b
    --json prints what the API answers: of list an array of lines, else one session with its
    items; before the reveal nobody else's values are in it.
    """


def _who(key: str, workspace: str | None, mail: str | None) -> "Member":
    from tandem.accounts.models import Member

    operator = member_for(key, workspace)
    if mail is None:
        return operator
    rows = Member.objects.visible_to(operator).active().select_related("user", "workspace")
    found = rows.filter(user__email__iexact=mail.strip()).first()
    if found is None:
        raise Refused(f"Nobody of {operator.workspace.name} has the address {mail}.", field="as")
    return found


def _session(member: "Member", key: str, number: int) -> "RatingSession":
    from tandem.accounts.permissions import require
    from tandem.prioritisation.models import RatingSession

    require(member, "score.view")
    rows = RatingSession.objects.filter(product=product_of(member, key), pk=number)
    found = rows.select_related("product", "model", "facilitator__user").first()
    if found is None:
        raise Refused(f"There is no session {number} of {key.upper()}.", field="number")
    return found


def _tell(member: "Member", found: "RatingSession", as_json: bool) -> None:
    from tandem.prioritisation.session_payload import session_payload

    payload = session_payload(member, found)

    def text() -> None:
        click.echo(f"{payload['id']} {payload['name']}: {payload['state']}, {payload['kind']}.")
        for each in payload["progress"]:
            click.echo(f"  {each['rater']}: {each['done']} of {each['total']}")
        for item in payload["items"]:
            click.echo(f"{item['item']}\t{item['title']}")
            for outcome in item["outcomes"]:
                said = ", ".join(f"{v.rater} {v.value:g}" for v in outcome["values"])
                final = outcome["final"]
                settled = f"; settled at {final['value']:g}" if final else ""
                click.echo(f"  {outcome['criterion']}: {said or 'nothing'}{settled}")
            for slug, mine in item["mine"].items():
                click.echo(f"  {slug}: you said {mine['value']:g}")

    answer(as_json, _plain(payload), text)


def _plain(value: Any) -> Any:
    """Values of dataclasses as objects."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "rater"):
        names = ("rater", "value", "low", "high", "confidence", "note")
        return {name: getattr(value, name) for name in names}
    return value


@session.command("list")
@product_option
@click.option("--limit", type=click.IntRange(1, 500), default=50, help="At most so many lines.")
@workspace_option
@as_option
@json_option
@data_option
def list_(key: str, limit: int, workspace: str | None, mail: str | None, as_json: bool) -> None:
    """The product's sessions, the newest first."""
    from tandem.accounts.permissions import require
    from tandem.prioritisation.queries_session_list import session_page
    from tandem.prioritisation.session_payload import line_payload

    member = _who(key, workspace, mail)
    require(member, "score.view")
    lines, _ = session_page(product_of(member, key), None, limit)
    payload = [line_payload(each) for each in lines]

    def text() -> None:
        for row in payload:
            told = f"{row['settled']} of {row['items']} settled, {row['raters']} raters"
            click.echo(f"{row['id']}\t{row['state']}\t{row['name']}\t{told}")
        if not payload:
            click.echo("No session was held yet: tandem session open.")

    answer(as_json, payload, text)


@session.command("show")
@number
@product_option
@workspace_option
@as_option
@json_option
@data_option
def show(number: int, key: str, workspace: str | None, mail: str | None, as_json: bool) -> None:
    """One session: its items, who is how far, and what is revealed."""
    member = _who(key, workspace, mail)
    _tell(member, _session(member, key, number), as_json)


@session.command("open")
@click.argument("name")
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@product_option
@click.option("--until", type=click.DateTime(), help="The deadline, in the workspace's zone.")
@click.option("--live", is_flag=True, help="Together, item by item, without a deadline.")
@click.option("--kind", type=click.Choice(["rating", "estimate"]), default="rating")
@click.option("--model", default=None, metavar="NAME", help="Default: the one plans use.")
@click.option("--criterion", "criteria", multiple=True, metavar="SLUG", help="Only these.")
@click.option("--invite", multiple=True, metavar="MAIL", help="Who takes part as well.")
@workspace_option
@as_option
@json_option
@data_option
def open_(
    name: str,
    items: tuple[str, ...],
    key: str,
    until: Any,
    live: bool,
    kind: str,
    model: str | None,
    criteria: tuple[str, ...],
    invite: tuple[str, ...],
    workspace: str | None,
    mail: str | None,
    as_json: bool,
) -> None:
    """Open a session NAME over the items with these keys."""
    from tandem.accounts.permissions import require
    from tandem.backlog.models import Item
    from tandem.prioritisation.calculations import model_in_force
    from tandem.prioritisation.operations import session_create

    member = _who(key, workspace, mail)
    require(member, "session.hold")
    product = product_of(member, key)
    rows = {each.key: each for each in Item.objects.with_keys(product, items)}
    for word in items:
        if word.upper() not in rows:
            raise Refused(f"There is no item {word[:40]} in {product.key}.", field="items")
    made = session_create(
        by=member,
        product=product,
        name=name,
        items=[rows[word.upper()] for word in items],
        kind=kind,
        pace="live" if live else "deadline",
        deadline=until.replace(tzinfo=product.workspace.zone) if until else None,
        model=model_in_force(product, model).row if model else None,
        criteria=criteria,
        members=[_who(key, workspace, each) for each in invite],
    )
    _tell(member, _session(member, key, made.pk), as_json)


@session.command("rate")
@number
@click.argument("item")
@click.argument("criterion")
@click.argument("value")
@product_option
@click.option("--low", type=float, help="P10, with --high.")
@click.option("--high", type=float, help="P90, with --low.")
@click.option("--confidence", type=click.FloatRange(0, 1), help="0 to 1.")
@click.option("--note", default="", help="Why.")
@workspace_option
@as_option
@json_option
@data_option
def rate(
    number: int,
    item: str,
    criterion: str,
    value: str,
    key: str,
    low: float | None,
    high: float | None,
    confidence: float | None,
    note: str,
    workspace: str | None,
    mail: str | None,
    as_json: bool,
) -> None:
    """Give VALUE for an ITEM on a CRITERION (or "effort"); hidden from others until the reveal."""
    from tandem.backlog.models import Item
    from tandem.prioritisation.models import ScoringCriterion, SessionKind
    from tandem.prioritisation.operations import ballot_give
    from tandem.prioritisation.session_scales import EFFORT

    member = _who(key, workspace, mail)
    found = _session(member, key, number)
    rows = found.entries.select_related("item__product")
    entry = rows.filter(item__in=Item.objects.with_keys(found.product, [item])).first()
    if entry is None:
        raise Refused(f"{item[:40]} is not in this session.", field="item")
    entry.session = found
    asked = None
    if criterion != EFFORT or found.kind == SessionKind.RATING:
        of_model = ScoringCriterion.objects.filter(model_id=found.model_id)
        asked = of_model.filter(slug=criterion).first()
        if asked is None:
            raise Refused(f"This session asks no {criterion[:40]}.", field="criterion")
    ballot_give(
        by=member,
        entry=entry,
        criterion=asked,
        value=value,
        low=low,
        high=high,
        confidence=confidence,
        note=note,
    )
    _tell(member, _session(member, key, number), as_json)


@session.command("reveal")
@number
@product_option
@workspace_option
@as_option
@json_option
@data_option
def reveal(number: int, key: str, workspace: str | None, mail: str | None, as_json: bool) -> None:
    """Turn all cards; no more values are taken."""
    from tandem.prioritisation.operations import session_reveal

    member = _who(key, workspace, mail)
    session_reveal(by=member, session=_session(member, key, number))
    _tell(member, _session(member, key, number), as_json)


@session.command("close")
@number
@product_option
@workspace_option
@as_option
@json_option
@data_option
def close(number: int, key: str, workspace: str | None, mail: str | None, as_json: bool) -> None:
    """Close the session for good; what is not revealed yet is."""
    from tandem.prioritisation.operations import session_close

    member = _who(key, workspace, mail)
    session_close(by=member, session=_session(member, key, number))
    _tell(member, _session(member, key, number), as_json)
