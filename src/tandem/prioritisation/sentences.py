"""How this app's events read in the history and the activity."""

from tandem.backlog.history import say

for verb, sentence in {
    "item.rated": "rated {field}",
    "model.created": "made the scoring model",
    "model.renamed": "renamed the scoring model",
    "model.archived": "put the scoring model into the archive",
    "model.restored": "brought the scoring model back",
    "model.made_default": "made this the model plans use",
    "model.weight_set": "changed a weight",
}.items():
    say(verb, sentence)
