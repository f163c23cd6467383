"""Addresses of plans, below ``/w/<workspace>/<product>/``."""

from django.urls import path

from tandem.planning.views import plan

urlpatterns = [
    path("plan/", plan.plan, name="plan"),
    path("plan/solve/", plan.solve, name="plan-solve"),
    path("plan/teams/", plan.team_add, name="plan-team-add"),
    path("plan/scenarios/<int:pk>/rules/", plan.rule_add, name="rule-add"),
    path("plan/scenarios/<int:pk>/rules/<int:rule>/removal/", plan.rule_remove, name="rule-remove"),
    path("plan/plans/<int:pk>/commitment/", plan.commit, name="plan-commit"),
]
