"""Two workspaces with one row of every noun each, and everybody who may knock at their doors."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from tandem.accounts import operations as accounts
from tandem.accounts.models import Member, Product, Role
from tandem.accounts.operations_services import service_create
from tandem.accounts.sample import People, people_make
from tandem.backlog import operations as backlog
from tandem.backlog.models import Label, Status
from tandem.core.models import Event, Job
from tandem.delivery import operations as delivery
from tandem.integrations import operations as importing
from tandem.integrations.archive.operations import archive_ask
from tandem.integrations.chats import addresses
from tandem.integrations.chats import operations as chats
from tandem.integrations.connections import secrets
from tandem.integrations.feeds.operations import feed_make
from tandem.integrations.models import ConnectedItem, Connection, ConnectionConflict, Webhook
from tandem.integrations.webhooks import operations as webhooks
from tandem.notices.models import Notice
from tandem.planning.models import Plan
from tandem.planning.operations import forecast_make, plans, rules, scenarios
from tandem.planning.operations.frontiers import frontier_ask
from tandem.prioritisation import operations as prioritisation
from tandem.prioritisation.models import Rating, ScoringCriterion

#: Numbers of the other workspace begin here, so that no number of ours looks like one of theirs.
THEIRS = 700_000
#: What never existed anywhere, by what it looks like.
NEVER_NUMBER = 987_654
NEVER_TEXT = "FERRY-987654"
NEVER_UUID = "00000000-0000-4000-8000-000000987654"


@dataclass(frozen=True)
class Side:
    """One workspace: its administrator, and one row of every noun by the noun's name.

    ``rows`` holds the rows themselves, for operations; ``words`` how an address or a body names
    them, for pages and the API.
    """

    admin: Member
    product: Product
    rows: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)

    def add(self, noun: str, row: Any, word: Any = None) -> Any:
        self.rows[noun] = row
        self.words[noun] = row.pk if word is None else word
        return row


@dataclass(frozen=True)
class Scene:
    people: People
    ours: Side
    theirs: Side
    #: Signed-in browsers by caller; ``nobody`` has none.
    cookies: dict[str, str]
    #: API tokens by caller.
    tokens: dict[str, str]

    def browser(self, caller: str) -> Client:
        client = Client(raise_request_exception=False)
        if caller in self.cookies:
            client.cookies["sessionid"] = self.cookies[caller]
        return client


def _numbers_apart() -> None:
    """From here on every table counts from ``THEIRS``."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = %s", [THEIRS])
            return
        for _, _, name in _sequences(cursor):
            cursor.execute("SELECT setval(%s, %s)", [name, THEIRS])


