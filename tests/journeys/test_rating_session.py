"""The whole job of two: rated blind and live in two browsers, habit told from dispute, the decisive
items settled on the agenda, and the plan changed as the agenda had said."""

import datetime
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from journeys.browser import Trouble
from journeys.stage import PATIENCE, WIDE, sample_restore
from support.installation import Installation
from support.postgres import free_port
from tandem.backlog.models import Item
from tandem.planning.models import Scenario
from tandem.planning.operations.scenarios import scenario_team_set
from tandem.prioritisation.models import RatingSession, ScoringModel
from tandem.prioritisation.operations import ballot_give, raters_set, session_create

pytestmark = pytest.mark.journey

#: What both had said about the later items: she is a point higher each time, and that is habit.
BEFORE = ((4, 3), (5, 4), (3, 2), (4, 3), (2, 1), (5, 4))


@dataclass(frozen=True)
class Hall:
    """A server that can stream (the tests' own cannot), its worker, and who is signed in."""

    url: str
    product: str
    session: str
    scenario: int
    cookies: dict[str, str]


@pytest.fixture
def hall(transactional_db: None, tmp_path: Path) -> Iterator[Hall]:
    """On a copy of the sample product: a live session, and one sprint of two small teams to plan."""
    people = sample_restore()
    scenario = Scenario.objects.select_related("product__workspace").get(name="Next four sprints")
    product = scenario.product
    scenario.capacities.all().delete()
    Scenario.objects.filter(pk=scenario.pk).update(sprints=1)
    for each, days in zip(scenario.teams.order_by("team__name"), (8, 14), strict=True):
        scenario_team_set(by=people.owner, scenario=scenario, team=each.team, capacity=days)
    model = ScoringModel.objects.get(product=product, is_default=True)
    both = ["product_owner", "technical_pm"]
    model = raters_set(by=people.owner, model=model, raters={"urgency": both})
    items = list(
        Item.objects.of(product)
        .plannable()
        .select_related("product")
        .order_by("-rank")[: len(BEFORE) + 1]
    )
    session = session_create(
        by=people.owner,
        product=product,
        name="What is urgent",
        items=items,
        deadline=timezone.now() + datetime.timedelta(days=1),
        model=model,
        criteria=["urgency"],
        members=[people.technical],
    )
    urgency = model.criteria.get(slug="urgency")
    entries = session.entries.select_related("session", "item__product").order_by("position")[1:]
    for entry, said in zip(entries, BEFORE, strict=True):
        for member, value in zip((people.owner, people.technical), said, strict=True):
            ballot_give(by=member, entry=entry, criterion=urgency, value=value)
    # What they had given in their own time they go through together now.
    RatingSession.objects.filter(pk=session.pk).update(pace="live", deadline=None)
    cookies = {}
    for member in (people.owner, people.technical):
        client = Client()
        client.force_login(member.user)
        cookies[member.name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "tandem.sqlite3") as copy:
        connection.connection.backup(copy)
    port = free_port()
    environment = Installation(tmp_path).environment | {"TANDEM_SECRET_KEY": settings.SECRET_KEY}
    url = f"http://127.0.0.1:{port}"
    running: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> None:
        running.append(subprocess.Popen([sys.executable, "-m", "tandem", *words], env=environment))

    home = f"/w/{people.workspace.slug}/{product.key}/"
    try:
        start("serve", "--port", str(port))
        while not is_up(url):
            assert running[0].poll() is None, "The server did not start."
            time.sleep(0.05)
        start("worker")
        yield Hall(
            url,
            home,
            f"{home}prioritise/sessions/{session.pk}/",
            scenario.pk,
            cookies,
        )
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(timeout=30)


def window(browser: Browser, hall: Hall, who: str, trouble: Trouble) -> Page:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": hall.cookies[who], "url": hall.url}
    context.add_cookies([cookie])
    page = context.new_page()
    trouble.watch(page, who)
    page.goto(hall.url + hall.session)
    expect(page.locator("#session[data-live-state=on]")).to_be_visible()
    return page


def is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5):
            return True
    except OSError:
        return False


def settle(page: Page, key: str, reason: str) -> None:
    """On the agenda: the Product Owner is followed."""
    page.get_by_text(f"Settle {key}", exact=True).click()
    form = page.locator("details[open]")
    form.get_by_label("Settle it").select_option(label="To the Product Owner's value")
    form.get_by_label("Reason").fill(reason)
    form.get_by_role("button", name="Settle").click()
    settled = page.get_by_role("region", name="Settled").get_by_role("listitem")
    expect(settled.filter(has_text=f"{key} was settled to the Product Owner")).to_have_count(1)


