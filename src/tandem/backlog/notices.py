"""Which of the backlog's events tell whom, and why."""

from collections.abc import Callable, Collection, Iterable, Sequence

from django.urls import reverse
from django.utils import timezone

from tandem.accounts.models import Member
from tandem.backlog.history import entry_of
from tandem.backlog.models import Approval, ApprovalState, Comment, Item, Question, Watch
from tandem.core.models import Event
from tandem.notices.models import NoticeSetting, Reason
from tandem.notices.rules import Kind, Rule, Subject, Words, before, each, register

#: So much of a text stands in an inbox's line.
QUOTED = 160


def _named(event: Event) -> Iterable[int]:
    found = event.changes.get("named_ids", [])
    return found if isinstance(found, list) else []


def _watchers(events: Sequence[Event]) -> Iterable[tuple[int, int]]:
    of = {event.object_id: event.pk for event in events}
    rows = Watch.objects.filter(item__in=list(of), on=True)
    return [(of[item], member) for item, member in rows.values_list("item_id", "member_id")]


def _assignee(event: Event) -> Iterable[int]:
    """Whom the item was given to by this very change."""
    given = event.changes.get("assignee_id")
    return [given[1]] if isinstance(given, list) and given[1] else []


def _thread(event: Event) -> Iterable[int]:
    """Who began the thread that was replied in, and who replied in it before."""
    comment = Comment.objects.filter(pk=event.changes.get("comment_id")).first()
    if comment is None or comment.reply_to_id is None:
        return []
    rows = Comment.objects.filter(pk=comment.reply_to_id) | Comment.objects.filter(
        reply_to_id=comment.reply_to_id, deleted_at=None
    )
    return [pk for pk in rows.values_list("written_by_id", flat=True) if pk]


def _asked(event: Event) -> Iterable[int]:
    question = Question.objects.filter(pk=event.changes.get("question_id")).first()
    return [question.asked_of_id] if question is not None and question.asked_of_id else []


def _asker(event: Event) -> Iterable[int]:
    question = Question.objects.filter(pk=event.changes.get("question_id")).first()
    return [question.asked_by_id] if question is not None and question.asked_by_id else []


def _approvers(event: Event) -> Iterable[int]:
    """Everybody of a role whose consent is still waited for."""
    approval = Approval.objects.filter(pk=event.changes.get("approval_id")).first()
    if approval is None or approval.state != ApprovalState.OPEN:
        return []
    rows = Member.objects.active().filter(
        workspace_id=event.workspace_id, role__in=approval.waits_for
    )
    return rows.values_list("pk", flat=True)


def _asked_for_consent(event: Event) -> Iterable[int]:
    approval = Approval.objects.filter(pk=event.changes.get("approval_id")).first()
    return [approval.asked_by_id] if approval is not None and approval.asked_by_id else []


RULES = (
    Rule("approval.requested", Reason.APPROVE, each(_approvers)),
    Rule("approval.given", Reason.ANSWERED, each(_asked_for_consent)),
    Rule("approval.declined", Reason.ANSWERED, each(_asked_for_consent)),
    Rule("comment.written", Reason.NAMED, each(_named)),
    Rule("comment.changed", Reason.NAMED, each(_named)),
    Rule("comment.written", Reason.REPLIED, each(_thread)),
    Rule("question.asked", Reason.ASKED, each(_asked)),
    Rule("question.given", Reason.ASKED, each(_asked)),
    Rule("question.reopened", Reason.ASKED, each(_asked)),
    Rule("question.answered", Reason.ANSWERED, each(_asker)),
    Rule("question.suggested", Reason.ANSWERED, each(_asker)),
    Rule("question.suggested", Reason.NAMED, each(_named)),
    Rule("item.created", Reason.ASSIGNED, each(_assignee)),
    Rule("item.updated", Reason.ASSIGNED, each(_assignee)),
    *(
        Rule(verb, Reason.WATCHING, _watchers)
        for verb in (
            "comment.written", "comment.resolved", "comment.reopened", "question.asked",
            "question.answered", "question.suggested", "item.updated", "item.deleted", "item.restored",
            "criterion.added", "criterion.changed", "criterion.removed", "criterion.met",
            "criterion.reopened", "item.parked", "item.revived", "approval.declined", "dependency.added", "dependency.removed",
        )
    ),
)  # fmt: skip


# Watching by itself


def _watch(
    events: Sequence[Event], whom: Callable[[Event], Iterable[int | None]], setting: str
) -> None:
    """Have those whom an event concerns watch its item, but for those who do not want to."""
    wanted = [(event.object_id, pk) for event in events for pk in whom(event) if pk]
    people = {pk for _, pk in wanted}
    if not people:
        return
    against = NoticeSetting.objects.filter(member__in=people, **{setting: False})
    here = Member.objects.active().filter(pk__in=people).values_list("pk", flat=True)
    willing = set(here) - set(against.values_list("member_id", flat=True))
    now = timezone.now()
    Watch.objects.bulk_create(
        [Watch(item_id=item, member_id=pk, since=now) for item, pk in wanted if pk in willing],
        ignore_conflicts=True,
    )


def _doer(event: Event) -> Iterable[int | None]:
    return [event.member_id]


def _created(events: Sequence[Event]) -> None:
    _watch(events, _doer, "watch_created")
    _watch(events, _assignee, "watch_assigned")


def _updated(events: Sequence[Event]) -> None:
    _watch(events, _assignee, "watch_assigned")


def _talked(events: Sequence[Event]) -> None:
    _watch(events, _doer, "watch_commented")
    _watch(events, _named, "watch_named")


before("item.created", _created)
before("item.updated", _updated)
before("comment.written", _talked)
before("comment.changed", _talked)
before("question.suggested", _talked)


# What a line says


def _subjects(numbers: Collection[int]) -> dict[int, Subject]:
    rows = Item.objects.filter(pk__in=numbers, product__deleted_at=None)
    found = {}
    for item in rows.select_related("product__workspace"):
        at = {"workspace": item.product.workspace.slug, "product": item.product.key}
        path = reverse("backlog:item", kwargs={**at, "key": item.key})
        found[item.pk] = Subject(f"{item.key} {item.title}", path, item.product_id)
    return found


def _words(event: Event) -> Words:
    entry = entry_of(event)
    changes = entry.changes
    quote = ""
    if event.verb.startswith("approval."):
        # "asked for consent to the move to" has its end here.
        quote = str((event.changes.get("approval") or [None, ""])[1] or "")
    elif changes and changes[-1].speaks_for_itself:
        quote = changes[-1].after
    elif len(changes) == 1 and not changes[0].pieces:
        quote = f"{changes[0].before} → {changes[0].after}"
    elif event.verb == "item.created":
        quote = ""
    return Words(entry.who, entry.sentence, _short(quote))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 1].rstrip()}…"


register("item", Kind(_subjects, _words), RULES)
