"""The comments of an item as its page shows them: threads, reactions and people named."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from tandem.accounts.models import Member
from tandem.backlog.history import Entry, entry_of
from tandem.backlog.models import Comment, Item, Named, Reaction, ReactionKind
from tandem.core.models import Event
from tandem.core.paging import cut, keyset
from tandem.core.prepared import prepared

COMMENTS = 50
#: The newest replies of each thread; the page offers the rest.
REPLIES = 20
#: A thread asked for alone.
WHOLE_THREAD = 500
WORDINGS = 50


@dataclass(frozen=True)
class Reacted:
    """One kind of reaction to a comment: who, and whether the reader is among them."""

    kind: str
    label: str
    names: list[str]
    mine: bool

    @property
    def who(self) -> str:
        if len(self.names) <= 12:
            return ", ".join(self.names)
        return f"{', '.join(self.names[:12])} and {len(self.names) - 12} others"


@dataclass
class Said:
    """One comment as it is shown."""

    comment: Comment
    reactions: list[Reacted] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)


@dataclass
class Thread:
    first: Said
    replies: list[Said]
    #: Older replies that are not shown.
    more: int = 0


@dataclass(frozen=True)
class Comments:
    """One page of threads, oldest first; ``earlier`` is the cursor of the page before."""

    rows: list[Thread]
    earlier: str | None
    total: int | None

    @property
    def said(self) -> Iterable[Said]:
        for thread in self.rows:
            yield thread.first
            yield from thread.replies


_ORDER = ("-written_at", "-pk")


def _beginnings(item_id: int) -> QuerySet[Comment]:
    answered = Comment.objects.filter(reply_to=OuterRef("pk"), deleted_at=None)
    rows = Comment.objects.filter(item_id=item_id, reply_to=None, question=None)
    rows = rows.filter(Q(deleted_at=None) | Exists(answered))
    return rows.select_related("written_by__user", "resolved_by__user").order_by(*_ORDER)


@prepared
def _newest(item_id: int) -> QuerySet[Comment]:
    return _beginnings(item_id)[: COMMENTS + 1]


def comments_of(item: Item, member: Member, *, before: str | None = None) -> Comments:
    if before:
        page = keyset(_beginnings(item.pk), _ORDER, after=before, limit=COMMENTS)
    else:
        page = cut(_newest(item.pk), _ORDER, COMMENTS)
    threads = _threads(list(page.rows)[::-1], member, REPLIES)
    found = Comments(threads, page.next_cursor, None)
    if before:
        return found
    if page.next_cursor is None and not any(each.more for each in threads):
        total = sum(each.comment.deleted_at is None for each in found.said)
    else:
        said = Comment.objects.filter(item_id=item.pk, deleted_at=None, question=None)
        total = said.count()
    return replace(found, total=total)


def answers_of(item: Item, member: Member) -> dict[int, list[Thread]]:
    """The answers to each question of an item, with their replies: the accepted one first."""
    replied = Comment.objects.filter(reply_to=OuterRef("pk"), deleted_at=None)
    rows = Comment.objects.filter(item_id=item.pk, reply_to=None, question__isnull=False)
    rows = rows.filter(Q(deleted_at=None) | Exists(replied)).select_related("written_by__user")
    found: dict[int, list[Thread]] = defaultdict(list)
    for each in _threads(list(rows.order_by("-accepted", "written_at", "pk")), member, REPLIES):
        found[each.first.comment.question_id or 0].append(each)
    return found


def thread_of(comment: Comment, member: Member) -> Thread:
    """The thread a comment begins, with all its replies."""
    rows = Comment.objects.filter(pk=comment.pk)
    first = rows.select_related("written_by__user", "resolved_by__user").get()
    return _threads([first], member, WHOLE_THREAD)[0]


@prepared
def _replies(comment_ids: list[int], most: int) -> QuerySet[Comment]:
    """The newest ``most`` replies of each, oldest first."""
    newest = Window(RowNumber(), partition_by=F("reply_to_id"), order_by=["-written_at", "-pk"])
    rows = Comment.objects.filter(reply_to__in=comment_ids, deleted_at=None)
    shown = rows.annotate(place=newest).filter(place__lte=most)
    return shown.select_related("written_by__user").order_by("written_at", "pk")


def _threads(firsts: Sequence[Comment], member: Member, most: int) -> list[Thread]:
    threads = {first.pk: Thread(Said(first), []) for first in firsts}
    if threads:
        for row in _replies(list(threads), most):
            threads[row.reply_to_id].replies.append(Said(row))  # type: ignore[index]
        if any(len(thread.replies) == most for thread in threads.values()):
            replies = Comment.objects.filter(reply_to__in=firsts, deleted_at=None)
            counts = replies.order_by().values_list("reply_to_id").annotate(Count("pk"))
            for pk, count in counts:
                threads[pk].more = count - len(threads[pk].replies)
    _dress([said for each in threads.values() for said in (each.first, *each.replies)], member)
    return list(threads.values())


@prepared
def _reactions(comment_ids: list[int]) -> QuerySet[Reaction, tuple[int, str, int, str]]:
    rows = Reaction.objects.filter(comment__in=comment_ids)
    return rows.values_list("comment_id", "kind", "member_id", "member__user__name")


@prepared
def _named(comment_ids: list[int]) -> QuerySet[Named]:
    return Named.objects.filter(comment__in=comment_ids).select_related("member__user")


def _dress(said: Sequence[Said], member: Member) -> None:
    """Reactions and people named of all these comments, in two queries."""
    if not said:
        return
    pks = [each.comment.pk for each in said]
    reacted: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for pk, kind, who, name in _reactions(pks):
        reacted[pk, kind].append((who, name))
    named: dict[int, list[Named]] = defaultdict(list)
    for row in _named(pks):
        named[row.comment_id].append(row)
    for each in said:
        each.named = named[each.comment.pk]
        for kind in ReactionKind:
            people = reacted.get((each.comment.pk, kind.value), [])
            if people:
                mine = any(who == member.pk for who, _name in people)
                names = [name for _who, name in people]
                each.reactions.append(Reacted(kind.value, str(kind.label), names, mine))


def wordings_of(comment: Comment) -> list[Entry]:
    """How a comment's text changed, newest first."""
    events = Event.objects.of("item", comment.item_id).filter(
        verb="comment.changed", changes__comment_id=comment.pk
    )
    return [entry_of(event, whole=True) for event in events[:WORDINGS]]
