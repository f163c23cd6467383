"""Which of the backlog's events tell whom, and why."""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils import timezone

from tandem.accounts.models import Member
from tandem.backlog.history import entry_of
from tandem.backlog.models import Approval, ApprovalState, Comment, Item, Question, Watch
from tandem.core.models import Event
from tandem.notices.models import NoticeSetting, Reason
from tandem.notices.rules import Kind, Rule, Subject, Words, before, register

#: So much of a text stands in an inbox's line.
QUOTED = 160


def _named(event: Event) -> Iterable[int]:
    found = event.changes.get("named_ids", [])
    return found if isinstance(found, list) else []


def _watchers(event: Event) -> Iterable[int]:
    rows = Watch.objects.filter(item_id=event.object_id, on=True)
    return rows.values_list("member_id", flat=True)


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
    Rule("approval.requested", Reason.APPROVE, _approvers),
    Rule("approval.given", Reason.ANSWERED, _asked_for_consent),
    Rule("approval.declined", Reason.ANSWERED, _asked_for_consent),
    Rule("comment.written", Reason.NAMED, _named),
    Rule("comment.changed", Reason.NAMED, _named),
    Rule("comment.written", Reason.REPLIED, _thread),
    Rule("question.asked", Reason.ASKED, _asked),
    Rule("question.given", Reason.ASKED, _asked),
    Rule("question.reopened", Reason.ASKED, _asked),
    Rule("question.answered", Reason.ANSWERED, _asker),
    Rule("item.created", Reason.ASSIGNED, _assignee),
    Rule("item.updated", Reason.ASSIGNED, _assignee),
    *(
        Rule(verb, Reason.WATCHING, _watchers)
        for verb in (
            "comment.written", "comment.resolved", "comment.reopened", "question.asked",
            "question.answered", "item.updated", "item.deleted", "item.restored",
            "criterion.added", "criterion.changed", "criterion.removed", "criterion.met",
            "criterion.reopened", "item.parked", "item.revived", "approval.declined", "dependency.added", "dependency.removed",
        )
    ),
)  # fmt: skip


# Watching by itself


def _watch(item_id: int, member_ids: list[int]) -> None:
    """Have these members watch, but for those who said they do not want to."""
    Watch.objects.bulk_create(
        [
            Watch(item_id=item_id, member_id=member_id, since=timezone.now())
            for member_id in member_ids
        ],
        ignore_conflicts=True,
    )


def _who_wants(member_ids: Iterable[int], setting: str) -> list[int]:
    wanted = [pk for pk in member_ids if pk]
    against = NoticeSetting.objects.filter(member__in=wanted, **{setting: False})
    not_wanted = set(against.values_list("member_id", flat=True))
    here = Member.objects.active().filter(pk__in=wanted)
    return [pk for pk in here.values_list("pk", flat=True) if pk not in not_wanted]


def _created(event: Event) -> None:
    _watch(event.object_id, _who_wants([event.member_id or 0], "watch_created"))
    _watch(event.object_id, _who_wants(_assignee(event), "watch_assigned"))


def _updated(event: Event) -> None:
    _watch(event.object_id, _who_wants(_assignee(event), "watch_assigned"))


def _talked(event: Event) -> None:
    _watch(event.object_id, _who_wants([event.member_id or 0], "watch_commented"))
    _watch(event.object_id, _who_wants(_named(event), "watch_named"))


before("item.created", _created)
before("item.updated", _updated)
before("comment.written", _talked)
before("comment.changed", _talked)


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
    if changes and changes[-1].speaks_for_itself:
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
