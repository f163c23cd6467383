"""What the backlog's nouns look like over the API."""

import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from tandem.backlog import custom
from tandem.backlog.models import (
    Comment,
    Criterion,
    Dependency,
    Item,
    Kind,
    Question,
    Reaction,
    ReactionKind,
)
from tandem.backlog.models.criterion import CriterionForm
from tandem.backlog.models.dependency import DependencyKind
from tandem.core.api import RowId
from tandem.core.events import told
from tandem.core.models import Event
from tandem.core.rest.bodies import Body, one_of


class EstimateOut(Schema):
    low: float | None
    likely: float | None
    high: float | None


class CriterionOut(Schema):
    id: int
    form: str
    text: str
    steps: list[dict[str, str]]
    met: bool

    @staticmethod
    def resolve_met(row: Criterion) -> bool:
        return row.met_at is not None


class QuestionOut(Schema):
    id: int
    text: str
    asked_by: str | None
    asked_of: str | None
    answer: str
    open: bool

    @staticmethod
    def resolve_open(row: Question) -> bool:
        return row.answered_at is None

    @staticmethod
    def resolve_asked_of(row: Question) -> str | None:
        return row.asked_of.name if row.asked_of else None

    @staticmethod
    def resolve_asked_by(row: Question) -> str | None:
        return row.asked_by.name if row.asked_by else None


class ReactionOut(Schema):
    """Who reacted how: agree, disagree, thanks, cheers, looking or done."""

    kind: str
    member: str

    @staticmethod
    def resolve_member(row: Reaction) -> str:
        return row.member.name


class CommentOut(Schema):
    """``reply_to``: the comment that began the thread. ``named``: the members named with ``@`` who
    are told; ``left_unnamed`` counts, right after writing, those beyond the limit, who are not.
    ``question``: what it answers, or replies to an answer of; ``accepted``: it settles it."""

    id: int
    text: str
    author: str
    written_at: datetime.datetime
    edited_at: datetime.datetime | None
    reply_to: int | None
    question: int | None
    accepted: bool
    resolved: bool
    resolved_by: str | None
    named: list[int]
    left_unnamed: int
    reactions: list[ReactionOut]

    @staticmethod
    def resolve_author(row: Comment) -> str:
        return row.author_name

    @staticmethod
    def resolve_reply_to(row: Comment) -> int | None:
        return row.reply_to_id

    @staticmethod
    def resolve_question(row: Comment) -> int | None:
        return row.question_id

    @staticmethod
    def resolve_resolved(row: Comment) -> bool:
        return row.resolved_at is not None

    @staticmethod
    def resolve_resolved_by(row: Comment) -> str | None:
        return row.resolved_by.name if row.resolved_by else None

    @staticmethod
    def resolve_named(row: Comment) -> list[int]:
        return [each.member_id for each in row.named.all()]

    @staticmethod
    def resolve_reactions(row: Comment) -> list[Reaction]:
        return list(row.reactions.all())


class DependencyOut(Schema):
    id: int
    from_key: str
    kind: str
    to_key: str

    @staticmethod
    def resolve_from_key(row: Dependency) -> str:
        return row.from_item.key

    @staticmethod
    def resolve_to_key(row: Dependency) -> str:
        return row.to_item.key


class ItemOut(Schema):
    """``fields``: what the item holds in the product's own fields, by slug; a choice by its name, a
    person by their number as a member. Fields without a value are left out."""

    key: str
    kind: str
    title: str
    status: str
    category: str
    assignee: str | None
    parent: str | None
    labels: list[str]
    estimate: EstimateOut
    due_date: datetime.date | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    version: int
    source: str
    source_ref: str
    fields: dict[str, Any]

    @staticmethod
    def resolve_fields(row: Item) -> dict[str, Any]:
        return {
            value.field.slug: custom.plain_of(value.field, custom.held(value))
            for value in row.field_values.all()
            if value.field.archived_at is None
        }

    @staticmethod
    def resolve_status(row: Item) -> str:
        return row.status.name

    @staticmethod
    def resolve_category(row: Item) -> str:
        return row.status.category

    @staticmethod
    def resolve_assignee(row: Item) -> str | None:
        return row.assignee.name if row.assignee else None

    @staticmethod
    def resolve_parent(row: Item) -> str | None:
        return row.parent.key if row.parent else None

    @staticmethod
    def resolve_labels(row: Item) -> list[str]:
        return [label.name for label in row.labels.all()]

    @staticmethod
    def resolve_estimate(row: Item) -> dict[str, float | None]:
        return {
            "low": row.estimate_low,
            "likely": row.estimate_likely,
            "high": row.estimate_high,
        }


