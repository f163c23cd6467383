"""A task of ``django_tasks`` that knows its limit of attempts, its progress and whose work it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, Self, TypeVar, cast

from django_tasks import task as django_task
from django_tasks.base import Task

P = ParamSpec("P")
T = TypeVar("T")

MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task[P, T]):
    """What ``@task`` makes. ``attempts``: after so many failures the job is dead."""

    attempts: int = MOST_ATTEMPTS
    #: Under which name the job tells its progress, made from its arguments: ``"import-{0}"``.
    progress: str = ""
    workspace_id: int | None = None

    def of(self, workspace_id: int) -> Self:
        """The same task as work of this workspace: its administrators see the job."""
        return replace(self, workspace_id=workspace_id)

    def progress_key(self, args: Any, kwargs: Any) -> str:
        return self.progress.format(*args, **kwargs)


def task(
    *,
    attempts: int = MOST_ATTEMPTS,
    progress: str = "",
    queue: str = "default",
    priority: int = 0,
) -> Callable[[Callable[P, T]], JobTask[P, T]]:
    """Make a function background work: ``@task(attempts=3)``, then ``name.of(…).enqueue(…)``.

    ``queue`` is what ``tandem worker --queues`` chooses by; ``priority`` goes from -100 to 100, the
    higher first. The function must give the same when it runs twice.
    """
    if attempts < 1:
        raise ValueError("a task is attempted at least once")

    def declared(function: Callable[P, T]) -> JobTask[P, T]:
        made = django_task(
            priority=priority, queue_name=queue, attempts=attempts, progress=progress
        )(function)
        return cast(JobTask[P, T], made)

    return declared
