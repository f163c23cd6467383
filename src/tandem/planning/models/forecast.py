"""A stored forecast: question, inputs, seed and percentiles, so that it can be checked later."""

from django.db import models

from tandem.accounts.models import Member, Product
from tandem.planning.models.plan import Plan
from tandem.planning.sayings import Saying
from tandem_engine.words import said


class ForecastQuestion(models.TextChoices):
    WHEN = "when", "When will N items be done?"
    HOW_MANY = "how_many", "How many by a date?"
    PLAN = "plan", "When is this plan done?"


class ForecastQuerySet(models.QuerySet["Forecast"]):
    def visible_to(self, member: Member) -> "ForecastQuerySet":
        return self.filter(
            product__workspace_id=member.workspace_id, product__deleted_at__isnull=True
        )

    def of(self, product: Product) -> "ForecastQuerySet":
        return self.filter(product=product)


class Forecast(Saying, models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="forecasts")
    question = models.CharField(max_length=10, choices=ForecastQuestion.choices)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="forecasts")
    #: What was asked: items, everything_open, by, range, scenario, today.
    asked = models.JSONField(default=dict)
    #: ``{"50": …, "70": …, "85": …, "95": …}``: ISO days (``null``: not within the horizon, see
    #: ``details.beyond``) or numbers of items.
    percentiles = models.JSONField(default=dict)
    method = models.CharField(max_length=40)
    #: The engine's whole answer as JSON: history, fan, calibration, notes, explanation.
    details = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=20)
    seed = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    objects = ForecastQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return said(str(self.get_question_display()))
