"""Every page in light, dark and on phones: accessible (axe, WCAG 2.2 AA) and never too wide."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from journeys.browser import QUIET
from journeys.stage import WIDE, Stage
from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.integrations.models import ConnectedItem, Connection, ConnectionConflict
from tandem.planning import calculations_frontier
from tandem.prioritisation.models import RatingSession, ScoringModel, WeightWay

pytestmark = pytest.mark.journey

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
#: The narrowest phone: no rule of ours tells it from a wider one.
PHONE = {"width": 320, "height": 640}

#: What axe found, as lines "rule: selectors". Its preloading of styles would break the page's policy.
LOOK = """
async (options) => {
  const found = await axe.run(document, { ...options, preload: false, resultTypes: ["violations"] });
  return found.violations.map((each) =>
    `${each.id}: ${each.nodes.slice(0, 4).map((node) => node.target.join(" ")).join(", ")}` +
    (each.nodes.length > 4 ? ` and ${each.nodes.length - 4} more` : ""));
}
"""
#: What glides to its new colour is there at once, then what takes its colour from there. No
#: picture is waited for: drawing takes longest.
ARRIVE = """
() => {
  for (let wave = 0; wave < 20; wave++) {
    const gliding = document.getAnimations();
    if (gliding.length === 0) return;
    for (const each of gliding) each.finish();
  }
}
"""
#: After a change of size: what measures itself has done so, and what glides has arrived.
SETTLE = """
async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await frame();
  for (const each of document.getAnimations()) each.finish();
  scrollTo(0, 0);
  await frame();
}
"""
THEME = "(theme) => { document.documentElement.dataset.bsTheme = theme; }"
#: A list's first rows speak for all of them: axe looks at each word's colours, which takes a while.
SHORTEN = """
() => {
  for (const list of document.querySelectorAll("tbody, ol, ul"))
    for (const row of [...list.children].slice(12)) row.remove();
}
"""
EVERYTHING = {"runOnly": RULES}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
SHAPE = {"runOnly": RULES, "rules": {"color-contrast": {"enabled": False}}}
#: What sticks out on the right, when the page scrolls sideways.
WIDER = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const out = [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
    .map((each) => each.tagName.toLowerCase() + (each.id ? `#${each.id}` : each.className ? `.${String(each.className.baseVal ?? each.className).split(" ")[0]}` : ""));
  return `${root.scrollWidth} px wide: ${[...new Set(out)].slice(0, 6).join(", ")}`;
}
"""


def addresses(stage: Stage) -> dict[str, str]:
    """Every page of the product by the name of its address."""
    item = Item.objects.filter(product__key=stage.product).exclude(description="").latest("pk")
    workspace = {"workspace": stage.people.workspace.slug}
    here = {**workspace, "product": stage.product}
    pages = {
        "home": reverse("home:home", kwargs=here),
        "item": reverse("backlog:item", kwargs={**here, "key": item.key}),
        "why": reverse("prioritisation:why", kwargs={**here, "key": item.key}),
        "gallery": reverse("ui:gallery"),
        "board in lanes": f"{reverse('backlog:board', kwargs=here)}?group=assignee",
        "nothing there": "/w/skerry/FERRY/items/FERRY-999999/",
    }
    for name in (
        "backlog:list",
        "backlog:board",
        "backlog:calendar",
        "backlog:views",
        "backlog:fields",
        "backlog:templates",
        "backlog:parking",
        "backlog:approvals-waiting",
        "backlog:statuses",
        "backlog:transitions",
        "backlog:activity",
        "delivery:teams",
        "prioritisation:prioritise",
        "prioritisation:differences",
        "prioritisation:picture",
        "prioritisation:history",
        "prioritisation:sequence",
        "prioritisation:whatif",
        "planning:agenda",
        "prioritisation:rate",
        "prioritisation:models",
        "prioritisation:sessions",
        "prioritisation:session-new",
        "planning:plan",
        "planning:compare",
        "planning:frontier",
        "planning:debt",
        "planning:forecast",
        "integrations:imports",
        "integrations:paste",
        "integrations:connections",
    ):
        pages[name] = reverse(name, kwargs=here)
    model = ScoringModel.objects.filter(product__key=stage.product).latest("is_default")
    at = {**here, "pk": model.pk}
    pages["prioritisation:model-shape"] = reverse("prioritisation:model-shape", kwargs=at)
    for way in WeightWay.values:
        pages[f"weigh {way}"] = reverse("prioritisation:weigh", kwargs={**at, "way": way})
    pages["weigh compare"] = f"{pages['weigh best_worst']}?best=customer_value&worst=urgency"
    held = RatingSession.objects.filter(product__key=stage.product).order_by("pk")
    for name, session in zip(("session over", "session open"), held, strict=True):
        pages[name] = reverse("prioritisation:session", kwargs={**here, "pk": session.pk})
        rules = {**here, "pk": session.model_id}
        pages["rules"] = reverse("prioritisation:rating-rules", kwargs=rules)
    names = ("accounts:people", "accounts:products", "accounts:account")
    for name in (*names, "notices:inbox", "notices:settings"):
        pages[name] = reverse(name, kwargs=workspace)
    pages["search"] = reverse("search:search", kwargs=workspace) + "?q=bokking"
    return pages


