"""The main job: a backlog from an old tracker becomes a plan and a forecast both roles can defend."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from journeys.stage import Stage

pytestmark = pytest.mark.journey

JIRA = """\
Summary,Issue key,Issue id,Issue Type,Status,Project key,Priority,Created,Updated,Resolved,Description,Custom field (Story Points)
Pay by instalments,OLD-1,101,Story,To Do,OLD,High,02/Mar/26 9:00 AM,02/Mar/26 9:00 AM,,"Guests split a fare in three, ""interest free"".",5
Seat map on the phone,OLD-2,102,Story,To Do,OLD,Medium,02/Mar/26 9:05 AM,02/Mar/26 9:05 AM,,Choose a seat with the thumb.,8
Replace the old queue,OLD-3,103,Task,To Do,OLD,Low,02/Mar/26 9:10 AM,02/Mar/26 9:10 AM,,,3
Receipts arrive late,OLD-4,104,Bug,To Do,OLD,High,02/Mar/26 9:15 AM,02/Mar/26 9:15 AM,,,2
Timetable import,OLD-5,105,Story,Done,OLD,Medium,02/Feb/26 9:00 AM,20/Feb/26 9:00 AM,20/Feb/26 9:00 AM,,5
"""

#: What each says about an item, as the number of the level chosen for every criterion of the lens.
RATED = {"Pay by instalments": (4, 4), "Replace the old queue": (1, 4), "Seat map": (4, 1)}


def import_backlog(page: Page, file: Path) -> None:
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    # Check and map: the file speaks for itself.
    expect(page.get_by_text("5 of 5 rows can be imported")).to_be_visible()
    expect(page.get_by_label("Summary becomes")).to_have_value("title")
    page.get_by_role("button", name="Try it (dry run)").click()
    dry = page.get_by_role("region", name="The dry run")
    expect(dry).to_contain_text("All 5 rows would become new items")
    expect(dry).to_contain_text("Nothing was changed")
    dry.get_by_role("button", name="Import 5 items").click()
    expect(page.get_by_text("5 rows: 5 created.")).to_be_visible()
    expect(page.get_by_role("link", name="Pay by instalments")).to_be_visible()


def rate(page: Page, title: str, level: int) -> None:
    """In the ranking's own row: every criterion of the person's lens gets this level."""
    row = page.get_by_role("row").filter(has_text=title)
    cells = row.get_by_role("link", name=re.compile(r"not rated\. Rate$"))
    for left in range(cells.count(), 0, -1):
        cells.first.click()
        options = page.get_by_role("dialog").get_by_role("button")
        options.nth(level - 1).click()
        expect(cells).to_have_count(left - 1)


def test_a_backlog_becomes_a_plan_both_can_defend(fresh: Stage, tmp_path: Path) -> None:
    file = tmp_path / "old-tracker.csv"
    file.write_text(JIRA, encoding="utf-8-sig")

    petra = fresh.window(fresh.people.owner, "")
    petra.get_by_role("link", name="Import").first.click()
    import_backlog(petra, file)

    petra.goto(fresh.address("prioritise/"))
    tariq = fresh.window(fresh.people.technical, "prioritise/")
    for title, (value, technical) in RATED.items():
        rate(petra, title, value)
        rate(tariq, title, technical)

    # Each sees the other's view; the page says where they differ.
    petra.get_by_role("link", name="Differences").click()
    expect(petra.get_by_role("heading", name=re.compile("Where you differ"))).to_be_visible()
    differing = petra.get_by_role("row").filter(has_text="Seat map on the phone")
    expect(differing.get_by_role("img", name=re.compile("higher by"))).to_be_visible()

    # Every score opens its derivation, with who said what.
    petra.get_by_role("link", name="Ranking", exact=True).click()
    first = petra.get_by_role("row").filter(has_text="Pay by instalments")
    first.get_by_role("button", name=re.compile("Why")).first.click()
    why = petra.get_by_role("complementary", name="Peek")
    expect(why).to_contain_text("Petra Holm")
    expect(why).to_contain_text("Tariq Aziz")

    # Tariq adds the team and solves: the plan, its proof, and why things are out.
    tariq.goto(fresh.address("plan/"))
    tariq.get_by_label("Name", exact=True).fill("Harbour")
    tariq.get_by_label(re.compile("^Capacity in one sprint")).fill("6")
    tariq.get_by_role("button", name="Add team").click()
    tariq.get_by_label("Sprints to plan").fill("2")
    tariq.get_by_role("button", name="Solve plan").click()
    expect(tariq.get_by_role("region", name="The plan, sprint by sprint")).to_be_visible()
    expect(
        tariq.get_by_text(re.compile("optimal|no other|proven", re.IGNORECASE)).first
    ).to_be_visible()
    expect(tariq.get_by_text("No plan is worth more than")).to_be_visible()
    expect(tariq.get_by_role("heading", name=re.compile("Left out"))).to_be_visible()

    # Petra reads the same plan, and when so much could be done.
    petra.goto(fresh.address("plan/"))
    expect(petra.get_by_role("heading", name=re.compile("^Sprint 1"), level=2)).to_be_visible()
    petra.goto(fresh.address("forecast/"))
    ask = petra.get_by_role("form", name="Question")
    ask.get_by_label("Slowest pace, items a week").fill("1")
    ask.get_by_label("Fastest pace, items a week").fill("3")
    ask.get_by_role("button", name="Forecast").click()
    expect(petra.get_by_role("heading", name=re.compile("85 %"))).to_be_visible()
