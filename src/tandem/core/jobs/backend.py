"""The ``django_tasks`` backend that keeps jobs in the database, and reads their results."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from tandem.core.jobs.task import JobTask
from tandem.core.models import Job, JobState

_STATUS = {
    JobState.READY: TaskResultStatus.READY,
    JobState.RUNNING: TaskResultStatus.RUNNING,
    JobState.DONE: TaskResultStatus.SUCCESSFUL,
}


class DatabaseBackend(BaseTaskBackend):
    """``OPTIONS = {"inline": True}`` runs a task at once in the caller: for tests and commands."""

    task_class = JobTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        assert isinstance(task, JobTask)
        job = Job(
            task=task.module_path,
            args=normalize_json(list(args)),
            kwargs=normalize_json(dict(kwargs)),
            queue=task.queue_name,
            priority=task.priority,
            workspace_id=task.workspace_id,
            progress_key=task.progress_key(args, kwargs)[:80],
            most_attempts=task.attempts,
            enqueued_at=timezone.now(),
            run_after=task.run_after or timezone.now(),
        )
        if self.options.get("inline"):
            # What is due later is nobody's here: a retry would follow at once, and again.
            if task.run_after is None or task.run_after <= timezone.now():
                task.call(*args, **kwargs)
        else:
            with transaction.atomic():
                job.save(force_insert=True)
                self.hand_over(job)
        return self._result(task, job)

    def hand_over(self, job: Job) -> None:
        """Tell the engine of a job that waits. The own worker finds it by itself."""

    def take_back(self, job: Job) -> None:
        """Tell the engine that a waiting job will not be run."""

    def forget(self, engine_ids: list[int]) -> None:
        """Tell the engine that these jobs are erased. The own worker keeps nothing of them."""

    def get_result(self, result_id: str) -> TaskResult[Any]:
        job = Job.objects.filter(pk=int(result_id)).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return self._result(import_string(job.task), job)

    def _result(self, task: Task[Any, Any], job: Job) -> TaskResult[Any]:
        result: TaskResult[Any] = TaskResult(
            task=task,
            id=str(job.pk) if job.pk else "inline",
            status=_STATUS.get(JobState(job.state), TaskResultStatus.FAILED),
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.started_at,
            args=job.args,
            kwargs=job.kwargs,
            backend=self.alias,
            errors=[TaskError(exception_class_path=job.error_class, traceback=job.error)]
            if job.error
            else [],
            worker_ids=list(job.workers),
        )
        object.__setattr__(result, "_return_value", job.result)
        return result
