"""How this app's events read in the history and the activity."""

from tandem.backlog.history import say

for verb, sentence in {
    "item.rated": "rated {field}",
    "model.created": "made the scoring model",
    "model.made_default": "made this the model plans use",
    "model.weight_set": "changed a weight",
}.items():
    say(verb, sentence)
