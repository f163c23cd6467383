from django.db import models


class Pulse(models.Model):
    """A hint for open pages about what is no event: a person's inbox, who looks at what.

    Read by every process's poller, told once, and forgotten after an hour.
    """

    kind = models.CharField(max_length=20)
    product_id = models.BigIntegerField(null=True)
    #: Only this member's pages are told.
    member_id = models.BigIntegerField(null=True)
    object_id = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="pulse_age")]

    def __str__(self) -> str:
        return self.kind
