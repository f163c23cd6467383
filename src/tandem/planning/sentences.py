"""How this app's events read in the history and the activity."""

from tandem.backlog.history import say

for verb, sentence in {
    "scenario.created": "made the scenario",
    "scenario.updated": "changed the scenario",
    "scenario.deleted": "deleted the scenario",
    "scenario.capacity_set": "changed a sprint's capacity in the scenario",
    "scenario.team_set": "changed the scenario's teams",
    "rule.set": "set a rule",
    "rule.removed": "removed a rule",
    "agenda.asked": "had the agenda worked out",
    "plan.asked": "had a plan solved",
    "plan.cancelled": "stopped a solve",
    "plan.accepted": "accepted the plan into the scenario",
    "plan.picked": "picked a plan on the frontier",
    "plan.committed": "committed the plan",
    "frontier.asked": "had a frontier computed",
    "debt.priced": "said what the debt costs",
    "forecast.made": "kept a forecast",
}.items():
    say(verb, sentence)
