"""A product's scoring models and the criteria of their two lenses."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product


class Lens(models.TextChoices):
    VALUE = "value", _("Value")
    TECHNICAL = "technical", _("Technical")


class ScoringModelQuerySet(models.QuerySet["ScoringModel"]):
    def visible_to(self, member: Member) -> "ScoringModelQuerySet":
        return self.filter(product__workspace_id=member.workspace_id, product__deleted_at=None)


class ScoringModel(models.Model):
    """The engine's model as rows. One model of a product is the one plans use."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="scoring_models")
    name = models.CharField(max_length=80)
    preset = models.CharField(max_length=30)
    formula_kind = models.CharField(max_length=30)
    #: The text of a custom formula, see ``docs/algorithms/scoring-models.md``.
    formula_text = models.TextField(blank=True)
    #: What the score is counted in when the formula's own unit says it badly.
    score_unit = models.CharField(max_length=60, blank=True)
    #: The number of its latest :class:`ModelVersion`; a change says from which one it started.
    version = models.PositiveIntegerField(default=1)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    #: No longer offered; its ratings, and plans made with it, stay.
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ScoringModelQuerySet.as_manager()

    class Meta:
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "product", name="one_scoring_model_per_name"),
            models.UniqueConstraint(
                fields=["product"],
                condition=models.Q(is_default=True),
                name="one_default_scoring_model",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScoringCriterion(models.Model):
    """One question of a lens, with its absolute scale. ``kind`` effort: the estimate answers."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    question = models.TextField(blank=True)
    lens = models.CharField(max_length=10, choices=Lens.choices)
    kind = models.CharField(max_length=10, default="rating")
    low = models.FloatField()
    high = models.FloatField()
    step = models.FloatField(null=True, blank=True)
    spacing = models.CharField(max_length=10, default="linear")
    direction = models.CharField(max_length=10, default="higher")
    weight = models.FloatField(default=1)
    unit = models.CharField(max_length=40, blank=True)
    #: ``[[value, sentence], …]``: what the levels of the scale mean.
    anchors = models.JSONField(default=list, blank=True)
    #: No longer asked; its ratings stay and count again when it comes back.
    removed_at = models.DateTimeField(null=True, blank=True)
    #: Days after which a rating is stale and fades; none: never.
    expires_after_days = models.PositiveIntegerField(null=True, blank=True)
    #: The roles that rate it; empty: those of its lens.
    raters = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["model", "slug"], name="one_criterion_per_slug"),
            models.CheckConstraint(
                condition=models.Q(low__lt=models.F("high")), name="scale_low_below_high"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_stepped(self) -> bool:
        """Whether its anchors are all the levels there are; else a value between may be given."""
        return self.step is not None and len(self.anchors) == (self.high - self.low) / self.step + 1
