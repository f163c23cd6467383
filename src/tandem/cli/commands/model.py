"""``tandem model``: a product's scoring models, and copying one."""

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
    from tandem.prioritisation.calculations_models import ModelInForce


@click.group()
def model() -> None:
    """Scoring models: which there are, and copying one.

    \b
    --json prints what the API answers: of list an array of models, else one model with its
    criteria, weights and formula.
    """


def _payload(found: "ModelInForce") -> dict[str, Any]:
    from tandem.prioritisation.api.models import ModelOut, model_payload

    payload: dict[str, Any] = ModelOut.from_orm(model_payload(found)).dict()
    return payload


@model.command("list")
@product_option
@workspace_option
@json_option
@data_option
def list_(key: str, workspace: str | None, as_json: bool) -> None:
    """The product's models; the one that plans use comes first."""
    from tandem.accounts.permissions import require
    from tandem.prioritisation.calculations_models import models_of

    member = member_for(key, workspace)
    require(member, "score.view")
    found = [_payload(each) for each in models_of(product_of(member, key))]

    def text() -> None:
        for each in found:
            used = "\tplans use it" if each["is_default"] else ""
            click.echo(f"{each['name']}\t{len(each['criteria'])} criteria{used}")

    answer(as_json, found, text)


@model.command("copy")
@click.argument("name")
@product_option
@click.option("--to", default="", metavar="NAME", help="The copy's name (default: NAME, copy).")
@workspace_option
@json_option
@data_option
def copy(name: str, key: str, to: str, workspace: str | None, as_json: bool) -> None:
    """Another model with the criteria, anchors, weights and formula of NAME, and no ratings."""
    from tandem.prioritisation.calculations_models import model_in_force
    from tandem.prioritisation.models import ScoringModel
    from tandem.prioritisation.operations import model_copy

    member = member_for(key, workspace)
    product = product_of(member, key)
    row = ScoringModel.objects.filter(product=product, name__iexact=name.strip()).first()
    if row is None:
        raise Refused(f"{key.upper()} has no scoring model {name}: see tandem model list.")
    row.product = product
    made = model_copy(by=member, model=row, name=to)
    answer(
        as_json,
        _payload(model_in_force(product, made.pk)),
        lambda: click.echo(f"{made.name} was made, without ratings."),
    )
