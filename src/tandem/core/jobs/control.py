"""What a person may do with a job. Who may, and the audit event, are the caller's business."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import default_task_backend

from tandem.core.errors import Refused
from tandem.core.jobs import notes
from tandem.core.jobs.backend import DatabaseBackend
from tandem.core.jobs.progress import stop_key
from tandem.core.models import Job, JobState

#: Rows named in one statement.
BATCH = 500


def run_again(job: Job) -> None:
    """Let a job that failed, was cancelled or discarded wait anew, with all its attempts."""
    job = _locked(job)
    if job.state not in (JobState.DEAD, JobState.CANCELLED, JobState.DISCARDED):
        raise Refused(
            _("This job is %(state)s; only one that failed can be run again.")
            % {"state": _state(job)}
        )
    job.wait_anew()
    job.save()
    notes.forget(stop_key(job.pk))
    _backend().hand_over(job)


def discard(job: Job) -> None:
    """Nobody will run this job: one that waits or failed is put aside."""
    job = _locked(job)
    if job.state not in (JobState.READY, JobState.DEAD):
        raise Refused(
            _("This job is %(state)s; only one that waits or failed can be discarded.")
            % {"state": _state(job)}
        )
    if job.state == JobState.READY:
        _backend().take_back(job)
    job.state, job.finished_at = JobState.DISCARDED, timezone.now()
    job.save()


def ask_to_stop(job: Job) -> None:
    """Ask a running job to stop. It does so where it looks for the wish, or ends as it would.

    Call it outside a transaction: the job may hold SQLite's write lock until it has stopped.
    """
    if job.state != JobState.RUNNING:
        raise Refused(
            _("This job is %(state)s; only a running one can be cancelled.")
            % {"state": _state(job)}
        )
    notes.write(stop_key(job.pk), {"at": timezone.now().isoformat()})


def erase(jobs: QuerySet[Job]) -> None:
    """Erase the jobs, the engine's own rows of them, and what they told of their progress.

    One that is running ends as it does; its outcome is written nowhere.
    """
    assert transaction.get_connection().in_atomic_block
    pks, engine_ids, keys = [], [], []
    for pk, engine_id, key in jobs.values_list("pk", "engine_id", "progress_key"):
        pks.append(pk)
        engine_ids += [engine_id] if engine_id is not None else []
        keys += [stop_key(pk), *([key] if key else [])]
    if engine_ids:
        _backend().forget(engine_ids)
    for start in range(0, len(pks), BATCH):
        Job.objects.filter(pk__in=pks[start : start + BATCH]).delete()
    transaction.on_commit(lambda: notes.forget_all(keys))


def _locked(job: Job) -> Job:
    assert transaction.get_connection().in_atomic_block
    return Job.objects.select_for_update().get(pk=job.pk)


def _state(job: Job) -> str:
    return str(job.get_state_display()).lower()


def _backend() -> DatabaseBackend:
    from django_tasks import task_backends

    backend = task_backends[default_task_backend.alias]
    assert isinstance(backend, DatabaseBackend)
    return backend
