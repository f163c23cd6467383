"""Who watches which item; who stopped watching stays so, whatever happens there."""

from django.db import models

from tandem.accounts.models import Member
from tandem.backlog.models.item import Item


class Watch(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="watches")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    #: False: they said that they do not want to watch it.
    on = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="one_watch_of_an_item_each")
        ]

    def __str__(self) -> str:
        return f"{self.member} watches {self.item_id}" if self.on else f"{self.member} does not"