def test_two_rate_blind_settle_what_is_decisive_and_the_plan_changes_as_predicted(
    hall: Hall, chromium: Browser, trouble: Trouble
) -> None:
    petra_name, tariq_name = hall.cookies
    petra, tariq = (window(chromium, hall, who, trouble) for who in hall.cookies)

    # Each answers with a digit; the other sees that, and not what.
    petra.keyboard.press("1")
    expect(petra.get_by_text("Saved")).to_be_visible()
    tariq.keyboard.press("5")
    expect(tariq.get_by_text("Saved")).to_be_visible()
    raters = petra.get_by_role("region", name="Raters")
    expect(raters.get_by_role("listitem").filter(has_text=tariq_name)).to_contain_text("7 of 7")
    expect(petra.locator("svg.strip")).to_have_count(0)
    expect(tariq.locator("svg.strip")).to_have_count(0)

    # The cards turn in both windows.
    petra.keyboard.press("v")
    for page in (petra, tariq):
        strip = page.locator("svg.strip")
        expect(strip).to_have_count(1)
        expect(strip).to_have_attribute("aria-label", re.compile(f"{petra_name} 1"))
        expect(strip).to_have_attribute("aria-label", re.compile(f"{tariq_name} 5"))

    # A value that is nobody's needs a reason.
    petra.get_by_label("Final value").focus()
    petra.keyboard.press("ControlOrMeta+a")
    petra.keyboard.type("3")
    petra.keyboard.press("Enter")
    expect(petra.get_by_text("Nobody gave 3. Say why it is the right one.")).to_be_visible()
    petra.keyboard.press("Tab")
    while petra.evaluate("() => document.activeElement?.name") != "urgency-reason":
        petra.keyboard.press("Tab")
    petra.keyboard.type("The port opens later")
    petra.keyboard.press("Enter")
    for page in (petra, tariq):
        expect(page.get_by_text("Settled and locked")).to_be_visible()
        expect(page.locator("#session-main")).to_contain_text("The port opens later")

    # On to the next item, in both windows.
    expect(petra.locator("#session[data-live-state=on]")).to_be_visible()
    items = petra.get_by_role("region", name="Items").get_by_role("listitem")
    first, second = (items.nth(place).inner_text().split()[0] for place in (0, 1))
    petra.keyboard.press("j")
    for page in (petra, tariq):
        expect(page.get_by_role("article", name=second)).to_be_visible()

    # All cards turned: what is habit moves every item alike, the first item is disputed.
    petra.get_by_role("button", name="Reveal all").click()
    for page in (petra, tariq):
        expect(page.locator("#session-main svg.strip")).to_have_count(1)
    tariq.reload()
    for page in (petra, tariq):
        expect(page.get_by_text(re.compile("of the disagreement is habit"))).to_be_visible()
        expect(
            page.get_by_text(re.compile(f"{first} is seen differently beyond any habit"))
        ).to_be_visible()
    petra.get_by_role("button", name="Close", exact=True).click()
    petra.get_by_role("button", name="Close session").click()
    expect(petra.get_by_text("closed").first).to_be_visible()

    # The agenda of the sprint's plan names two decisive items; each of the two settles one.
    petra.goto(f"{hall.url}{hall.product}plan/?scenario={hall.scenario}")
    petra.get_by_role("button", name="Solve plan").click()
    expect(petra.get_by_role("region", name="The plan, sprint by sprint")).to_be_visible()
    where = f"{hall.url}{hall.product}prioritise/agenda/?scenario={hall.scenario}"
    petra.goto(where)
    petra.get_by_role("button", name=re.compile("Work (out the agenda|it out again)")).click()
    expect(petra.get_by_text(re.compile("^2 of .* disputed items change the plan"))).to_be_visible()
    talk = petra.get_by_role("region", name="To talk about").get_by_role("listitem")
    keys = [
        each.inner_text().removeprefix("Settle ")
        for each in talk.get_by_text(re.compile("^Settle ")).all()
        if each.evaluate("(it) => it.tagName") == "SUMMARY"
    ]
    assert len(keys) == 2
    # Both are settled, the page says what the two change together, and the plan is solved again.
    settle(petra, keys[0], "The winter timetable leaves no choice")
    tariq.goto(where)
    settle(tariq, keys[1], "The same contract ends then")
    expect(tariq.get_by_text("Predicted for all of them together")).to_be_visible()
    tariq.get_by_role("button", name="Solve the plan again").click()
    expect(tariq.get_by_text("The plan changed as predicted.")).to_be_visible()
    petra.goto(where)
    expect(petra.get_by_text("The plan changed as predicted.")).to_be_visible()
    for page in (petra, tariq):
        page.context.close()
