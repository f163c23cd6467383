"""Up to which moment the ticks of a schedule have been taken."""

from django.db import models


class Schedule(models.Model):
    name = models.CharField(max_length=200, primary_key=True)
    #: The last tick for which a job was asked: moving it forward is what only one worker can do.
    slot = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
