"""``tandem jobs``: background work of the whole installation, for those who run it."""

from typing import TYPE_CHECKING, Any

import click

from tandem.cli.base import answer, data_option, json_option
from tandem.core.errors import Refused

if TYPE_CHECKING:
    from tandem.core.models import Job

STATES = ("ready", "running", "done", "dead", "cancelled", "discarded")


@click.group()
def jobs() -> None:
    """Background work: what waits, runs and has failed."""


@jobs.command("list")
@click.option("--state", type=click.Choice(STATES), default=None, help="Only jobs in this state.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@json_option
@data_option
def list_(state: str | None, limit: int, as_json: bool) -> None:
    """The newest jobs, with the counts of all."""
    from tandem.core.jobs.counts import counted
    from tandem.core.models import Job

    rows = Job.objects.filter(state=state) if state else Job.objects.all()
    found = [_plain(job) for job in rows.order_by("-pk")[:limit]]
    counts = counted()
    payload = {
        "counts": counts.by_state,
        "oldest_waiting_seconds": round(counts.oldest_waiting, 1),
        "jobs": found,
    }

    def text() -> None:
        for each in found:
            tried = f"{each['attempts']} of {each['most_attempts']}"
            click.echo(f"{each['id']}\t{each['state']}\t{each['task']}\t{tried}\t{each['reason']}")
        click.echo(", ".join(f"{number} {state}" for state, number in counts.by_state.items()))

    answer(as_json, payload, text)


@jobs.command("retry")
@click.argument("number", type=int)
@json_option
@data_option
def retry(number: int, as_json: bool) -> None:
    """Run a failed, cancelled or discarded job again."""
    _done(number, "run_again", as_json)


@jobs.command("discard")
@click.argument("number", type=int)
@json_option
@data_option
def discard(number: int, as_json: bool) -> None:
    """Put a job aside that waits or failed."""
    _done(number, "discard", as_json)


@jobs.command("cancel")
@click.argument("number", type=int)
@json_option
@data_option
def cancel(number: int, as_json: bool) -> None:
    """Ask a running job to stop."""
    _done(number, "cancel", as_json)


def _done(number: int, verb: str, as_json: bool) -> None:
    """The workspace's operation, with its event; a job of no workspace has no history to be in."""
    from django.db import transaction

    from tandem.accounts import job_operations
    from tandem.accounts.models import Workspace
    from tandem.cli.base import operator
    from tandem.core.jobs import control
    from tandem.core.models import Job

    job = Job.objects.filter(pk=number).first()
    if job is None:
        raise Refused(f"There is no job {number}.", field="number")
    workspace = Workspace.objects.filter(pk=job.workspace_id or 0).first()
    if workspace is not None:
        by = operator(workspace.slug)
        getattr(job_operations, f"job_{verb}")(by=by, job=job)
    elif verb == "cancel":
        control.ask_to_stop(job)
    else:
        with transaction.atomic():
            getattr(control, verb)(job)
    job.refresh_from_db()
    plain = _plain(job)
    answer(as_json, plain, lambda: click.echo(f"Job {number} is {plain['state']}."))


def _plain(job: "Job") -> dict[str, Any]:
    names = ("id", "task", "queue", "priority", "workspace_id", "state", "attempts")
    more = ("most_attempts", "reason", "worker", "enqueued_at", "started_at", "finished_at")
    return {name: getattr(job, name) for name in (*names, *more)}
