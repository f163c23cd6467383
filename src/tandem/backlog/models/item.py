"""The backlog's unit, with a stable key like ``WEB-42``."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product, Workspace
from tandem.backlog.models.label import Label
from tandem.backlog.models.status import Category, Status
from tandem.core.ordering import RankField
from tandem.core.search import among

if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(models.TextChoices):
    EPIC = "epic", _("Epic")
    STORY = "story", _("Story")
    BUG = "bug", _("Bug")
    DEBT = "debt", _("Debt")
    SPIKE = "spike", _("Spike")
    REQUIREMENT = "requirement", _("Requirement")


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, member: Member) -> "ItemQuerySet":
        return self.filter(
            workspace_id=member.workspace_id, deleted_at=None, product__deleted_at=None
        )

    def of(self, product: Product) -> "ItemQuerySet":
        return self.filter(product=product, deleted_at=None)

    def in_category(self, *categories: Category) -> "ItemQuerySet":
        return self.filter(status__category__in=list(categories))

    def plannable(self) -> "ItemQuerySet":
        """What can still be planned: not finished, dropped or parked, and no epic (its parts are)."""
        open_work = self.in_category(Category.OPEN, Category.STARTED)
        return open_work.filter(parked_at=None).exclude(kind=Kind.EPIC)

    def with_ids(self, product: Product, ids: "Iterable[int]") -> "ItemQuerySet":
        """Those of the product among these, however many; what is deleted is not."""
        # The sum keeps SQLite from looking through the whole product instead of for these.
        named = self.filter(pk__in=among(sorted(set(ids))), deleted_at=None)
        return named.alias(of=F("product_id") + 0).filter(of=product.pk)

    def with_keys(self, product: Product, keys: "Iterable[str]") -> "ItemQuerySet":
        """The items with these keys; the key of a merged one means the one it was merged into."""
        numbers = [number for key in keys if (number := number_of(product, key)) is not None]
        named = Item.objects.filter(product=product, number__in=numbers).order_by()
        merged = named.filter(merged_into__isnull=False).values("merged_into_id")
        # Not ``of(product)``: SQLite would look through the whole product instead of for these.
        return self.filter(deleted_at=None, pk__in=named.values("pk").union(merged))


def number_of(product: Product, key: str) -> int | None:
    """The number in an item's key, or ``None`` when the key is not one of this product's."""
    prefix, _, number = key.strip().upper().rpartition("-")
    if prefix != product.key or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    return int(number)


def led_to(product: Product, number: int) -> int:
    """The number an item goes by: that of the one it was merged into, when it was."""
    alias = Item.objects.filter(product=product, number=number, merged_into__isnull=False)
    return alias.values_list("merged_into__number", flat=True).first() or number


class Item(models.Model):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STORY)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    #: The story form: as a … I want … so that ….
    story_role = models.CharField(max_length=300, blank=True)
    story_want = models.TextField(blank=True)
    story_benefit = models.TextField(blank=True)
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="items")
    rank = RankField()
    assignee = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_items"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    labels = models.ManyToManyField(Label, blank=True, related_name="items")
    #: Effort in the product's unit: P10, P50, P90. Only ``likely`` may be known.
    estimate_low = models.FloatField(null=True, blank=True)
    estimate_likely = models.FloatField(null=True, blank=True)
    estimate_high = models.FloatField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    #: Stale: out of lists, ranking and plans until it is revived.
    parked_at = models.DateTimeField(null=True, blank=True)
    #: The item it was merged into, to which its key leads. Such an item is deleted, too, but lies
    #: in no trash: it goes when the other one goes.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="merged"
    )
    #: Grows by one with every change; an edit says from which one it started.
    version = models.PositiveIntegerField(default=1)
    #: Where it was imported from, and under which reference there.
    source = models.CharField(max_length=30, blank=True)
    source_ref = models.CharField(max_length=200, blank=True)
    #: What the source said and Tandem has no field for: ``{name: text or list of texts}``.
    extra = models.JSONField(default=dict, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="one_item_per_number"),
            models.UniqueConstraint(
                fields=["product", "source", "source_ref"],
                condition=~Q(source_ref=""),
                name="one_item_per_source_ref",
            ),
            models.CheckConstraint(
                condition=Q(estimate_low=None)
                | Q(estimate_likely=None)
                | Q(estimate_low__lte=F("estimate_likely")),
                name="estimate_low_up_to_likely",
            ),
            models.CheckConstraint(
                condition=Q(estimate_high=None)
                | Q(estimate_likely=None)
                | Q(estimate_high__gte=F("estimate_likely")),
                name="estimate_high_from_likely",
            ),
            models.CheckConstraint(
                condition=Q(estimate_low=None) | Q(estimate_low__gte=0), name="estimate_from_zero"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(deleted_at__isnull=False),
                name="merged_items_are_deleted",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "rank"], name="item_by_rank"),
            # Whole branches of lists and boards are read, and columns counted, without the rows.
            models.Index(
                fields=["product", "status", "rank", "id", "deleted_at", "parked_at"],
                name="item_by_status",
            ),
            models.Index(fields=["product", "finished_at"], name="item_by_finish"),
            models.Index(
                fields=["product", "parked_at"],
                condition=Q(parked_at__isnull=False),
                name="item_by_parking",
            ),
            models.Index(fields=["product", "-updated_at", "-id"], name="item_by_update"),
            models.Index(fields=["product", "-created_at", "-id"], name="item_by_creation"),
            models.Index(fields=["product", "estimate_likely", "id"], name="item_by_estimate"),
            models.Index(fields=["product", "due_date", "id"], name="item_by_due_date"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def key(self) -> str:
        return f"{self.product.key}-{self.number}"
