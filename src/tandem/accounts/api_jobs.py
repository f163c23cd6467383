"""The workspace's background work over the API, for its administrators."""

import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from tandem.accounts import job_operations as do
from tandem.accounts.auth import caller
from tandem.accounts.permissions import require
from tandem.core.api import PageOut, PageSize, Problem, page_out
from tandem.core.models import Job
from tandem.core.paging import keyset

router = Router(tags=["admin"])

#: A number that a row can have.
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
State = Literal["ready", "running", "done", "dead", "cancelled", "discarded"]


class JobOut(Schema):
    id: int
    task: str
    queue: str
    priority: int
    state: str
    attempts: int
    most_attempts: int
    reason: str
    run_after: datetime.datetime
    enqueued_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None


def _job(request: HttpRequest, number: int) -> Job:
    member = caller(request)
    require(member, "job.manage")
    return get_object_or_404(Job.objects.in_workspace(member.workspace_id), pk=number)


@router.get("/jobs", response={200: PageOut[JobOut], 403: Problem, 422: Problem})
def jobs(
    request: HttpRequest,
    state: State | None = None,
    after: str | None = None,
    limit: PageSize = 100,
) -> Any:
    """The workspace's jobs, the newest first."""
    member = caller(request)
    require(member, "job.manage")
    rows = Job.objects.in_workspace(member.workspace_id)
    if state:
        rows = rows.filter(state=state)
    page = keyset(rows, ["-pk"], after=after, limit=limit)
    return page_out(page, page.rows)


@router.get("/jobs/{number}", response={200: JobOut, 403: Problem, 404: Problem, 422: Problem})
def job(request: HttpRequest, number: Number) -> Any:
    """One job."""
    return _job(request, number)


@router.post(
    "/jobs/{number}/retry", response={200: JobOut, 403: Problem, 404: Problem, 422: Problem}
)
def job_run_again(request: HttpRequest, number: Number) -> Any:
    """Run a failed, cancelled or discarded job again."""
    return do.job_run_again(by=caller(request), job=_job(request, number))


@router.post(
    "/jobs/{number}/discard", response={200: JobOut, 403: Problem, 404: Problem, 422: Problem}
)
def job_discard(request: HttpRequest, number: Number) -> Any:
    """Put a job aside that waits or failed."""
    return do.job_discard(by=caller(request), job=_job(request, number))


@router.post(
    "/jobs/{number}/cancel", response={200: JobOut, 403: Problem, 404: Problem, 422: Problem}
)
def job_cancel(request: HttpRequest, number: Number) -> Any:
    """Ask a running job to stop where it looks for the wish."""
    return do.job_cancel(by=caller(request), job=_job(request, number))
