"""One acceptance criterion of an item, checkable on its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member
from tandem.backlog.models.item import Item


class CriterionForm(models.TextChoices):
    PLAIN = "plain", _("Plain")
    GHERKIN = "gherkin", _("Given / When / Then")


class Criterion(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    form = models.CharField(
        max_length=8, choices=CriterionForm.choices, default=CriterionForm.PLAIN
    )
    text = models.TextField()
    #: For Given/When/Then: ``[{"keyword": "Given", "text": "…"}, …]`` as the parser read it.
    steps = models.JSONField(default=list, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def product_id(self) -> int:
        return self.item.product_id
