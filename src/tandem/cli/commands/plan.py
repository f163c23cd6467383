"""``tandem plan``: solve a plan from the command line; of a scenario it can be kept and committed."""

import sys
from collections.abc import Callable
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

if TYPE_CHECKING:
    from tandem.planning.calculations_solved import Solved, Step

#: Option, how a value is written, what it says.
RULES = (
    ("--must", "KEY", "An item that must be in."),
    ("--must-not", "KEY", "An item that must not be in."),
    ("--in-sprint", "KEY:N", "An item that must be in sprint N."),
    ("--not-before", "KEY:N", "An item that may not be finished before sprint N."),
    ("--not-after", "KEY:N", "An item that may not be finished after sprint N."),
    ("--before", "KEY:KEY", "The first is finished before the second, if both are in."),
    ("--together", "KEY,KEY", "All of them are in, or none."),
    ("--at-most", "N:KEY,KEY", "So many of these at most."),
)


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, written, said in reversed(RULES):
        command = click.option(name, multiple=True, metavar=written, help=said)(command)
    return command


@click.command()
@product_option
@click.option(
    "--scenario", metavar="NAME", help="Plan this scenario: its teams, sprints and rules."
)
@click.option(
    "--team",
    "teams",
    multiple=True,
    metavar="NAME",
    help="Who delivers; may be given again, each with a --capacity. Needed without --scenario.",
)
@click.option(
    "--capacity",
    "capacities",
    multiple=True,
    metavar="N",
    help="Effort per sprint, in the product's unit.",
)
@click.option("--sprints", metavar="N", help="How many sprints to plan.")
@rule_options
@click.option("--debt-share", metavar="PERCENT", help="Smallest share of the effort that is debt.")
@click.option(
    "--debt-share-each-sprint",
    metavar="PERCENT",
    help="Smallest share of each single sprint's effort that is debt.",
)
@click.option(
    "--prerequisites-earlier",
    is_flag=True,
    help="A prerequisite is finished a sprint before what needs it, not in the same one.",
)
@click.option(
    "--model", default=None, metavar="NAME", help="A scoring model (default: the product's)."
)
@click.option(
    "--maximise",
    type=click.Choice(["benefit", "score"]),
    help="What a plan adds up: benefit (score times effort where the model divides by effort) or score.",
)
@click.option("--time-limit", default=10.0, show_default=True, type=click.FloatRange(0.1, 3600))
@click.option("--seed", default=0, type=click.IntRange(0))
@click.option(
    "--explain", is_flag=True, help="Price rules and left-out items, and find other plans."
)
@click.option(
    "--frontier",
    type=click.Choice(["lenses", "debt"]),
    help="The frontier instead of one plan: value against technical lens, or debt against features.",
)
@click.option("--keep", is_flag=True, help="Keep the plan with its --scenario, accepted.")
@click.option("--commit", "commits", is_flag=True, help="Keep it, and commit it into the sprints.")
@click.option("--over", metavar="N", type=int, help="With --commit: replace plan N knowingly.")
@workspace_option
@json_option
@data_option
def plan(key: str, workspace: str | None, as_json: bool, **asked: Any) -> None:
    """Solve which items go into which sprint. Changes nothing without --keep or --commit.

    Items meant for other teams stay out; items meant for nobody go to any of the named teams. With
    --scenario the teams, sprints and rules are the scenario's; rules given here come on top.
    """
    from tandem.accounts.permissions import require
    from tandem.cli.plan_asked import explained_for, frontier_for, kept_for, problem_for
    from tandem.planning.calculations_solved import solved

    member = member_for(key, workspace)
    require(member, "plan.solve")
    product = product_of(member, key)
    scenario, ready, extra = problem_for(product, asked)
    if asked["frontier"]:
        curve = frontier_for(product, scenario, ready, asked)
        answer(as_json, curve, lambda: _curve_text(curve))
        return
    if (asked["keep"] or asked["commits"]) and (scenario is None or extra):
        raise click.UsageError(
            "--keep and --commit take a --scenario as it is, without more rules."
        )
    result = solved(
        ready,
        seed=asked["seed"],
        time_limit=asked["time_limit"],
        on_progress=None if as_json or not sys.stderr.isatty() else _hear,
    )
    told = result.as_json()
    if asked["explain"]:
        told["prices"] = explained_for(ready, asked)
    if scenario is not None:
        told["scenario"] = scenario.name
        if asked["keep"] or asked["commits"]:
            told["plan"] = kept_for(member, scenario, result, asked)
    answer(as_json, told, lambda: _text(result, told))


def _hear(step: "Step") -> None:
    click.echo(f"{step.seconds:6.1f} s  {step.sentence}", err=True)


def _text(result: "Solved", told: dict[str, Any]) -> None:
    ready = result.prepared
    click.echo(result.plan.explain())
    for sprint in result.plan.sprints:
        click.echo(f"\nSprint {sprint.number}: {sprint.used:g} of {sprint.capacity:g}")
        for placement in sprint.placements:
            title = ready.items[placement.key].title
            click.echo(f"  {placement.key:<12} {placement.effort:>6g}  {title}")
    if ready.maximised == "benefit":
        click.echo("\nWorth counts benefit: the score times the effort it was divided by.")
    click.echo(f"\nScore and cut at the same capacity: {result.listed.value:.4g}")
    click.echo(ready.guess_sentence)
    for note in ready.notes:
        click.echo(note)
    _prices_text(told.get("prices"))
    if "plan" in told:
        click.echo(f"Kept as plan {told['plan']['id']}, {told['plan']['state']}.")


def _prices_text(prices: dict[str, Any] | None) -> None:
    if prices is None:
        return
    for rule in prices["rules"].values():
        click.echo(f"{rule['rule']}: {rule['text']}")
    for text in prices["entries"].values():
        click.echo(text)
    for other in prices["alternatives"]:
        click.echo(f"Instead: {other['text']}")


def _curve_text(curve: dict[str, Any]) -> None:
    named: dict[int, list[str]] = {}
    for name, place in curve["marks"].items():
        named.setdefault(place, []).append(name)
    for place, point in enumerate(curve["points"]):
        words = ", ".join(named.get(place, []))
        if "technical" in point:
            figures = f"value {point['value']:10.1f}  technical {point['technical']:10.1f}"
        else:
            figures = f"debt {point['share']:3d} %  features {point['features']:10.1f}"
            figures += f"  interest saved {point['saved']:8.1f}"
        click.echo(f"{place + 1:3d}  {figures}  score {point['score']:10.1f}  {words}")
    for said in curve["sentences"].values():
        click.echo(f"{said[0]}: {' '.join(said[1:])}")
    for note in curve["notes"]:
        click.echo(note)
