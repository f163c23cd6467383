"""How a scoring model stood from a moment on, kept so that any past day can be ranked again."""

from django.db import models

from tandem.accounts.models import Member
from tandem.core.events import SAID
from tandem.prioritisation.models.scoring_model import ScoringModel
from tandem.ui.sayings import retold


class ModelVersion(models.Model):
    """Written by every operation that changes a model; in force until the next one."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    #: In force from this moment on.
    at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    #: The model and its criteria, see ``tandem.prioritisation.versions``.
    snapshot = models.JSONField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="one_model_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.number}"

    @property
    def reason(self) -> str:
        """``why`` in the reader's language, where it is a sentence of ours."""
        made_of = self.snapshot.get(SAID)
        return retold(self.why, made_of) if made_of else self.why