def administration(stage: Stage) -> dict[str, str]:
    """The pages that only administrators may open."""
    workspace = {"workspace": stage.people.workspace.slug}
    names = (
        "audit:log",
        "accounts:jobs",
        "accounts:services",
        "accounts:sign-in-settings",
        "integrations:trash",
        "integrations:workspace-erasure",
        "webhooks:webhooks",
        "chats:chats",
    )
    return {name: reverse(name, kwargs=workspace) for name in names}


def solve_and_import(stage: Stage) -> dict[str, str]:
    """A solved plan, a file that waits for its mapping and one that is imported, for their pages."""
    from tandem.integrations import operations as importing
    from tandem.planning.models import Scenario
    from tandem.planning.operations.frontiers import frontier_ask
    from tandem.planning.operations.plans import plan_ask

    product = Product.objects.get(workspace=stage.people.workspace, key=stage.product)
    scenario = Scenario.objects.filter(product=product).first()
    assert scenario
    plan_ask(by=stage.people.technical, scenario=scenario)
    for kind in ("lenses", "debt"):
        frontier_ask(by=stage.people.technical, scenario=scenario, kind=kind)
    runs = []
    for name in ("waiting.csv", "done.csv"):
        run = importing.import_upload(
            by=stage.people.owner,
            product=product,
            name=name,
            chunks=[f"Title,State\nA word about {name},To do\n,Done\n".encode()],
            format_name="",
        )
        runs.append(run)
    run = runs[1]
    run.refresh_from_db()
    importing.import_try(by=stage.people.owner, run=run, mapping=run.mapping)
    run.refresh_from_db()
    importing.import_start(by=stage.people.owner, run=run)
    here = {"workspace": stage.people.workspace.slug, "product": stage.product}
    linked = stopped_connection(product)
    return {
        name: reverse("integrations:import", kwargs={**here, "pk": each.pk})
        for name, each in zip(("import mapping", "import review"), runs, strict=True)
    } | {"connection": reverse("integrations:connection", kwargs={**here, "pk": linked.pk})}


def stopped_connection(product: Product) -> Connection:
    """One that stopped, with a question to decide and an item that could not be told."""
    made = Connection.objects.create(
        product=product, kind="github", base_url="https://tracker.invalid", project="club/sea",
        state="stopped", state_reason="GitHub does not take the token.", words=[["open", "open"]],
    )  # fmt: skip
    item = Item.objects.filter(product=product).latest("pk")
    linked = ConnectedItem.objects.create(
        connection=made, item=item, ref="club/sea#1", number="1", error="GitHub answered 422."
    )
    asked = {"field": "title", "ours": "Ours", "theirs": "Theirs", "at": timezone.now()}
    ConnectionConflict.objects.create(connected=linked, **asked)
    return made


def visit(stage: Stage, page: Page, name: str, address: str) -> list[str]:
    """Go there and wait until everything has come; says when the page does not answer as it must."""
    wanted = 404 if name == "nothing there" else 200
    with stage.trouble.expecting(wanted):
        answer = page.goto(stage.url + address)
        page.evaluate(QUIET)
    status = answer.status if answer else 0
    return [] if status == wanted else [f"{address} answered {status}"]


def look_at(page: Page, *, both_themes: bool) -> list[str]:
    """A page loaded once and seen as people see it: light, dark, and on a phone."""
    failures = [f"light: {each}" for each in page.evaluate(LOOK, EVERYTHING)]
    if both_themes:
        # The dark theme maps the colours anew and changes nothing else; a phone changes all else.
        page.evaluate(THEME, "dark")
        page.evaluate(ARRIVE)
        failures += [f"dark: {each}" for each in page.evaluate(LOOK, COLOURS)]
        page.evaluate(THEME, "light")
    page.set_viewport_size(PHONE)
    page.evaluate(SETTLE)
    if both_themes:
        failures += [f"phone: {each}" for each in page.evaluate(LOOK, SHAPE)]
    wider = page.evaluate(WIDER)
    if wider:
        failures.append(f"at {PHONE['width']} px: {wider}")
    page.set_viewport_size(WIDE)
    return failures


def test_every_page_is_accessible_and_fits_in_light_dark_and_on_phones(
    sample: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    axe = AXE.read_text()
    # Frontiers of few points are as good to look at.
    monkeypatch.setattr(calculations_frontier, "SECONDS", 4.0)
    monkeypatch.setattr(calculations_frontier, "MOST_POINTS", 5)
    with sample.turn:
        pages = {**addresses(sample), **solve_and_import(sample)}
    people = sample.people
    views: list[tuple[Member | None, dict[str, str]]] = [
        (people.owner, pages),
        (people.admin, administration(sample)),
        (None, {"sign-in": reverse("accounts:sign-in")}),
        (people.technical, {name: pages[name] for name in ("home", "prioritisation:rate")}),
        (people.developer, {"home": pages["home"]}),
        (people.stakeholder, {name: pages[name] for name in ("home", "planning:plan")}),
    ]
    failures = []
    for who, theirs in views:
        page = sample.window(who)
        for name, address in theirs.items():
            found = visit(sample, page, name, address)
            page.evaluate(SHORTEN)
            page.evaluate(axe)
            # The gallery shows both themes beside each other already.
            look = look_at(page, both_themes=name != "gallery")
            whose = f"{who.name}'s {name}" if who else name
            failures += [f"{whose}, {each}" for each in found + look]
        page.context.close()
    assert not failures, "Not accessible to everybody:\n" + "\n".join(failures)
