"""What a product is set up with over the API: its statuses, labels, fields and how one filters."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from tandem.backlog.models import Category, CustomField, FieldKind, OnNew
from tandem.backlog.operations.fields import COLORS
from tandem.core.rest.bodies import Body, one_of

CategoryName = Annotated[str, one_of(Category.values)]


class StatusOut(Schema):
    """``category``: open, started, done or dropped. ``former``: names that still find it.
    ``limit``: how many items may be in it, ``lane_limit``: in one lane of the board;
    ``limit_refuses``: over the limit nothing more comes in."""

    id: int
    name: str
    category: str
    position: int
    former: list[str]
    limit: int | None
    lane_limit: int | None
    limit_refuses: bool


Limit = Annotated[int, Field(ge=1, le=100_000)]


class StatusIn(Body):
    """``position`` counts from 0."""

    name: str
    category: CategoryName
    position: Annotated[int, Field(ge=0, le=1000)] | None = None


class StatusPatch(Body):
    """Only what is sent changes. ``null`` for a limit: as many items as come."""

    name: str | None = None
    category: CategoryName | None = None
    position: Annotated[int, Field(ge=0, le=1000)] | None = None
    limit: Limit | None = None
    lane_limit: Limit | None = None
    limit_refuses: bool | None = None


class LabelOut(Schema):
    id: int
    name: str


class FilterValueOut(Schema):
    value: str
    words: str


class FilterFieldOut(Schema):
    """``kind``: choice, person, number, date, text, check or item. ``operators``: what may stand
    between the name and a value. ``can_be_missing``: ``has:name`` and ``no:name`` can be asked."""

    name: str
    title: str
    kind: str
    aliases: list[str]
    operators: list[str]
    can_be_missing: bool
    values: list[FilterValueOut]


class ChoiceOut(Schema):
    """``number``: what formulas read it as. ``gone``: no longer offered, still held by items."""

    slug: str
    name: str
    color: str
    number: float | None
    gone: bool


class OwnFieldOut(Schema):
    """``slug`` stays when the field is renamed: filters, views and formulas use it."""

    slug: str
    name: str
    kind: str
    hint: str
    position: int
    on_card: bool
    on_new: str
    choices: list[ChoiceOut]
    archived: bool

    @staticmethod
    def resolve_archived(row: CustomField) -> bool:
        return row.archived_at is not None


#: Whether the dialog for a new item asks for it, or an item cannot be made without.
OnNewName = Annotated[str, one_of(OnNew.values)]


class OwnFieldIn(Body):
    """``choices``: names, for the kind ``choice``."""

    name: str
    kind: Annotated[str, one_of(FieldKind.values)]
    hint: str = ""
    on_card: bool = False
    on_new: OnNewName = ""
    choices: Annotated[list[str], Field(max_length=100)] = []


class OwnFieldPatch(Body):
    """Only what is sent changes. ``position`` counts from 0; ``archived`` takes it out of use."""

    name: str | None = None
    hint: str | None = None
    on_card: bool | None = None
    on_new: OnNewName | None = None
    position: Annotated[int, Field(ge=0, le=1000)] | None = None
    archived: bool | None = None


class ChoiceIn(Body):
    name: str
    color: Annotated[str, one_of(COLORS)] | None = None
    number: float | None = None


class ChoicePatch(Body):
    """Only what is sent changes; a choice that is gone is offered again."""

    name: str | None = None
    color: Annotated[str, one_of(COLORS)] | None = None
    number: float | None = None
    position: Annotated[int, Field(ge=0, le=1000)] | None = None
