"""What ``tandem plan`` was asked, as the planning app takes it."""

from typing import Any

import click

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.delivery.models import Team
from tandem.delivery.operations import capacity_checked
from tandem.planning.calculations import Prepared, TeamInput, prepared
from tandem.planning.calculations_explain import ALL_SECONDS, Clock, explained
from tandem.planning.calculations_frontier import debt_curve, lens_curve
from tandem.planning.calculations_rules import RuleInput
from tandem.planning.calculations_solved import Solved
from tandem.planning.models import Scenario
from tandem.planning.operations.frontiers import inputs_of
from tandem.planning.operations.plans import (
    in_running_sprints,
    plan_accept,
    plan_commit,
    plan_record,
    rules_for,
    teams_for,
)
from tandem.planning.operations.rules import share_checked
from tandem.planning.operations.scenarios import sprints_checked
from tandem.prioritisation.models import ScoringModel

KINDS = {"in_sprint": "in_sprint", "not_before": "earliest", "not_after": "latest"}


def problem_for(
    product: Product, asked: dict[str, Any]
) -> tuple[Scenario | None, Prepared, list[RuleInput]]:
    """The scenario, if one was named, the problem, and the rules that were given besides."""
    scenario = _scenario(product, asked["scenario"])
    extra = _rules(product, asked)
    teams = _teams(product, asked)
    if scenario is None:
        if not teams:
            raise click.UsageError("Give --team with --capacity, or a --scenario.")
        if asked["sprints"] is None:
            raise click.UsageError("Missing option '--sprints'.")
        number = sprints_checked(asked["sprints"])
    else:
        teams = teams or teams_for(scenario)
        if not teams:
            raise Refused("No team takes part in this scenario.", field="--scenario")
        number = sprints_checked(asked["sprints"] or scenario.sprints)
    model = _model(product, asked["model"])
    ready = prepared(
        product,
        teams,
        number,
        must=_ids(product, asked["must"], "--must"),
        must_not=_ids(product, asked["must_not"], "--must-not"),
        rules=[*(rules_for(scenario) if scenario else []), *extra],
        scoring_model_id=model or (scenario.scoring_model_id if scenario else None),
        same_sprint_allowed=not asked["prerequisites_earlier"]
        and (scenario is None or scenario.same_sprint_allowed),
        decay=scenario.decay if scenario else 0.0,
        maximise=asked.get("maximise") or (scenario.maximise if scenario else "score"),
        skip=in_running_sprints(scenario) if scenario and not scenario.running_too else None,
    )
    changed = bool(
        asked["must"]
        or asked["must_not"]
        or asked["teams"]
        or asked["sprints"]
        or asked.get("maximise")
        or model
    )
    return scenario, ready, extra or ([RuleInput("must")] if changed else [])


def _scenario(product: Product, name: str | None) -> Scenario | None:
    if name is None:
        return None
    found = Scenario.objects.filter(product=product, name__iexact=name).first()
    if found is None:
        known = ", ".join(product.scenarios.values_list("name", flat=True)) or "none yet"
        raise Refused(f"There is no scenario {name}. There is: {known}.", field="--scenario")
    found.product = product
    return found


def _teams(product: Product, asked: dict[str, Any]) -> list[TeamInput]:
    if len(asked["teams"]) != len(asked["capacities"]):
        raise click.UsageError("Give each --team its --capacity.")
    rows = {team.name.casefold(): team for team in Team.objects.of(product)}
    wanted = []
    for name, capacity in zip(asked["teams"], asked["capacities"], strict=True):
        row = rows.get(name.casefold())
        amount = capacity_checked(capacity, "--capacity")
        wanted.append(TeamInput(row.name if row else name, amount, row.pk if row else None))
    return wanted


def _ids(product: Product, keys: tuple[str, ...], option: str) -> list[int]:
    found = {
        item.key: item.pk
        for item in Item.objects.with_keys(product, keys).select_related("product")
    }
    for each in keys:
        if each.strip().upper() not in found:
            raise Refused(f"There is no item {each}.", field=option)
    return [found[each.strip().upper()] for each in keys]


def _rules(product: Product, asked: dict[str, Any]) -> list[RuleInput]:
    found = []
    for option, kind in KINDS.items():
        for text in asked[option]:
            name = f"--{option.replace('_', '-')}"
            key, _, number = text.rpartition(":")
            (item,) = _ids(product, (key,), name)
            found.append(RuleInput(kind, item, number=sprints_checked(number)))
    for text in asked["before"]:
        first, _, then = text.partition(":")
        pair = _ids(product, (first, then), "--before")
        found.append(RuleInput("before", pair[0], (pair[1],)))
    for text in asked["together"]:
        several = _ids(product, tuple(text.split(",")), "--together")
        found.append(RuleInput("together", several[0], tuple(several[1:])))
    for text in asked["at_most"]:
        number, _, keys = text.partition(":")
        several = _ids(product, tuple(keys.split(",")), "--at-most")
        if not number.isdecimal():
            raise Refused(f"{text}: write N:KEY,KEY.", field="--at-most")
        found.append(RuleInput("at_most", several[0], tuple(several[1:]), int(number)))
    for option, each in (("debt_share", False), ("debt_share_each_sprint", True)):
        if asked.get(option) is not None:
            share = share_checked(asked[option], f"--{option.replace('_', '-')}")
            found.append(RuleInput("share_min", item_kind="debt", share=share, each_sprint=each))
    return found


def _model(product: Product, name: str | None) -> int | None:
    if name is None:
        return None
    chosen = ScoringModel.objects.filter(product=product, name__iexact=name).first()
    if chosen is None:
        raise Refused(f"There is no scoring model {name}.", field="--model")
    return int(chosen.pk)


def explained_for(ready: Prepared, asked: dict[str, Any]) -> dict[str, Any]:
    """The prices of rules and entries; each rule carries its words, since it may have no number."""
    clock = Clock(ALL_SECONDS, lambda: False, lambda seconds, words: None)
    return explained(ready, asked["seed"], clock)


def frontier_for(
    product: Product, scenario: Scenario | None, ready: Prepared, asked: dict[str, Any]
) -> dict[str, Any]:
    """The points of a frontier, with the marked ones."""
    inputs = inputs_of(product, ready, scenario)
    seed = asked["seed"]
    curve = (
        lens_curve(ready, inputs.points, lambda *told: None, lambda: False, seed)
        if asked["frontier"] == "lenses"
        else debt_curve(
            ready, inputs.interest, inputs.weeks, lambda *told: None, lambda: False, seed
        )
    )
    return curve.as_json() | {"kind": asked["frontier"]}


def kept_for(
    member: Member, scenario: Scenario, result: Solved, asked: dict[str, Any]
) -> dict[str, Any]:
    """Keep the plan with its scenario, accepted, and commit it when asked to."""
    plan = plan_record(by=member, scenario=scenario, solved=result, seed=asked["seed"])
    plan = plan_accept(by=member, plan=plan)
    if asked["commits"]:
        plan = plan_commit(by=member, plan=plan, over=asked["over"])
    return {
        "id": plan.pk,
        "state": "committed" if plan.committed_at else "accepted",
        "written": plan.details.get("written"),
    }
