"""What somebody answered when asked how much the criteria weigh, and what followed from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member
from tandem.prioritisation.models.scoring_model import ScoringModel
from tandem_engine.words import said


class WeightWay(models.TextChoices):
    BEST_WORST = "best_worst", _("Best and worst")
    AHP = "ahp", _("Every pair (AHP)")
    PAIRS = "pairs", _("Which of two")
    PAST = "past", _("Past choices")


class WeightScope(models.TextChoices):
    """Which criteria were compared: those of a lens keep their share of the whole."""

    ALL = "all", _("All criteria")
    VALUE = "value", _("Value lens")
    TECHNICAL = "technical", _("Technical lens")


class WeightAnswers(models.Model):
    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="weight_answers")
    way = models.CharField(max_length=12, choices=WeightWay.choices)
    scope = models.CharField(max_length=10, choices=WeightScope.choices)
    by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    #: As given, by the criteria's slugs; see ``tandem.prioritisation.calculations_weights``.
    answers = models.JSONField()
    #: ``weights`` by slug (adding up to 1), ``low`` and ``high`` where known, ``ratio``, ``note``.
    result = models.JSONField()
    #: The model's version that took these weights over.
    applied_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        way = said(str(self.get_way_display()))
        return said("%(way)s for %(model)s", way=way, model=str(self.model))
