"""Frontiers: computed in the background, kept by their inputs, and a point of one as a plan."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item, Kind
from tandem.core import events
from tandem.core.errors import Refused
from tandem.delivery.models import Team
from tandem.planning.calculations import Prepared
from tandem.planning.calculations_debt import exchange_of
from tandem.planning.calculations_explain import problem_name
from tandem.planning.calculations_frontier import ENGINE_VERSION
from tandem.planning.calculations_lenses import lens_points, lens_words
from tandem.planning.calculations_solved import listed_json
from tandem.planning.models import (
    DebtPrice,
    Frontier,
    FrontierKind,
    FrontierState,
    Plan,
    PlanItem,
    PlanSource,
    PlanState,
    Scenario,
)
from tandem.planning.operations.plans import prepared_for
from tandem.planning.queries_plan import committed_plan
from tandem.planning.sayings import with_sayings
from tandem_engine.words import figure, join, said

#: Grows when curves are computed otherwise: kept ones are then computed anew.
FORMAT = 2


@dataclass(frozen=True)
class Asked:
    """Everything a curve is computed from."""

    ready: Prepared
    points: dict[str, tuple[float, float]]
    interest: dict[str, float]
    weeks: float
    unpriced: int

    def fingerprint(self, kind: str) -> str:
        more: Any = (
            sorted(self.points.items())
            if kind == FrontierKind.LENSES
            else [sorted(self.interest.items()), self.weeks]
        )
        text = json.dumps([FORMAT, kind, problem_name(self.ready), more])
        return hashlib.sha256(text.encode()).hexdigest()


def frontier_inputs(scenario: Scenario) -> Asked:
    """What a curve of the scenario is computed from, as things are now."""
    return inputs_of(scenario.product, prepared_for(scenario), scenario)


def inputs_of(product: Product, ready: Prepared, scenario: Scenario | None) -> Asked:
    """Lens points and interest of the problem's items; sprints last as long as the teams' do."""
    model = scenario.scoring_model_id if scenario else None
    found = lens_points(product, ready.items.values(), model)
    keys = {item.pk: key for key, item in ready.items.items()}
    debts = {pk: key for pk, key in keys.items() if ready.items[key].kind == Kind.DEBT}
    exchange = exchange_of(product, model, scenario.maximise if scenario else "score")
    prices = DebtPrice.objects.filter(item_id__in=debts)
    interest = {debts[price.item_id]: exchange.score(price) for price in prices}
    names = [team.name for team in ready.problem.teams]
    days = Team.objects.of(product).filter(name__in=names).values_list("sprint_days", flat=True)
    return Asked(
        ready,
        {keys[pk]: pair for pk, pair in found.items()},
        interest,
        min(days, default=14) / 7,
        len(debts) - len(interest),
    )


@transaction.atomic
def frontier_ask(*, by: Member, scenario: Scenario, kind: str) -> Frontier:
    """The curve of the scenario as it is now: the one at hand, or a new one in the background."""
    require(by, "plan.solve")
    from tandem.planning.tasks import frontier_compute

    if kind not in FrontierKind.values:
        raise Refused(
            _("%(value)s is none of %(known)s.")
            % {"value": kind, "known": ", ".join(FrontierKind.values)},
            field="kind",
        )
    name = frontier_inputs(scenario).fingerprint(kind)
    same = Frontier.objects.filter(
        scenario=scenario, kind=kind, fingerprint=name, engine_version=ENGINE_VERSION
    ).exclude(state=FrontierState.FAILED)
    kept = same.first()
    if kept is not None:
        return kept
    frontier = Frontier.objects.create(
        scenario=scenario,
        kind=kind,
        fingerprint=name,
        engine_version=ENGINE_VERSION,
        asked_by=by,
        asked_at=timezone.now(),
    )
    events.record(by=by, verb="frontier.asked", obj=frontier, product_id=scenario.product_id)
    frontier_compute.of(by.workspace_id).enqueue(frontier.pk)
    frontier.refresh_from_db()
    return frontier


@transaction.atomic
def frontier_keep(*, frontier_id: int, details: dict[str, Any]) -> None:
    """Write the computed curve."""
    rows = Frontier.objects.filter(pk=frontier_id, state=FrontierState.COMPUTING)
    rows.update(details=with_sayings(details), state=FrontierState.READY, ready_at=timezone.now())


@transaction.atomic
def frontier_pick(*, by: Member, frontier: Frontier, point: int) -> Plan:
    """The point's plan as a preview in the scenario; accepting and committing are later steps."""
    require(by, "plan.solve")
    points = frontier.details.get("points", [])
    if frontier.state != FrontierState.READY or not 0 <= point < len(points):
        raise Refused(_("There is no such point on this frontier."), field="point")
    chosen = points[point]
    scenario = frontier.scenario
    keys = [row[0] for sprint in chosen["sprints"] for row in sprint["placements"]]
    items = {item.key: item for item in _items(scenario, keys)}
    note = _note(frontier, point, chosen)
    plan = Plan.objects.create(
        scenario=scenario,
        state=PlanState.SOLVED,
        source=PlanSource.FRONTIER,
        note=note,
        status="feasible",
        value=chosen["score"],
        bound=None,
        gap=None,
        details=with_sayings(_details(frontier, chosen, items) | {"note": note}),
        fingerprint=frontier.fingerprint,
        engine_version=frontier.engine_version,
        asked_by=by,
        asked_at=timezone.now(),
        solved_at=timezone.now(),
        based_on=committed_plan(scenario.product),
    )
    teams = {team.name: team for team in Team.objects.of(scenario.product)}
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan,
            item=items[key],
            team=teams.get(team),
            sprint=sprint["number"],
            effort=effort,
            value=value,
        )
        for sprint in chosen["sprints"]
        for key, team, value, effort in sprint["placements"]
        if key in items
    )
    events.record(
        by=by,
        verb="plan.picked",
        obj=plan,
        product_id=scenario.product_id,
        changes={"point": [None, note]},
    )
    return plan


