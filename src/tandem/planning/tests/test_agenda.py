"""The agenda: what it calls decisive changes the plan as it says, and nothing else does."""

import pytest

from tandem.accounts.tests.caller import Caller
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.planning.operations import scenarios
from tandem.planning.operations.agenda import agenda_ask
from tandem.planning.queries_agenda import agenda_shown, decisive_numbers
from tandem.planning.tests.plan_world import plan_of, planned
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.operations import rating_set

#: Places on the technical lens's criteria: far from the value lens's for Book, Pay and Map.
TECHNICAL = {"Book": 0.1, "Pay": 0.9, "Cancel": 0.1, "Map": 0.1, "Fix": 0.8}


def rate_technical(world, item, place):
    for criterion in model_in_force(world.product).rated("technical"):
        value = criterion.low + place * (criterion.high - criterion.low)
        rating_set(by=world.technical, item=item, criterion=criterion, value=value)


@pytest.fixture
def disputed(world, items, scenario, team):
    # One sprint of seven days: Book or Cancel beside Fix.
    scenarios.scenario_update(by=world.owner, scenario=scenario, sprints=1)
    scenarios.scenario_team_set(by=world.owner, scenario=scenario, team=team, capacity=7)
    for title, place in TECHNICAL.items():
        rate_technical(world, items[title], place)
    return items


def agenda_of(world, scenario):
    plan_of(world, scenario)
    agenda_ask(by=world.owner, scenario=scenario)
    return agenda_shown(world.product)


def test_a_resolution_changes_the_plan_as_the_agenda_says(world, disputed, scenario):
    shown = agenda_of(world, scenario)
    assert shown.fresh
    assert shown.found["decisive"]
    keys = {item.key: title for title, item in disputed.items()}
    for verdict in shown.found["decisive"]:
        before = planned(plan_of(world, scenario))
        title = keys[verdict["key"]]
        ending = next(
            e for e in verdict["endings"] if e["label"].startswith("To the Product Owner")
        )
        # The technical lens comes round to where the value lens puts the item.
        place = _value_place(world, disputed[title])
        rate_technical(world, disputed[title], place)
        after = planned(plan_of(world, scenario))
        assert {keys[key] for key in ending["enters"]} == set(after) - set(before)
        assert {keys[key] for key in ending["leaves"]} == set(before) - set(after)
        rate_technical(world, disputed[title], TECHNICAL[title])


def _value_place(world, item):
    from tandem.prioritisation.calculations import row_of, table_for

    model = model_in_force(world.product)
    return row_of(item, model, table_for(world.product, model)).value.likely / 100


def test_what_needs_no_meeting_changes_nothing(world, disputed, scenario):
    shown = agenda_of(world, scenario)
    keys = {item.key: item for item in disputed.values()}
    before = planned(plan_of(world, scenario))
    for verdict in shown.found["noise"]:
        item = keys[verdict["key"]]
        rate_technical(world, item, _value_place(world, item))
        assert set(planned(plan_of(world, scenario))) == set(before)
        rate_technical(world, item, TECHNICAL[item.title])


def test_it_is_out_of_date_after_a_rating_and_recorded_when_asked(world, disputed, scenario):
    agenda_of(world, scenario)
    assert Event.objects.filter(verb="agenda.asked").exists()
    rate_technical(world, disputed["Fix"], 0.2)
    assert not agenda_shown(world.product).fresh
    assert decisive_numbers(world.product) is not None


def test_it_needs_a_plan(world, items, scenario, client):
    with pytest.raises(Refused, match="Solve one first"):
        agenda_ask(by=world.owner, scenario=scenario)
    assert decisive_numbers(world.product) is None
    client.force_login(world.owner.user)
    address = f"/w/{world.workspace.slug}/{world.product.key}/prioritise/agenda/"
    assert "needs a plan first" in client.get(address).content.decode()
    refused = client.post(f"{address}work/", {"scenario": scenario.pk})
    assert refused.status_code == 422
    assert "Solve one first" in refused.content.decode()


def test_the_page_and_the_api_show_the_same_agenda(world, disputed, scenario, client):
    shown = agenda_of(world, scenario)
    client.force_login(world.technical.user)
    address = f"/w/{world.workspace.slug}/{world.product.key}/prioritise/agenda/"
    text = client.get(address).content.decode()
    assert shown.found["sentence"] in text
    first = shown.found["decisive"][0]
    assert first["endings"][0]["sentence"].split(":")[0] in text.replace("&#39;", "'")
    out = Caller(world.technical)("GET", f"/products/{world.product.key}/agenda").json()
    assert out["state"] == "ready"
    assert out["fresh"]
    assert [each["key"] for each in out["decisive"]] == [
        each["key"] for each in shown.found["decisive"]
    ]
    disputed["Fix"].delete()
    assert client.get(address).status_code == 200
