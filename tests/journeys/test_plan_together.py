"""Features against debt: both roles look at one frontier, meet at the Nash point, and commit it."""

import re

import pytest
from playwright.sync_api import Page, expect

from journeys.stage import Stage
from tandem.planning import calculations_explain, calculations_frontier, tasks
from tandem.planning.models import Scenario

pytestmark = pytest.mark.journey


def solve(page: Page) -> None:
    page.get_by_role("button", name="Solve plan").click()
    expect(page.get_by_role("region", name="The plan, sprint by sprint")).to_be_visible()


def test_both_meet_on_the_frontier_and_the_board_shows_it(
    sample: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Background work is done inside the request here: less exact answers will do.
    monkeypatch.setattr(tasks, "TIME_LIMIT", 3.0)
    monkeypatch.setattr(tasks, "ALL_SECONDS", 3.0)
    monkeypatch.setattr(calculations_explain, "ONE_SECONDS", 0.5)
    monkeypatch.setattr(calculations_frontier, "SECONDS", 12.0)
    monkeypatch.setattr(calculations_frontier, "MOST_POINTS", 4)
    with sample.turn:
        pks = dict(Scenario.objects.values_list("name", "pk"))
        Scenario.objects.update(sprints=2)
        Scenario.objects.get(name="Next four sprints").capacities.all().delete()

    # Petra pushes features, Tariq debt: each has the own scenario solved.
    petra = sample.window(sample.people.owner, f"plan/?scenario={pks['Feature push']}")
    solve(petra)
    tariq = sample.window(sample.people.technical, f"plan/?scenario={pks['Debt push']}")
    solve(tariq)
    expect(
        tariq.get_by_text(re.compile("at least 35 % of the effort is debt")).first
    ).to_be_visible()

    # Beside each other: what each is worth, and what only one of them does.
    petra.goto(
        sample.address(f"plan/compare/?scenario={pks['Feature push']}&scenario={pks['Debt push']}")
    )
    figures = petra.get_by_role("table", name="Scenarios in figures")
    expect(figures.get_by_role("row").filter(has_text="Debt share of the effort")).to_contain_text(
        "%"
    )
    expect(petra.get_by_role("heading", name=re.compile("Where they differ"))).to_be_visible()

    # One frontier for both, with who gives up what at the Nash point.
    where = f"plan/frontier/?scenario={pks['Next four sprints']}"
    tariq.goto(sample.address(where))
    tariq.get_by_role("button", name="Compute the frontier").click()
    meet = tariq.get_by_role("region", name="Where the two can meet")
    expect(meet).to_contain_text("The Product Owner gives up")
    petra.goto(sample.address(where))
    nash = petra.get_by_role("region", name=re.compile("^Nash"))
    expect(nash).to_contain_text("The Technical Product Manager")
    nash.get_by_role("link", name=re.compile("^Nash.*: point")).click()
    expect(petra.get_by_role("heading", name=re.compile("^Point .*Nash"))).to_be_visible()
    petra.get_by_role("button", name="Open this plan").click()
    expect(
        petra.get_by_text(re.compile("Picked on the frontier of the lenses: Nash"))
    ).to_be_visible()

    # What every rule costs stands on the scenario's solved plan.
    tariq.goto(sample.address(f"plan/?scenario={pks['Next four sprints']}"))
    solve(tariq)
    expect(tariq.get_by_role("heading", name="What each rule costs")).to_be_visible()
    expect(tariq.get_by_role("heading", name="How likely it holds")).to_be_visible()

    # Petra accepts the Nash plan, Tariq commits it; the sprints hold it, and the board says so.
    petra.get_by_role("button", name="Accept into the scenario").click()
    expect(petra.get_by_text("not committed")).to_be_visible()
    tariq.goto(petra.url)
    tariq.get_by_role("button", name="Commit this plan").click()
    expect(tariq.get_by_text(re.compile("items came into sprints"))).to_be_visible()
    expect(tariq.get_by_text("The sprints hold exactly this.")).to_be_visible()
    petra.goto(sample.address("teams/"))
    sprint = petra.get_by_role("row").filter(has=petra.get_by_role("rowheader", name="14"))
    expect(sprint.first).to_contain_text("Planned")

    # A card moved by keys becomes a rule with a reason, and the plan around it is new.
    petra.goto(tariq.url)
    board = petra.get_by_role("region", name="The plan, sprint by sprint")
    board.get_by_role("button", name=re.compile("^Move ")).first.click()
    ask = petra.get_by_role("dialog")
    ask.get_by_label("To").select_option(label="Out of the plan")
    ask.get_by_label("Reason").fill("The harbour master asked for it later")
    ask.get_by_role("button", name="Make it a rule and solve").click()
    expect(petra.get_by_text(re.compile("is out by a rule now"))).to_be_visible()
    expect(
        petra.get_by_role("region", name="Rules").get_by_text(
            "The harbour master asked for it later"
        )
    ).to_be_visible()
