"""Who is told of what, why, and when."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tandem.backlog import operations as do
from tandem.backlog.models import Watch
from tandem.core import channel
from tandem.core.errors import PermissionRefused
from tandem.core.models import Event
from tandem.notices import operations as keep
from tandem.notices import queries as ask
from tandem.notices import timing
from tandem.notices.models import Notice, NoticeEntry, NoticeSetting
from tandem.notices.spreading import spread
from tandem.prioritisation.operations import model_create, session_create


@pytest.fixture
def item(world):
    return do.item_create(by=world.owner, product=world.product, title="Book a seat")


def waiting(member):
    return [
        (each.notice.label, each.notice.reason, each.notice.unread, each.lines[0].words.quote)
        for each in ask.inbox(member, unread=True).rows
    ]


def test_somebody_named_is_told_and_watches_from_then_on(world, item):
    do.comment_write(by=world.owner, item=item, text=f"@{world.technical.name}, see?")
    quote = f"@{world.technical.name}, see?"
    assert waiting(world.technical) == [("FERRY-1 Book a seat", "named", 1, quote)]
    do.comment_write(by=world.developer, item=item, text="I do.")
    assert waiting(world.technical) == [("FERRY-1 Book a seat", "named", 2, "I do.")]
    assert waiting(world.owner)[0][1:3] == ("watching", 1)
    assert waiting(world.stakeholder) == []


def test_nobody_is_told_of_what_they_did(world, item):
    do.comment_write(by=world.owner, item=item, text=f"Note to @{world.owner.name}")
    do.item_update(by=world.owner, item=item, title="Book two seats", assignee=world.owner)
    assert waiting(world.owner) == []


def test_the_stronger_of_two_reasons_counts(world, item):
    do.item_watch(by=world.technical, item=item)
    do.item_update(by=world.owner, item=item, assignee=world.technical)
    assert waiting(world.technical) == [
        ("FERRY-1 Book a seat", "assigned", 1, f"nothing → {world.technical.name}")
    ]


def test_a_reply_tells_the_thread_and_a_question_who_is_asked_and_who_asked(world, item):
    first = do.comment_write(by=world.stakeholder, item=item, text="When?")
    do.item_watch(by=world.stakeholder, item=item, on=False)
    do.comment_write(by=world.owner, item=item, text="In May.", reply_to=first)
    assert [each[1:] for each in waiting(world.stakeholder)] == [("replied", 1, "In May.")]
    question = do.question_ask(by=world.owner, item=item, text="Dogs?", asked_of=world.developer)
    assert [each[1:] for each in waiting(world.developer)] == [("asked", 1, "Dogs?")]
    do.question_give(by=world.owner, question=question, to=world.technical)
    assert [each[1:3] for each in waiting(world.technical)] == [("asked", 1)]
    do.question_answer(by=world.technical, question=question, answer="Small ones.")
    assert waiting(world.owner)[0][1] == "answered"


def test_a_rating_session_waits_for_those_asked(world, item):
    model = model_create(by=world.owner, product=world.product, preset="value_effort")
    session_create(
        by=world.owner,
        product=world.product,
        name="May",
        items=[item],
        pace="live",
        model=model,
        criteria=["urgency", "feasibility"],
        members=[world.technical],
    )
    assert [each[:3] for each in waiting(world.technical)] == [("Session May", "rate", 1)]


def test_who_stopped_watching_stays_so(world, item):
    assert Watch.objects.get().member == world.owner
    assert not do.item_watch(by=world.owner, item=item)
    do.comment_write(by=world.owner, item=item, text="Mine")
    do.comment_write(by=world.technical, item=item, text="Theirs")
    assert waiting(world.owner) == []


def test_a_switch_keeps_a_reason_out_and_watching_by_itself_can_be_off(world, item):
    keep.setting_update(by=world.owner, switches={"watching": {"inbox": False}})
    keep.setting_update(by=world.technical, watch_commented=False)
    do.comment_write(by=world.technical, item=item, text="Soon")
    assert waiting(world.owner) == []
    assert not Watch.objects.filter(member=world.technical).exists()


def test_an_import_tells_nobody_and_a_job_that_runs_twice_tells_once(world, item):
    do.comment_write(by=world.technical, item=item, text="Soon")
    [entry] = NoticeEntry.objects.all()
    spread([entry.event_id])
    assert waiting(world.owner)[0][2] == 1
    with channel.through("import"):
        do.comment_write(by=world.technical, item=item, text="From a file")
    assert NoticeEntry.objects.count() == 1


def test_many_changes_are_told_together_each_to_whom_it_concerns(world):
    items = [
        do.item_create(by=world.developer, product=world.product, title=f"Step {n}")
        for n in range(12)
    ]
    for each in items[:6]:
        do.item_watch(by=world.technical, item=each)
    for each in items[:2]:
        do.item_watch(by=world.owner, item=each)
    keep.setting_update(by=world.stakeholder, switches={"assigned": {"inbox": False}})

    def told(*some, **change):
        newest = Event.objects.latest("pk").pk
        some = [each.pk for each in some]
        do.items_change(by=world.owner, product=world.product, items=some, change=change)
        numbers = Event.objects.filter(pk__gt=newest).values_list("pk", flat=True)
        NoticeEntry.objects.filter(event_id__in=numbers).delete()
        with CaptureQueriesContext(connection) as queries:
            spread(list(numbers))
        return len(queries)

    few = told(*items[:3], due_date=datetime.date(2030, 1, 1))
    assert told(*items, due_date=datetime.date(2030, 1, 2)) == few
    assert {each.subject_id for each in Notice.objects.of(world.technical)} == {
        each.pk for each in items[:6]
    }
    # They made them, and watch them for that.
    assert Notice.objects.of(world.developer).count() == 12
    assert not Notice.objects.of(world.owner).exists()
    told(*items, assignee=world.stakeholder)
    assert not NoticeEntry.objects.filter(notice__member=world.stakeholder, in_inbox=True).exists()
    assert Watch.objects.filter(member=world.stakeholder).count() == 12


def test_the_inbox_takes_the_same_number_of_queries_with_sixty_things(
    world, django_assert_max_num_queries
):
    for number in range(60):
        item = do.item_create(by=world.owner, product=world.product, title=f"Item {number}")
        do.comment_write(by=world.technical, item=item, text="One")
    client = world.client(world.owner)
    with django_assert_max_num_queries(9):
        text = client.get("/w/skerry/inbox/").content.decode()
    assert text.count('class="inbox-label"') == 50
    found = ask.inbox(world.owner, unread=True)
    rest = ask.inbox(world.owner, unread=True, after=found.next_cursor)
    assert (len(found.rows), len(rest.rows), rest.next_cursor) == (50, 10, None)


def test_notices_are_read_one_by_one_and_all_and_made_unread_again(world, item):
    do.comment_write(by=world.technical, item=item, text="One")
    notice = Notice.objects.get()
    with pytest.raises(PermissionRefused):
        keep.notice_read(by=world.technical, notice=notice)
    keep.notice_read(by=world.owner, notice=notice)
    assert ask.unread_count(world.owner) == 0
    keep.notice_read(by=world.owner, notice=notice, read=False)
    assert waiting(world.owner)[0][2] == 1
    assert keep.notices_read_all(by=world.owner) == 1
    assert len(ask.inbox(world.owner, unread=False).rows) == 1


def test_opening_a_notice_leads_to_its_item_and_reads_it(world, item):
    do.comment_write(by=world.technical, item=item, text="One")
    client = world.client(world.owner)
    assert "1 unread" in client.get("/w/skerry/inbox/count/").content.decode()
    answer = client.get(f"/w/skerry/inbox/{Notice.objects.get().pk}/")
    assert answer["Location"] == world.address("items/FERRY-1/")
    assert ask.unread_count(world.owner) == 0


# --- when a mail may go --------------------------------------------------------------------

AT = datetime.datetime(2027, 3, 27, 21, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"digest": "now"}, "2027-03-27T21:30"),
        ({"digest": "hourly"}, "2027-03-27T22:00"),
        # Half past ten in the evening in Berlin; the clocks go forward in the night.
        ({"digest": "daily", "daily_hour": 8}, "2027-03-28T06:00"),
        ({"digest": "daily", "daily_hour": 23}, "2027-03-27T22:00"),
        ({"digest": "now", "quiet_from": "22:00", "quiet_until": "07:00"}, "2027-03-28T05:00"),
        ({"digest": "now", "quiet_from": "12:00", "quiet_until": "13:00"}, "2027-03-27T21:30"),
        ({"digest": "now", "quiet_from": "22:00", "quiet_until": "22:00"}, "2027-03-27T21:30"),
        # Two in the morning does not exist that night: it is three.
        ({"digest": "daily", "daily_hour": 2}, "2027-03-28T01:00"),
    ],
)
def test_a_mail_waits_for_its_hour_and_for_the_end_of_quiet_hours(world, fields, due):
    for name in ("quiet_from", "quiet_until"):
        if name in fields:
            fields = fields | {name: datetime.time.fromisoformat(fields[name])}
    setting = NoticeSetting(member=world.owner, time_zone="Europe/Berlin", **fields)
    assert timing.mail_due(setting, AT).isoformat()[:16] == due
