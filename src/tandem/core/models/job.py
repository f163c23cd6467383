"""One piece of background work, kept until it is done or dead."""

import uuid

from django.db import models


class JobState(models.TextChoices):
    READY = "ready", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Failed"


class Job(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.READY)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    #: While this moment lies ahead, the worker is believed to be alive.
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["run_after"],
                condition=models.Q(state__in=["ready", "running"]),
                name="job_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.state})"
