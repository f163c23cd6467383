"""What processes tell each other beside the rows they work on: progress, and a wish to stop."""

from django.db import models


class Note(models.Model):
    """Used on PostgreSQL; on SQLite notes are files, see ``tandem.core.jobs.notes``."""

    key = models.CharField(max_length=80, primary_key=True)
    content = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="note_by_age")]

    def __str__(self) -> str:
        return self.key
