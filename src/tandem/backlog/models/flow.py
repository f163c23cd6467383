"""What moving an item to a status asks for: rules of a product, and approvals asked for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tandem.accounts.models import Member, Product
from tandem.backlog.models.item import Item
from tandem.backlog.models.status import Status
from tandem_engine.words import join, said


class Approvers(models.TextChoices):
    """Whose consent a move needs."""

    NOBODY = "", _("Nobody")
    PRODUCT_OWNER = "product_owner", _("the Product Owner")
    TECHNICAL_PM = "technical_pm", _("the Technical Product Manager")
    BOTH = "both", _("both lenses (Product Owner and Technical Product Manager)")
    DEVELOPER = "developer", _("a Developer")
    STAKEHOLDER = "stakeholder", _("a Stakeholder")
    ADMIN = "admin", _("an Administrator")


class TransitionRule(models.Model):
    """To get from one status (none: from any, or as a new item) to another."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="transition_rules")
    from_status = models.ForeignKey(Status, null=True, on_delete=models.CASCADE, related_name="+")
    to_status = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="+")
    #: Words of ``backlog.needs``, ``fields.<slug>`` for a field of the product's own.
    needs = models.JSONField(default=list, blank=True)
    approval = models.CharField(max_length=14, choices=Approvers.choices, blank=True)

    class Meta:
        ordering = ["to_status__position", "from_status__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "from_status", "to_status"], name="one_rule_per_transition"
            ),
            models.UniqueConstraint(
                fields=["product", "to_status"],
                condition=Q(from_status=None),
                name="one_rule_from_any_status",
            ),
        ]

    def __str__(self) -> str:
        origin = str(self.from_status) if self.from_status else said("any status")
        return join(origin, " → ", str(self.to_status))

    @property
    def roles(self) -> list[str]:
        """Each role whose consent is needed."""
        if self.approval == Approvers.BOTH:
            return [Approvers.PRODUCT_OWNER.value, Approvers.TECHNICAL_PM.value]
        return [self.approval] if self.approval else []


class ApprovalState(models.TextChoices):
    OPEN = "open", pgettext_lazy("approval", "Open")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    #: Taken back by who asked, or overtaken: the item went elsewhere.
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def open(self) -> "ApprovalQuerySet":
        return self.filter(state=ApprovalState.OPEN, item__deleted_at=None)

    def visible_to(self, member: Member) -> "ApprovalQuerySet":
        return self.filter(item__workspace_id=member.workspace_id)


class Approval(models.Model):
    """Consent asked for so that an item may go to a status; the item moves with the last one."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="approvals")
    to_status = models.ForeignKey(Status, null=True, on_delete=models.SET_NULL, related_name="+")
    to_name = models.CharField(max_length=60)
    #: The roles whose consent is needed.
    roles = models.JSONField(default=list)
    #: What was said: ``{"role", "signer_id", "name", "approves", "reason", "at"}`` each.
    said = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=9, choices=ApprovalState.choices, default=ApprovalState.OPEN
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="open"), name="one_open_approval_per_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} to {self.to_name}"

    @property
    def product_id(self) -> int:
        return self.item.product_id

    @property
    def waits_for(self) -> list[str]:
        """The roles that have not said anything yet."""
        spoken = {each["role"] for each in self.said}
        return [role for role in self.roles if role not in spoken]
