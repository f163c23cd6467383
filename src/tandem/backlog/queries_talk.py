"""The comments of an item as its page shows them: threads, reactions and people named."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from tandem.accounts.models import Member
from tandem.backlog.history import Entry, entry_of
from tandem.backlog.models import Comment, Item, Named, Reaction, ReactionKind
from tandem.core.models import Event
from tandem.core.paging import keyset

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


def comments_of(item: Item, member: Member, *, before: str | None = None) -> Comments:
    answered = Comment.objects.filter(reply_to=OuterRef("pk"), deleted_at=None)
    rows = Comment.objects.filter(item_id=item.pk, reply_to=None)
    rows = rows.filter(Q(deleted_at=None) | Exists(answered))
    page = keyset(
        rows.select_related("written_by__user", "resolved_by__user"),
        ["-written_at", "-pk"],
        after=before,
        limit=COMMENTS,
    )
    firsts = list(page.rows)[::-1]
    total = None
    if not before:
        total = Comment.objects.filter(item_id=item.pk, deleted_at=None).count()
    return Comments(_threads(firsts, member, REPLIES), page.next_cursor, total)


def thread_of(comment: Comment, member: Member) -> Thread:
    """The thread a comment begins, with all its replies."""
    rows = Comment.objects.filter(pk=comment.pk)
    first = rows.select_related("written_by__user", "resolved_by__user").get()
    return _threads([first], member, WHOLE_THREAD)[0]


def _threads(firsts: Sequence[Comment], member: Member, most: int) -> list[Thread]:
    replies = Comment.objects.filter(reply_to__in=firsts, deleted_at=None) if firsts else None
    threads = {first.pk: Thread(Said(first), []) for first in firsts}
    if replies is not None:
        newest = Window(RowNumber(), partition_by=F("reply_to_id"), order_by=["-written_at", "-pk"])
        shown = replies.annotate(place=newest).filter(place__lte=most)
        for row in shown.select_related("written_by__user").order_by("written_at", "pk"):
            threads[row.reply_to_id].replies.append(Said(row))  # type: ignore[index]
        if any(len(thread.replies) == most for thread in threads.values()):
            counts = replies.order_by().values_list("reply_to_id").annotate(Count("pk"))
            for pk, count in counts:
                threads[pk].more = count - len(threads[pk].replies)
    _dress([said for each in threads.values() for said in (each.first, *each.replies)], member)
    return list(threads.values())


def _dress(said: Sequence[Said], member: Member) -> None:
    """Reactions and people named of all these comments, in two queries."""
    if not said:
        return
    pks = [each.comment.pk for each in said]
    reacted: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    rows = Reaction.objects.filter(comment__in=pks)
    for pk, kind, who, name in rows.values_list(
        "comment_id", "kind", "member_id", "member__user__name"
    ):
        reacted[pk, kind].append((who, name))
    named: dict[int, list[Named]] = defaultdict(list)
    for row in Named.objects.filter(comment__in=pks).select_related("member__user"):
        named[row.comment_id].append(row)
    for each in said:
        each.named = named[each.comment.pk]
        for kind in ReactionKind:
            people = reacted.get((each.comment.pk, kind.value), [])
            if people:
                mine = any(who == member.pk for who, _ in people)
                names = [name for _, name in people]
                each.reactions.append(Reacted(kind.value, str(kind.label), names, mine))


def wordings_of(comment: Comment) -> list[Entry]:
    """How a comment's text changed, newest first."""
    events = Event.objects.of("item", comment.item_id).filter(
        verb="comment.changed", changes__comment_id=comment.pk
    )
    return [entry_of(event, whole=True) for event in events[:WORDINGS]]