def _items(scenario: Scenario, keys: list[str]) -> list[Item]:
    found = list(Item.objects.with_keys(scenario.product, keys))
    for item in found:
        item.product = scenario.product
    return found


def _note(frontier: Frontier, point: int, chosen: dict[str, Any]) -> str:
    if frontier.kind == FrontierKind.DEBT:
        return said("Picked on the frontier: about %(share)s %% debt.", share=chosen["share"])
    named = [
        frontier.details["sentences"][name][0]
        for name, place in frontier.details["marks"].items()
        if place == point and name in frontier.details["sentences"]
    ]
    value, technical = figure(chosen["value"], ",.0f"), figure(chosen["technical"], ",.0f")
    if not named:
        return said(
            "Picked on the frontier of the lenses: point %(point)s, %(value)s value-lens and "
            "%(technical)s technical-lens points.",
            point=point + 1,
            value=value,
            technical=technical,
        )
    names = [said(each) for each in named]
    return said(
        "Picked on the frontier of the lenses: %(names)s point, %(value)s value-lens and "
        "%(technical)s technical-lens points.",
        names=join(names[0], *(part for each in names[1:] for part in (", ", each))),
        value=value,
        technical=technical,
    )


def _details(frontier: Frontier, chosen: dict[str, Any], items: dict[str, Item]) -> dict[str, Any]:
    scenario = frontier.scenario
    ready = prepared_for(scenario)
    planned = {row[0]: row[3] for sprint in chosen["sprints"] for row in sprint["placements"]}
    points = lens_points(scenario.product, ready.items.values(), scenario.scoring_model_id)
    return {
        "sprints": [
            {name: value for name, value in sprint.items() if name != "placements"}
            for sprint in chosen["sprints"]
        ],
        "left_out": [
            {"key": key, "reason": N_("Not in the plan of this point."), "code": "frontier"}
            for key in ready.items
            if key not in planned
        ],
        "explanation": said(
            "%(count)s items worth %(value)s.",
            count=len(planned),
            value=figure(chosen["score"], ",.1f"),
        ),
        "maximised": frontier.details.get("maximised", "score"),
        "guesses": ready.guess_sentence,
        "notes": list(ready.notes),
        "score_and_cut": listed_json(ready),
        "guessed_efforts": sorted(ready.guessed_efforts),
        "guessed_values": sorted(ready.guessed_values),
        "words": lens_words(ready.items, planned, points, scenario.product.estimate_unit),
    }
