"""The steps of an import as background work. Each can run again from the start."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.accounts.sign_in.audit import Nobody
from tandem.backlog.storing_tidy import tidy
from tandem.core import kept
from tandem.core.errors import Refused
from tandem.core.importing.adapter import Adapter
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.source import Source
from tandem.core.jobs import progress
from tandem.core.jobs.housekeeping import prunes
from tandem.core.jobs.schedules import scheduled
from tandem.core.jobs.task import task
from tandem.core.models import Job
from tandem.integrations.adapters import adapter_named
from tandem.integrations.imports import run as steps
from tandem.integrations.imports.parts import Overtaken, Tell
from tandem.integrations.imports.result import LISTED
from tandem.integrations.imports.revert import take_back
from tandem.integrations.models import ImportRun, RunState
from tandem.integrations.trash.operations import purge
from tandem.ui.sayings import made_of


@contextmanager
def _opened(run: ImportRun) -> Iterator[tuple[Source, Adapter]]:
    with kept.opened(run.path) as path:
        if path is None:
            raise Refused(_("The uploaded file is gone. Choose it again."))
        yield steps.source_opened(path, run.file_name), adapter_named(run.format)


def _step(run_id: int, state: RunState, work: Callable[[ImportRun], None]) -> None:
    """Do one step; a refusal becomes the run's message, and the run says what to do next."""
    run = ImportRun.objects.select_related("product__workspace").filter(pk=run_id).first()
    if run is None or run.state != state:
        return
    try:
        work(run)
    except progress.Cancelled as stop:
        _went_back(run, state, mendable=state == RunState.TRYING, message=stop.message)
        raise
    except Refused as refusal:
        # A mapping can be mended, a broken file cannot.
        _went_back(run, state, mendable=state == RunState.TRYING, message=refusal.message)
    finally:
        progress.over(run.progress_key)


def _went_back(run: ImportRun, state: RunState, *, mendable: bool, message: str) -> None:
    """Only from the state the step began in: what another worker wrote since stands."""
    ImportRun.objects.filter(pk=run.pk, state=state).update(
        state=RunState.CHECKED if mendable else RunState.FAILED,
        message=str(message),
        said=(run.said or {}) | made_of(message),
    )


def _still(run: ImportRun, state: RunState) -> bool:
    """Whether the step is still to be done, in the caller's transaction: another worker, which
    took this one for dead, waits here until it ends."""
    return ImportRun.objects.select_for_update().filter(pk=run.pk, state=state).exists()


@transaction.atomic
def _went_on(run: ImportRun, before: RunState, after: RunState) -> None:
    if _still(run, before):
        run.state = after
        run.save()


def _teller(run: ImportRun) -> Tell:
    tell = progress.Teller(run.progress_key)
    total = int(run.check_result.get("rows", 0))
    return lambda rows, note: tell(rows, total, note)


@task(progress="import-{0}", attempts=3)
def import_check(run_id: int) -> None:
    def work(run: ImportRun) -> None:
        from tandem.integrations.operations import check_as_json, check_said

        with _opened(run) as (source, adapter):
            mapping = steps.mapping_read({}, run.product)
            check = steps.checked(source, adapter, mapping)
            run.check_result = check_as_json(check)
            run.mapping = check.mapping.as_json()
            run.rows = check.rows
            run.said = check_said(check)
            _went_on(run, RunState.CHECKING, RunState.CHECKED)

    _step(run_id, RunState.CHECKING, work)


@task(progress="import-{0}", attempts=3)
def import_dry_run(run_id: int, member_id: int) -> None:
    def work(run: ImportRun) -> None:
        with _opened(run) as (source, adapter):
            result = steps.dry_run(
                by=Member.objects.select_related("user", "workspace").get(pk=member_id),
                product=run.product,
                source=source,
                adapter=adapter,
                mapping=Mapping.from_json(run.mapping),
                tell=_teller(run),
            )
            run.said = (run.said or {}) | result.said
            run.dry_run = result.as_json() | {
                "refused": result.refusals.first(LISTED),
                "refused_count": result.refused,
                "warned": result.warned,
                "samples": result.samples,
            }
            _went_on(run, RunState.TRYING, RunState.TRIED)

    _step(run_id, RunState.TRYING, work)


@task(progress="import-{0}", attempts=3)
def import_apply(run_id: int, member_id: int) -> None:
    """Part by part; a killed worker's is gone on with, and what is refused is taken back."""
    run = _at(run_id, RunState.RUNNING)
    if run is None:
        return
    by = Member.objects.select_related("user", "workspace").get(pk=member_id)
    try:
        with _opened(run) as (source, adapter):
            steps.import_parts(by=by, run=run, source=source, adapter=adapter, tell=_teller(run))
    except Overtaken:
        return
    except Refused as refusal:
        cancelled = isinstance(refusal, progress.Cancelled)
        _give_up(run, refusal.message, again=cancelled)
        _take_back(run_id, by)
        if cancelled:
            raise
    finally:
        progress.over(f"import-{run_id}")


