"""One piece of background work, kept until it is done or dead."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    READY = "ready", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    DISCARDED = "discarded", _("Discarded")


#: Nothing happens to a job in one of these states by itself.
OVER = (JobState.DONE, JobState.DEAD, JobState.CANCELLED, JobState.DISCARDED)


class JobQuerySet(models.QuerySet["Job"]):
    def in_workspace(self, workspace_id: int) -> "JobQuerySet":
        return self.filter(workspace_id=workspace_id)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[JobState.READY, JobState.RUNNING])


class Job(models.Model):
    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=60, default="default")
    #: -100 to 100; the higher is run first.
    priority = models.SmallIntegerField(default=0)
    #: Whose work it is; none for the installation's own.
    workspace_id = models.BigIntegerField(null=True)
    #: Under which name its progress is told; may be empty.
    progress_key = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.READY)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=5)
    worker = models.CharField(max_length=60, blank=True)
    #: Everyone who tried it, in order.
    workers = models.JSONField(default=list)
    #: The class of the last failure, and its traceback without secrets.
    error_class = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    result = models.JSONField(null=True)
    #: The number of the engine's own row, where another engine runs the jobs.
    engine_id = models.BigIntegerField(null=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["-priority", "run_after", "id"],
                condition=models.Q(state__in=["ready", "running"]),
                name="job_to_do",
            ),
            models.Index(fields=["workspace_id", "state", "-id"], name="job_of_workspace"),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"

    @property
    def name(self) -> str:
        """What is done, in words: ``tandem.planning.tasks.plan_solve`` is "Plan solve"."""
        return self.task.rpartition(".")[2].replace("_", " ").capitalize()

    @property
    def reason(self) -> str:
        """The last line of the error: what a person reads first."""
        lines = self.error.strip().splitlines()
        return lines[-1] if lines else ""

    def begin(self, worker: str) -> None:
        """One more attempt starts now, by ``worker``."""
        self.state = JobState.RUNNING
        self.worker = worker
        self.workers = [*self.workers, worker][-20:]
        self.attempts += 1
        self.started_at = timezone.now()
        self.finished_at = None

    def die(self, error_class: str, error: str) -> None:
        self.state = JobState.DEAD
        self.error_class, self.error = error_class[:200], error
        self.finished_at = timezone.now()

    def wait_anew(self) -> None:
        """As if it had just been asked for."""
        self.state = JobState.READY
        self.attempts, self.workers = 0, []
        self.worker = ""
        self.run_after = timezone.now()
        self.started_at = self.finished_at = None
