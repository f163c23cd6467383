"""How this app's events read in the history and the activity."""

from tandem.backlog.history import say

for verb, sentence in {
    "team.created": "made the team",
    "team.updated": "changed the team",
    "sprint.created": "made the sprint",
    "sprint.updated": "changed the sprint",
    "sprint.running": "started the sprint",
    "sprint.finished": "finished the sprint",
    "sprint.item_added": "put the item into a sprint",
    "sprint.item_removed": "took the item out of a sprint",
}.items():
    say(verb, sentence)
