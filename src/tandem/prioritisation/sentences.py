"""How this app's events read in the history and the activity."""

from django.utils.translation import gettext_noop as N_

from tandem.backlog.history_words import name_fields, say
from tandem.prioritisation.models import ScoringCriterion

for verb, sentence in {
    "item.rated": N_("rated {field}"),
    "model.created": N_("made the scoring model"),
    "model.copied": N_("copied the scoring model"),
    "model.renamed": N_("renamed the scoring model"),
    "model.archived": N_("put the scoring model into the archive"),
    "model.restored": N_("brought the scoring model back"),
    "model.made_default": N_("made this the model plans use"),
    "model.weight_set": N_("changed a weight"),
    "model.formula_changed": N_("changed the formula"),
    "model.criterion_added": N_("added a criterion"),
    "model.criterion_changed": N_("changed a criterion"),
    "model.criterion_moved": N_("put the criteria into another order"),
    "model.criterion_removed": N_("took a criterion out"),
    "model.criterion_returned": N_("brought a criterion back"),
    "model.went_back": N_("went back to an earlier version"),
    "model.weights_answered": N_("answered how much the criteria weigh"),
    "model.raters_set": N_("changed who rates {field}"),
    "model.expiry_set": N_("changed how long ratings of {field} count"),
    "item.revealed": N_("revealed ratings in a session"),
    "item.settled": N_("settled in a session"),
    "rating.challenged": N_("challenged a rating"),
    "rating.challenge_answered": N_("answered a challenge"),
    "rating.challenge_withdrawn": N_("withdrew a challenge"),
    "session.created": N_("made the rating session"),
    "session.updated": N_("changed the rating session"),
    "session.invited": N_("invited to the rating session"),
    "session.joined": N_("joined the rating session"),
    "session.ballot_given": N_("gave a value in the rating session"),
    "session.ballot_changed": N_("changed a value in the rating session"),
    "session.ballot_skipped": N_("passed over an item in the rating session"),
    "session.item_revealed": N_("revealed an item of the rating session"),
    "session.item_again": N_("had an item rated again in the rating session"),
    "session.item_settled": N_("settled an item of the rating session"),
    "session.stepped": N_("put another item on the table of the rating session"),
    "session.revealed": N_("revealed the rating session"),
    "session.closed": N_("closed the rating session"),
}.items():
    say(verb, sentence)


def _criteria(models: set[int]) -> dict[int, dict[str, str]]:
    """What the models' criteria are called, by their slugs."""
    found: dict[int, dict[str, str]] = {}
    rows = ScoringCriterion.objects.filter(model__in=models).values_list("model", "slug", "name")
    for model, slug, name in rows:
        found.setdefault(model, {})[slug] = name
    return found


name_fields("scoringmodel", _criteria)
