"""Addresses of plans, below ``/w/<workspace>/<product>/``."""

from django.urls import path

from tandem.planning.views import (
    compare,
    debt_price,
    frontier,
    plan,
    plans,
    rules,
    scenarios,
    what_if,
)

urlpatterns = [
    path("plan/", plan.plan, name="plan"),
    path("plan/solve/", plan.solve, name="plan-solve"),
    path("plan/compare/", compare.compare, name="compare"),
    path("plan/frontier/", frontier.frontier, name="frontier"),
    path("plan/debt/", frontier.debt, name="debt"),
    path("plan/debt/<str:key>/", debt_price.debt_price, name="debt-price"),
    path("plan/scenarios/<int:pk>/frontiers/", frontier.ask, name="frontier-ask"),
    path("plan/frontiers/<int:pk>/plans/", frontier.pick, name="frontier-pick"),
    path("plan/teams/", plan.team_add, name="plan-team-add"),
    path("plan/scenarios/", scenarios.create, name="scenario-create"),
    path("plan/scenarios/<int:pk>/what-if/", what_if.what_if, name="what-if"),
    path("plan/scenarios/<int:pk>/copy/", scenarios.copy, name="scenario-copy"),
    path("plan/scenarios/<int:pk>/name/", scenarios.rename, name="scenario-rename"),
    path("plan/scenarios/<int:pk>/removal/", scenarios.delete, name="scenario-delete"),
    path("plan/scenarios/<int:pk>/capacities/", scenarios.capacity, name="capacity-set"),
    path("plan/scenarios/<int:pk>/moves/", rules.move, name="plan-move"),
    path("plan/scenarios/<int:pk>/rules/", rules.rule_add, name="rule-add"),
    path(
        "plan/scenarios/<int:pk>/rules/<int:rule>/removal/", rules.rule_remove, name="rule-remove"
    ),
    path("plan/plans/<int:pk>/cancellation/", plans.cancel, name="plan-cancel"),
    path("plan/plans/<int:pk>/explanation/", plans.explain, name="plan-explain"),
    path("plan/plans/<int:pk>/acceptance/", plans.accept, name="plan-accept"),
    path("plan/plans/<int:pk>/commitment/", plans.commit, name="plan-commit"),
]
