"""How this app's events read in the history and the activity."""

from tandem.backlog.history import say

for verb, sentence in {
    "scenario.created": "made the scenario",
    "scenario.updated": "changed the scenario",
    "scenario.team_set": "changed the scenario's teams",
    "rule.set": "set a rule",
    "rule.removed": "removed a rule",
    "plan.asked": "had a plan solved",
    "plan.committed": "committed the plan",
    "forecast.made": "kept a forecast",
}.items():
    say(verb, sentence)