def _numbers_anew() -> None:
    """PostgreSQL goes on counting when rows are taken back: without this the second scene of a
    run would begin where the first one's other workspace ended."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        for table, column, name in _sequences(cursor):
            last = f"SELECT coalesce(max({quoted(column)}), 0) + 1 FROM {quoted(table)}"
            cursor.execute(f"SELECT setval(%s, ({last}), false)", [name])


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _sequences(cursor: Any) -> list[tuple[str, str, str]]:
    """Table, column and sequence."""
    return [
        (each["table"], each["column"], each["name"])
        for table in connection.introspection.table_names(cursor)
        for each in connection.introspection.get_sequences(cursor, table)
    ]


def _fill(side: Side) -> None:
    by, product = side.admin, side.product
    add = side.add
    add("product", product, product.key)
    add("workspace", by.workspace, by.workspace.slug)
    add("member", by)
    item = backlog.item_create(by=by, product=product, title="Book a seat", estimate_likely=3)
    item.product = product
    add("item", item, item.key)
    side.words["item.id"] = item.pk
    other = backlog.item_create(by=by, product=product, title="Choose a seat", estimate_likely=2)
    other.product = product
    add("other", other, other.key)
    third = backlog.item_create(by=by, product=product, title="Pay the seat", estimate_likely=2)
    third.product = product
    add("third", third, third.key)
    gone = backlog.item_create(by=by, product=product, title="Print a seat")
    gone.product = product
    add("gone", backlog.item_delete(by=by, item=gone), gone.key)
    side.words["gone.id"] = gone.pk
    twin = backlog.item_create(by=by, product=product, title="Book a place")
    twin.product = product
    backlog.items_merge(by=by, item=twin, into=item)
    item.refresh_from_db()
    add("alias", twin, twin.key)
    started = Status.objects.filter(product=product).order_by("position")[1]
    add("status", started)
    side.words["status.name"] = started.name
    add("other_status", Status.objects.filter(product=product).order_by("position")[0])
    backlog.item_update(by=by, item=item, labels=["harbour"])
    add("change", Event.objects.of("item", item.pk).first())
    backlog.item_move(by=by, item=third, after=None)
    add("move", Event.objects.of("item", third.pk).filter(verb="item.moved").first())
    add("label", Label.objects.get(product=product))
    guarded = Status.objects.filter(product=product).order_by("position")[3]
    add("guarded", guarded)
    rule = backlog.transition_save(by=by, product=product, to_status=guarded, approval="both")
    add("transition", rule)
    asking = backlog.item_create(by=by, product=product, title="Ask a seat")
    asking.product = product
    add("asking", asking, asking.key)
    approval = backlog.approval_request(by=by, item=asking, to=guarded)
    # An administrator may consent to this one, and to no other role it was put.
    type(approval).objects.filter(pk=approval.pk).update(roles=["admin"])
    approval.refresh_from_db()
    approval.item = asking
    add("approval", approval)
    tier = backlog.field_create(
        by=by, product=product, name="Tier", kind="choice", choices=["Gold", "Silver"]
    )
    add("field", tier)
    view = backlog.view_save(by=by, product=product, name="Ours", filter="has:tier", is_shared=True)
    add("view", view)
    add("template", backlog.template_create(by=by, product=product, name="Defect", kind="bug"))
    rid = backlog.template_create(by=by, product=product, name="Old", kind="bug")
    add("removed_template", backlog.template_remove(by=by, template=rid))
    many = backlog.items_change(
        by=by, product=product, items=[third.pk], change={"labels_add": ["many"]}
    )
    add("many", many.event)
    add("criterion", backlog.criterion_add(by=by, item=item, text="A seat is booked."))
    question = backlog.question_ask(by=by, item=item, text="Which seats?")
    add("question", question)
    add("answer", backlog.answer_write(by=by, question=question, text="Row 2."))
    add("comment", backlog.comment_write(by=by, item=item, text="Soon."))
    notice = {"subject_kind": "item", "subject_id": item.pk, "label": item.key}
    add(
        "notice",
        Notice.objects.create(
            member=by, path="/", reason="watching", unread=1, at=timezone.now(), **notice
        ),
    )
    given = {"name": f"chart-{by.pk}.csv", "chunks": [f"of {by.pk}".encode()]}
    add("attachment", backlog.attachment_add(by=by, item=item, **given))
    unsaid = backlog.comment_write(by=by, item=item, text="Never mind.")
    add("unsaid", unsaid)
    backlog.comment_delete(by=by, comment=unsaid)
    add(
        "dependency",
        backlog.dependency_add(by=by, from_item=item, to_item=other, kind="blocks"),
    )
    team = delivery.team_create(by=by, product=product, name="Deck", capacity=10)
    add("team", team)
    add(
        "sprint",
        delivery.sprint_create(by=by, team=team, start_date=timezone.localdate(), goal="Seats"),
    )
    scenario = scenarios.scenario_create(by=by, product=product, name="Next")
    add("scenario", scenario)
    add("rule", rules.rule_set(by=by, scenario=scenario, item=item, kind="must"))
    add("plan", plans.plan_ask(by=by, scenario=scenario))
    add("frontier", frontier_ask(by=by, scenario=scenario, kind="debt"))
    solving = Plan.objects.create(scenario=scenario, asked_by=by, asked_at=timezone.now())
    add("solving", solving)
    debt = backlog.item_create(by=by, product=product, title="Old seat map", kind="debt")
    debt.product = product
    add("debt", debt, debt.key)
    model = prioritisation.model_create(by=by, product=product, preset="value_effort")
    add("model", model)
    add("spare", prioritisation.model_create(by=by, product=product, preset="rice", name="Spare"))
    asked = {"asked": [["urgency", "feasibility", "urgency"]]}
    answers = prioritisation.weights_answer(by=by, model=model, way="pairs", answers=asked)
    add("answers", answers)
    rated, doubted, challenged = ScoringCriterion.objects.filter(model=model, lens="value")[:3]
    add("scored", rated, rated.slug)
    _sessions(side, model, item, other, doubted, challenged)
    add(
        "forecast",
        forecast_make(by=by, product=product, question="when", items=1, range=(1, 3)),
    )
    for noun in ("import", "tried"):
        run = importing.import_upload(
            by=by,
            product=product,
            name=f"{noun}.csv",
            chunks=[b"Title,State\nA seat from a file,To do\n"],
            format_name="",
        )
        run.refresh_from_db()
        add(noun, run)
    importing.import_try(by=by, run=run, mapping=run.mapping)
    run.refresh_from_db()
    invitation, secret = accounts.invitation_create(by=by, role=Role.DEVELOPER)
    add("invitation", invitation)
    side.words["invitation.secret"] = secret
    jobs = {"job": "ready", "job.dead": "dead", "job.running": "running"}
    for noun, state in jobs.items():
        now = timezone.now()
        kept = {"run_after": now, "enqueued_at": now, "workspace_id": by.workspace_id}
        add(noun, Job.objects.create(task="tandem.none", state=state, **kept))
    token, _ = accounts.token_create(by=by, name="mine")
    add("token", token)
    run = archive_ask(by=by, product=product)
    run.refresh_from_db()
    add("archive", run)
    feed, secret = feed_make(by=by, product=product, name="Report", list_name="backlog")
    add("feed", feed)
    side.words["feed.secret"] = secret
    webhook, _ = webhooks.webhook_create(
        by=by, name="Chat", url="https://example.com/", kinds=["webhook.ping"]
    )
    # Not allowed, so that nothing leaves this machine.
    Webhook.objects.filter(pk=webhook.pk).update(url="http://127.0.0.1/")
    add("webhook", webhook)
    linked = ConnectedItem.objects.create(
        connection=_connection(by, product), item=item, ref="club/sea#1", number="1", title="A", status="open"
    )  # fmt: skip
    add("connection", linked.connection)
    side.words["connection.address"] = str(linked.connection.address_key)
    asked = {"field": "title", "ours": "B", "theirs": "C", "at": timezone.now()}
    add("conflict", ConnectionConflict.objects.create(connected=linked, **asked))
    delivery_row = webhooks.webhook_ping(by=by, webhook=webhook)
    add("delivery", delivery_row, str(delivery_row.pk))
    chat = chats.chat_create(by=by, name="Room", address="jsons://example.com/made-up")
    # Not allowed either.
    unreached = addresses.kept(f"json://127.0.0.1/{chat.pk}-unspoken-word")
    Webhook.objects.filter(pk=chat.pk).update(chat_address=unreached)
    add("chat", Webhook.objects.get(pk=chat.pk))
    said = chats.chat_test(by=by, chat=chat)
    add("said", said, str(said.pk))


def _connection(by: Member, product: Product) -> Connection:
    """At a place that no name leads to, so that nothing leaves this machine."""
    made = Connection(
        product=product,
        kind="github",
        base_url="https://tracker.invalid",
        project="club/sea",
        token=secrets.token_kept("made-up"),
        salt=secrets.new_salt(),
    )
    made.save()
    return made


def _sessions(side: Side, model: Any, item: Any, other: Any, doubted: Any, challenged: Any) -> None:
    """Rating sessions in every state, with everybody of the workspace in them, and challenges."""
    by, product, now = side.admin, side.product, timezone.now()
    made = {
        "by": by,
        "product": product,
        "items": [item, other],
        "deadline": now + datetime.timedelta(days=2),
        "members": list(Member.objects.filter(workspace=by.workspace)),
    }
    add, hold = side.add, prioritisation.session_create
    session = add("session", hold(name="Open", model=model, **made))
    add("entry", session.entries.get(position=0))
    revealed = add("revealed", hold(name="Revealed", model=model, **made))
    prioritisation.session_reveal(by=by, session=revealed)
    turned = add("turned", revealed.entries.get(position=0))
    live = add("live", hold(name="Live", model=model, pace="live", **made))
    add("table", live.entries.get(position=1))
    add("pairs", hold(name="Pairs", kind="pairs", **made))
    # Settled, so that also the one who rated may doubt it.
    said = {"item": item, "member": by, "value": 3, "rated_at": now, "agreed_in": turned}
    add("doubted", Rating.objects.create(criterion=doubted, **said))
    rating = Rating.objects.create(criterion=challenged, **said)
    add("challenge", prioritisation.challenge_raise(by=by, rating=rating, reason="Too high."))


def _service(side: Side) -> None:
    token, _ = service_create(by=side.admin, name="Timetable feed", role=Role.DEVELOPER)
    side.add("service", token.member)


def _cookie(member: Member) -> str:
    client = Client()
    client.force_login(member.user)
    return client.cookies["sessionid"].value


def make_scene() -> Scene:
    _numbers_anew()
    people = people_make()
    product = accounts.product_create(by=people.admin, key="FERRY", name="Skerry Booking")
    ours = Side(people.admin, product)
    _fill(ours)
    user = accounts.user_create(email="rolf@skerry.example", name="Rolf Dahl")
    spare = accounts.member_add(by=people.admin, user=user, role=Role.DEVELOPER)
    ours.add("person", spare)
    _service(ours)
    ended_user = accounts.user_create(email="ex@skerry.example", name="Ex Member")
    ended = accounts.member_add(by=people.admin, user=ended_user, role=Role.ADMIN)
    _numbers_apart()
    outside = accounts.user_create(email="otto@other.example", name="Otto Other")
    outsider = accounts.workspace_create(name="Other Works", user=outside)
    # The same key there: only the number tells their items from ours.
    foreign = accounts.product_create(by=outsider, key="FERRY", name="Other ferry")
    Product.objects.filter(pk=foreign.pk).update(next_number=THEIRS)
    foreign.refresh_from_db()
    theirs = Side(outsider, foreign)
    _fill(theirs)
    theirs.add("person", outsider)
    _service(theirs)
    cookies = {name: _cookie(getattr(people, name)) for name in ROLES}
    cookies |= {"outsider": _cookie(outsider), "ended": _cookie(ended)}
    tokens = {}
    for name in ROLES:
        tokens[name] = accounts.token_create(by=getattr(people, name), name="all")[1]
    tokens["outsider"] = accounts.token_create(by=outsider, name="all")[1]
    tokens["ended"] = accounts.token_create(by=ended, name="all")[1]
    accounts.member_end(by=people.admin, member=ended)
    return Scene(people, ours, theirs, cookies, tokens)


#: The members of Skerry Lines by their attribute; their roles are those of the sample.
ROLES = ("admin", "owner", "technical", "developer", "stakeholder", "viewer")
