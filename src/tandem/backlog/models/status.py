"""A product's statuses; each belongs to one of four categories the engines understand."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import pgettext_lazy

from tandem.accounts.models import Product


class Category(models.TextChoices):
    OPEN = "open", pgettext_lazy("status", "Open")
    STARTED = "started", _("Started")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


#: What a new product starts with, in the language of the page that makes them.
DEFAULTS = (
    (N_("Backlog"), Category.OPEN),
    (N_("Ready"), Category.OPEN),
    (N_("In progress"), Category.STARTED),
    (N_("In review"), Category.STARTED),
    (N_("Done"), Category.DONE),
    (N_("Dropped"), Category.DROPPED),
)


class Status(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="statuses")
    name = models.CharField(max_length=60)
    category = models.CharField(max_length=8, choices=Category.choices)
    position = models.PositiveSmallIntegerField()
    #: Names it had before, and those of statuses merged into it: filters, views, imports and
    #: scripts that say them still find it.
    former = models.JSONField(default=list, blank=True)
    #: How many items may be in it, and how many of one lane of the board; null: as many as come.
    limit = models.PositiveIntegerField(null=True, blank=True)
    lane_limit = models.PositiveIntegerField(null=True, blank=True)
    #: Over ``limit`` nothing more comes in; otherwise the board only says so.
    limit_refuses = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_status_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


def status_named(statuses: Iterable[Status], name: str) -> Status | None:
    """By its name in any case, else by one it had before."""
    folded = name.strip().casefold()
    known = list(statuses)
    for each in known:
        if each.name.casefold() == folded:
            return each
    return next((each for each in known if folded in (n.casefold() for n in each.former)), None)


def first_open(statuses: Iterable[Status]) -> Status:
    """Where a new item goes: the first open status; without one, the first."""
    known = list(statuses)
    return next((each for each in known if each.category == Category.OPEN), known[0])
