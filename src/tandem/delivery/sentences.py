"""How this app's events read in the history and the activity."""

from django.utils.translation import gettext_noop as N_

from tandem.backlog.history_words import say

for verb, sentence in {
    "team.created": N_("made the team"),
    "team.updated": N_("changed the team"),
    "sprint.created": N_("made the sprint"),
    "sprint.updated": N_("changed the sprint"),
    "sprint.running": N_("started the sprint"),
    "sprint.finished": N_("finished the sprint"),
    "sprint.item_added": N_("put the item into a sprint"),
    "sprint.item_removed": N_("took the item out of a sprint"),
}.items():
    say(verb, sentence)