@task(progress="import-{0}", attempts=5)
def import_take_back(run_id: int, member_id: int | None) -> None:
    by = Member.objects.select_related("user", "workspace").filter(pk=member_id or 0).first()
    _take_back(run_id, by)


def _take_back(run_id: int, by: Member | None) -> None:
    """Nobody stops this: half of it would be neither in nor out."""
    run = _at(run_id, RunState.REVERTING)
    if run is None:
        return
    # Who began it may be gone; its work still is to be taken back.
    by = by or cast(Member, Nobody(run.product.workspace_id, name=""))
    try:
        take_back(by=by, run=run, tell=progress.Teller(run.progress_key, stoppable=False))
    except Overtaken:
        return
    finally:
        progress.over(run.progress_key)


def _at(run_id: int, state: RunState) -> ImportRun | None:
    runs = ImportRun.objects.select_related("product__workspace")
    return runs.filter(pk=run_id, state=state).first()


def _give_up(run: ImportRun, message: str, *, again: bool) -> None:
    """What is in goes out; the file may be tried ``again``."""
    ImportRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        state=RunState.REVERTING,
        message=str(message),
        said=(run.said or {}) | made_of(message),
        taken=0,
        taken_back={"again": again},
    )


@scheduled(cron="*/5 * * * *")
@task()
def imports_look() -> None:
    """Take back what is half in, and nobody works on any more: its job failed too often, or was
    cancelled or discarded while it waited."""
    working = (RunState.CHECKING, RunState.TRYING, RunState.RUNNING, RunState.REVERTING)
    for run in ImportRun.objects.filter(state__in=working).select_related("product"):
        if Job.objects.unfinished().filter(progress_key=run.progress_key).exists():
            continue
        left = N_("Its work ended before it was complete. Try again.")
        if run.state in (RunState.CHECKING, RunState.TRYING):
            _went_back(
                run, RunState(run.state), mendable=run.state == RunState.TRYING, message=left
            )
            continue
        _give_up(run, left, again=True)
        import_take_back.of(run.product.workspace_id).enqueue(run.pk, run.started_by_id)


@scheduled(cron="40 3 * * *")
@task()
def trash_purge() -> None:
    """Erase what has lain in the trash for 30 days."""
    purge(timezone.now())


@scheduled(cron="10 4 * * *")
@task(attempts=2, priority=-50)
def attachments_tidy() -> int:
    """Remove bytes that no attachment names: what uploads and erasing left when they were cut off."""
    return tidy()


@task(queue="webhooks")
def webhooks_fan_out(event_ids: list[int]) -> None:
    from tandem.integrations.webhooks.outbox import fan_out

    fan_out(event_ids)


@task(queue="webhooks")
def webhook_send(webhook_id: int) -> None:
    from tandem.integrations.webhooks.sending import send_due

    send_due(webhook_id)


@task(progress="connection-{0}", queue="connections")
def connection_sync(connection_id: int) -> None:
    from tandem.integrations.connections.syncing import sync

    sync(connection_id)


@scheduled(cron="*/5 * * * *")
@task(queue="connections")
def connections_look() -> None:
    """Wake connections whose job was lost; those that are due by themselves are woken already."""
    from tandem.integrations.connections.syncing import wake
    from tandem.integrations.models import Connection

    now = timezone.now()
    for pk in Connection.objects.active().filter(next_at__lt=now).values_list("pk", flat=True):
        wake(pk, at=now)


@prunes
def connection_calls(before: datetime.datetime) -> int:
    """Calls of trackers older than what a repeated one is known by."""
    from tandem.integrations.connections.syncing import forget_old_calls

    return forget_old_calls()


@prunes
def webhook_deliveries(before: datetime.datetime) -> int:
    """Deliveries older than the log keeps them."""
    from tandem.integrations.webhooks.outbox import forget_old

    return forget_old()


@task(progress="archive-{0}", attempts=3)
def archive_make(run_id: int) -> None:
    from tandem.integrations.archive import working

    working.make(run_id)


@task(progress="archive-{0}", attempts=3)
def archive_load(run_id: int) -> None:
    from tandem.integrations.archive import working

    working.load(run_id)


@prunes
def archives(before: datetime.datetime) -> int:
    """Archives that were kept long enough; they have days of their own."""
    from tandem.integrations.archive.working import forget_old

    return forget_old(timezone.now())
