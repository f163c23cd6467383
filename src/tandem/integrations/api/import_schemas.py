"""What an import looks like over the API."""

import datetime
from typing import Any

from ninja import Field, Schema

from tandem.core.jobs.progress import Progress, seen
from tandem.core.rest.bodies import Body
from tandem.integrations.imports.result import LISTED
from tandem.integrations.models import ImportRow, ImportRun, Outcome, RunState


class FormatOut(Schema):
    name: str
    title: str
    description: str
    extensions: list[str]


class StatusRuleIn(Body):
    category: str
    name: str = ""


class MappingIn(Body):
    """What to read each column, status and kind of the file as; what is left out is suggested."""

    columns: dict[str, str | list[str] | None] | None = None
    statuses: dict[str, str | StatusRuleIn] | None = None
    kinds: dict[str, str] | None = None
    date_order: str | None = None
    time_zone: str | None = None
    delimiter: str | None = None
    encoding: str | None = None


class ProgressOut(Schema):
    done: int
    total: int
    note: str


class RefusedRowOut(Schema):
    line: int
    reason: str


class WarningOut(Schema):
    line: int | None
    message: str


class ResultOut(Schema):
    """The object ``tandem import --json`` prints; the first 1000 refusals and warnings are listed."""

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: list[RefusedRowOut]
    warnings: list[WarningOut]
    dry_run: bool


class ColumnOut(Schema):
    """``fields``: what the column would become."""

    name: str
    repeated: int
    filled: int
    samples: list[str]
    fields_: list[str] = Field(alias="fields")


class FoundOut(Schema):
    name: str
    count: int
    becomes: str


class DatesOut(Schema):
    """``certain`` is false when the order of day and month has to be decided (``date_order``)."""

    certain: bool
    order: str | None


class CheckOut(Schema):
    """What the file holds. ``blocking`` says what must be decided before it can be read."""

    rows: int
    records: int
    fields_: dict[str, str] = Field(alias="fields")
    columns: list[ColumnOut]
    samples: list[dict[str, Any]]
    statuses: list[FoundOut]
    kinds: list[FoundOut]
    people: list[FoundOut]
    dates: DatesOut
    refusals: list[RefusedRowOut]
    refused: int
    warnings: list[WarningOut]
    warned: int
    blocking: str


class ImportOut(Schema):
    """``state``: checking, checked, trying, tried, running, done, failed, reverting or reverted."""

    id: int
    product: str
    format: str
    file_name: str
    state: str
    message: str
    progress: ProgressOut | None
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    started_by: str | None
    started_at: datetime.datetime
    finished_at: datetime.datetime | None
    reverted_at: datetime.datetime | None

    @staticmethod
    def resolve_product(row: ImportRun) -> str:
        return row.product.key

    @staticmethod
    def resolve_started_by(row: ImportRun) -> str | None:
        return row.started_by.name if row.started_by else None

    @staticmethod
    def resolve_progress(row: ImportRun) -> Progress | None:
        return seen(row.progress_key) if row.is_working else None


class RevertedOut(Schema):
    """``kept``: items somebody worked on since the import; they stay as they are."""

    removed: int
    restored: int
    kept: int


class ImportFullOut(ImportOut):
    """``check`` is there once checked, ``dry_run`` once tried, ``result`` once done."""

    check: CheckOut | None
    mapping: dict[str, Any]
    dry_run: ResultOut | None
    result: ResultOut | None
    reverted: RevertedOut | None

    @staticmethod
    def resolve_check(row: ImportRun) -> dict[str, Any] | None:
        return row.check_result or None

    @staticmethod
    def resolve_dry_run(row: ImportRun) -> dict[str, Any] | None:
        return row.dry_run and {**row.dry_run, "dry_run": True}

    @staticmethod
    def resolve_result(row: ImportRun) -> dict[str, Any] | None:
        if row.state not in {RunState.DONE, RunState.REVERTING, RunState.REVERTED}:
            return None
        refused = row.rows_seen.filter(outcome=Outcome.REFUSED).values("line", "reason")
        return {
            "rows": row.rows,
            "created": row.created,
            "updated": row.updated,
            "unchanged": row.unchanged,
            "refused": list(refused[:LISTED]),
            "warnings": row.warnings,
            "dry_run": False,
        }

    @staticmethod
    def resolve_reverted(row: ImportRun) -> dict[str, int] | None:
        return row.taken_back if row.state == RunState.REVERTED else None


class ImportRowOut(Schema):
    line: int
    outcome: str
    reason: str
    item: str | None

    @staticmethod
    def resolve_item(row: ImportRow) -> str | None:
        return row.item.key if row.item else None
