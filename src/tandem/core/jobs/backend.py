"""The ``django_tasks`` backend that keeps jobs in the database."""

from typing import Any

from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus

from tandem.core.models import Job


class DatabaseBackend(BaseTaskBackend):
    """``OPTIONS = {"inline": True}`` runs a task at once in the caller: for tests and commands."""

    supports_defer = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        now = timezone.now()
        if self.options.get("inline"):
            task.call(*args, **kwargs)
            identity = "inline"
        else:
            job = Job.objects.create(
                task=task.module_path,
                args=list(args),
                kwargs=dict(kwargs),
                run_after=task.run_after or now,
                enqueued_at=now,
            )
            identity = str(job.pk)
        return TaskResult(
            task=task,
            id=identity,
            status=TaskResultStatus.READY,
            enqueued_at=now,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
