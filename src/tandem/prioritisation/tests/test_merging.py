from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as do
from tandem.prioritisation import operations as prioritise
from tandem.prioritisation.models import Rating, ScoringCriterion
from tandem.prioritisation.tests.rated_world import make_items


def test_ratings_move_with_their_days_but_where_the_member_rated_the_other(world):
    items = make_items(world, 2)
    model = prioritise.model_create(by=world.owner, product=world.product, preset="value_effort")
    first, second = ScoringCriterion.objects.filter(model=model, lens="value")[:2]
    give = prioritise.rating_set
    give(by=world.owner, item=items[0], criterion=first, value=1)
    give(by=world.owner, item=items[1], criterion=first, value=5)
    give(by=world.owner, item=items[1], criterion=second, value=3)
    day = Rating.objects.get(item=items[1], criterion=second).rated_at
    do.items_merge(by=world.owner, item=items[1], into=items[0])
    held = {each.criterion_id: each for each in Rating.objects.filter(item=items[0]).current()}
    assert (held[first.pk].value, held[second.pk].value, held[second.pk].rated_at) == (1, 3, day)


def test_a_session_takes_old_keys_as_the_item_they_were_merged_into(world):
    items = make_items(world, 4)
    prioritise.model_create(by=world.owner, product=world.product, preset="value_effort")
    do.items_merge(by=world.owner, item=items[1], into=items[0])
    keys = [items[3].key, items[1].key.lower(), items[0].key, items[2].key]
    body = {"name": "March", "kind": "estimate", "pace": "live", "items": keys}
    owner = Caller(world.owner)
    made = owner("POST", "/products/FERRY/rating-sessions", body)
    assert [each["item"] for each in made.json()["items"]] == [items[at].key for at in (3, 0, 2)]
    refused = owner("POST", "/products/FERRY/rating-sessions", body | {"items": ["FERRY-99"]})
    assert (refused.status_code, refused.json()["field"]) == (422, "items")
