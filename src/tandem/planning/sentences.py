"""How this app's events read in the history and the activity."""

from django.utils.translation import gettext_noop as N_

from tandem.backlog.history_words import say

for verb, sentence in {
    "scenario.created": N_("made the scenario"),
    "scenario.updated": N_("changed the scenario"),
    "scenario.deleted": N_("deleted the scenario"),
    "scenario.capacity_set": N_("changed a sprint's capacity in the scenario"),
    "scenario.team_set": N_("changed the scenario's teams"),
    "rule.set": N_("set a rule"),
    "rule.removed": N_("removed a rule"),
    "agenda.asked": N_("had the agenda worked out"),
    "plan.asked": N_("had a plan solved"),
    "plan.cancelled": N_("stopped a solve"),
    "plan.accepted": N_("accepted the plan into the scenario"),
    "plan.picked": N_("picked a plan on the frontier"),
    "plan.committed": N_("committed the plan"),
    "frontier.asked": N_("had a frontier computed"),
    "debt.priced": N_("said what the debt costs"),
    "forecast.made": N_("kept a forecast"),
}.items():
    say(verb, sentence)
