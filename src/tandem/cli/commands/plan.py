"""``tandem plan``: solve a plan from the command line."""

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


@click.command()
@product_option
@click.option(
    "--team",
    "teams",
    multiple=True,
    required=True,
    metavar="NAME",
    help="Who delivers; may be given again, each with a --capacity.",
)
@click.option(
    "--capacity",
    "capacities",
    multiple=True,
    required=True,
    metavar="N",
    help="Effort per sprint, in the product's unit.",
)
@click.option("--sprints", required=True, metavar="N", help="How many sprints to plan.")
@click.option("--must", multiple=True, metavar="KEY", help="An item that must be in.")
@click.option("--must-not", multiple=True, metavar="KEY", help="An item that must not be in.")
@click.option(
    "--model", default=None, metavar="NAME", help="A scoring model (default: the product's)."
)
@click.option("--time-limit", default=10.0, show_default=True, type=click.FloatRange(0.1, 3600))
@click.option("--seed", default=0, type=click.IntRange(0))
@workspace_option
@json_option
@data_option
def plan(
    key: str,
    teams: tuple[str, ...],
    capacities: tuple[str, ...],
    sprints: str,
    must: tuple[str, ...],
    must_not: tuple[str, ...],
    model: str | None,
    time_limit: float,
    seed: int,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Solve which items go into which sprint. Changes nothing.

    Items meant for other teams stay out; items meant for nobody go to any of the named teams.
    """
    from tandem.accounts.permissions import require
    from tandem.backlog.models import Item
    from tandem.core.errors import Refused
    from tandem.delivery.models import Team
    from tandem.delivery.operations import capacity_checked
    from tandem.planning.calculations import TeamInput, prepared, solved
    from tandem.planning.operations.scenarios import sprints_checked
    from tandem.prioritisation.models import ScoringModel

    if len(teams) != len(capacities):
        raise click.UsageError("Give each --team its --capacity.")
    member = member_for(key, workspace)
    require(member, "plan.solve")
    product = product_of(member, key)
    rows = {team.name.casefold(): team for team in Team.objects.of(product)}
    wanted = []
    for name, capacity in zip(teams, capacities, strict=True):
        row = rows.get(name.casefold())
        amount = capacity_checked(capacity, "--capacity")
        wanted.append(TeamInput(row.name if row else name, amount, row.pk if row else None))

    def ids(keys: tuple[str, ...], option: str) -> list[int]:
        found = {
            item.key: item.pk
            for item in Item.objects.with_keys(product, keys).select_related("product")
        }
        for each in keys:
            if each.upper() not in found:
                raise Refused(f"There is no item {each}.", field=option)
        return list(found.values())

    model_id = None
    if model is not None:
        chosen = ScoringModel.objects.filter(product=product, name__iexact=model).first()
        if chosen is None:
            raise Refused(f"There is no scoring model {model}.", field="--model")
        model_id = chosen.pk
    ready = prepared(
        product,
        wanted,
        sprints_checked(sprints),
        must=ids(must, "--must"),
        must_not=ids(must_not, "--must-not"),
        scoring_model_id=model_id,
    )
    result = solved(ready, seed=seed, time_limit=time_limit)

    def text() -> None:
        click.echo(result.plan.explain())
        for sprint in result.plan.sprints:
            click.echo(f"\nSprint {sprint.number}: {sprint.used:g} of {sprint.capacity:g}")
            for placement in sprint.placements:
                title = ready.items[placement.key].title
                click.echo(f"  {placement.key:<12} {placement.effort:>6g}  {title}")
        click.echo(f"\nScore and cut at the same capacity: {result.listed.value:.4g}")
        click.echo(ready.guess_sentence)
        for note in ready.notes:
            click.echo(note)

    answer(as_json, result.as_json(), text)