class ItemFullOut(ItemOut):
    description: str
    story_role: str
    story_want: str
    story_benefit: str
    extra: dict[str, Any]
    criteria: list[CriterionOut]
    questions: list[QuestionOut]
    dependencies: list[DependencyOut]

    @staticmethod
    def resolve_dependencies(row: Item) -> list[Dependency]:
        return dependencies_of(row)


def dependencies_of(item: Item) -> list[Dependency]:
    """Those in either direction whose other item is there."""
    both = Dependency.objects.filter(from_item=item) | Dependency.objects.filter(to_item=item)
    both = both.filter(from_item__deleted_at=None, to_item__deleted_at=None)
    return list(both.select_related("from_item__product", "to_item__product").order_by("pk"))


#: What one of the product's own fields can be sent as.
OwnValue = str | int | float | bool | None

KindName = Annotated[str, one_of(Kind.values)]


class ItemIn(Body):
    """``template``: the name or number of a template, or `default` for the kind's; it gives what
    is not sent. ``criteria``: texts of acceptance criteria."""

    title: str
    kind: KindName = Kind.STORY.value
    template: str | None = None
    criteria: Annotated[list[str], Field(max_length=50)] = []
    description: str = ""
    story_role: str = ""
    story_want: str = ""
    story_benefit: str = ""
    status: str | None = None
    assignee_id: int | None = None
    parent: str | None = None
    labels: list[str] = []
    estimate_low: float | None = None
    estimate_likely: float | None = None
    estimate_high: float | None = None
    due_date: datetime.date | None = None
    fields: dict[str, OwnValue] = {}
    at_top: bool = False


class ItemPatch(Body):
    """Only what is sent changes. ``version``: the one the change started from. ``fields``: the
    product's own, by slug or name; ``null`` empties one."""

    version: int | None = None
    title: str | None = None
    kind: KindName | None = None
    description: str | None = None
    story_role: str | None = None
    story_want: str | None = None
    story_benefit: str | None = None
    status: str | None = None
    assignee_id: int | None = None
    parent: str | None = None
    labels: list[str] | None = None
    estimate_low: float | None = None
    estimate_likely: float | None = None
    estimate_high: float | None = None
    due_date: datetime.date | None = None
    fields: dict[str, OwnValue] | None = None


class MoveIn(Body):
    """Right behind the item ``after``; ``null``: to the top. ``status`` moves it on the board."""

    version: int | None = None
    after: str | None = None
    status: str | None = None


class BulkPatch(ItemPatch):
    key: str


class BulkMove(MoveIn):
    key: str


class BulkIn(Body):
    """Up to 500 in all, done in the order create, update, move: all of them or none."""

    create: Annotated[list[ItemIn], Field(max_length=500)] = []
    update: Annotated[list[BulkPatch], Field(max_length=500)] = []
    move: Annotated[list[BulkMove], Field(max_length=500)] = []


class BulkOut(Schema):
    """In the order they were sent."""

    created: list[ItemOut]
    updated: list[ItemOut]
    moved: list[ItemOut]


class TextIn(Body):
    text: str


class CommentIn(TextIn):
    """``reply_to``: a comment of the same item, to answer in its thread."""

    reply_to: RowId | None = None


class QuestionIn(TextIn):
    """``asked_of``: the member whose answer is wanted; ``null``: whoever knows."""

    asked_of: RowId | None = None


class AcceptedIn(Body):
    """``answer``: the number of one of the question's answers; ``null``: none, it is open."""

    answer: RowId | None


class PersonIn(Body):
    asked_of: RowId | None


class WatchOut(Schema):
    """Whether you watch the item, and who does."""

    watching: bool
    watchers: list[str]


class ResolutionIn(Body):
    resolved: bool


ReactionName = Annotated[str, one_of(ReactionKind.values)]


class CommentPatch(TextIn):
    """``before``: the text the author started from."""

    before: str | None = None


class CriterionIn(Body):
    text: str
    form: Annotated[str, one_of(CriterionForm.values)] | None = None


class CriterionPatch(Body):
    text: str | None = None
    met: bool | None = None


class AnswerIn(Body):
    answer: str


class DependencyIn(Body):
    kind: Annotated[str, one_of(DependencyKind.values)]
    to: str


class EventOut(Schema):
    """``changes``: ``{field: [before, after]}``. ``channel``: page, api, cli, import or job."""

    id: int
    at: datetime.datetime
    verb: str
    member_name: str
    channel: str
    changes: dict[str, Any]

    @staticmethod
    def resolve_changes(event: Event) -> dict[str, Any]:
        return told(event)


class ItemEventOut(EventOut):
    """``undoable``: nobody changed the same thing since, so the change can be taken back."""

    undoable: bool


class ActivityOut(EventOut):
    """``object_kind`` and ``object_label`` name what was changed, as ``item`` and ``WEB-42``."""

    object_kind: str
    object_id: int
    object_label: str
