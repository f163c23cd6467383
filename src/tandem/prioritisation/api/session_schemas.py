"""What rating sessions take and give over the API."""

import datetime
from typing import Any

from ninja import Schema

from tandem.core.api import RowId
from tandem.core.rest.bodies import Body


class SessionIn(Body):
    """``items`` are keys; or ``filter`` is the query of a backlog list's address.

    ``kind``: rating, estimate or pairs; ``pace``: deadline or live. ``cards`` are an estimation's
    own (``S=2, M=5``), else ``scale`` names one.
    """

    name: str
    items: list[str] | None = None
    filter: str = ""
    kind: str = "rating"
    pace: str = "deadline"
    deadline: datetime.datetime | None = None
    #: A model's number or name; none: the one plans use.
    model: int | str | None = None
    criteria: list[str] = []
    scale: str = "fibonacci"
    cards: str = ""
    three_point: bool = False
    question: str = ""
    member_ids: list[RowId] = []


class SessionPatch(Body):
    name: str | None = None
    deadline: datetime.datetime | None = None


class RatersIn(Body):
    member_ids: list[RowId]


class SeatIn(Body):
    """``token``: the last part of the session's link; not needed by who was invited."""

    token: str = ""


class BallotIn(Body):
    """For an estimation ``value`` is a card; with three points the likely effort."""

    value: float | str
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    note: str = ""


class SkipIn(Body):
    reason: str


class FinalIn(Body):
    value: float
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    reason: str = ""


class SettleIn(Body):
    """By the criteria's slugs; for an estimation by ``effort``."""

    finals: dict[str, FinalIn]


class AgainIn(Body):
    deadline: datetime.datetime | None = None


class TableIn(Body):
    item: str


class SessionPairIn(Body):
    """``preferred`` is the key of the one that comes first; none: both alike."""

    one: str
    other: str
    preferred: str | None = None


class SessionLineOut(Schema):
    id: int
    name: str
    kind: str
    pace: str
    state: str
    deadline: datetime.datetime | None
    facilitator: str
    items: int
    settled: int
    raters: int


class ValueOut(Schema):
    value: float
    low: float | None
    high: float | None
    confidence: float | None
    note: str


class VoiceOut(ValueOut):
    rater: str


class FinalOut(Schema):
    value: float
    low: float | None
    high: float | None
    confidence: float | None
    reason: str
    decided_by: str
    decided_at: datetime.datetime


class OutcomeOut(Schema):
    criterion: str
    lens: str
    sentence: str
    suggestion: float | None
    values: list[VoiceOut]
    final: FinalOut | None


class PassedOut(Schema):
    rater: str
    reason: str


class EntryOut(Schema):
    """``outcomes`` is empty until the item is revealed; ``mine`` are the caller's own values."""

    item: str
    title: str
    round: int
    deleted: bool
    revealed_at: datetime.datetime | None
    locked_at: datetime.datetime | None
    mine: dict[str, ValueOut]
    skipped: str | None
    outcomes: list[OutcomeOut]
    passed: list[PassedOut]


class SessionProgressOut(Schema):
    member_id: int
    rater: str
    joined_at: datetime.datetime | None
    done: int
    total: int


class SessionOut(Schema):
    """``link_token`` is there for those who hold sessions."""

    id: int
    name: str
    kind: str
    pace: str
    state: str
    model: str | None
    criteria: list[str]
    cards: list[list[Any]]
    three_point: bool
    question: str
    deadline: datetime.datetime | None
    facilitator: str
    on_the_table: str | None
    link_token: str | None
    progress: list[SessionProgressOut]
    items: list[EntryOut]


class StandingOut(Schema):
    item: str
    strength: float
    low: float
    high: float
    place: int


class PairsOut(Schema):
    """``next`` is the pair to ask the caller now (none: they are through). ``standings`` are from
    the caller's own answers while the session is open, and from everybody's when it is revealed."""

    question: str
    next: list[str] | None
    answered: int
    standings: list[StandingOut]
    note: str
