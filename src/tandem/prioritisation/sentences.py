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
    "model.formula_changed": "changed the formula",
    "model.criterion_added": "added a criterion",
    "model.criterion_changed": "changed a criterion",
    "model.criterion_moved": "put the criteria into another order",
    "model.criterion_removed": "took a criterion out",
    "model.criterion_returned": "brought a criterion back",
    "model.went_back": "went back to an earlier version",
    "model.weights_answered": "answered how much the criteria weigh",
}.items():
    say(verb, sentence)
