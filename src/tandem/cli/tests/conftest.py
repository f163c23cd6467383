"""The small backlog that plans are tried on."""

from tandem.planning.tests.plan_world import items, scenario, team

__all__ = ["items", "scenario", "team"]
