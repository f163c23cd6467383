"""A file on an item, or on one of its comments; or a link to one that lies elsewhere."""

from django.db import models

from tandem.accounts.models import Member
from tandem.backlog.models.comment import Comment
from tandem.backlog.models.item import Item


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, member: Member) -> "AttachmentQuerySet":
        return self.filter(
            item__workspace_id=member.workspace_id,
            item__deleted_at=None,
            item__product__deleted_at=None,
            deleted_at=None,
        )

    def of(self, item: Item) -> "AttachmentQuerySet":
        return self.filter(item=item, deleted_at=None)


class Attachment(models.Model):
    """Equal bytes of one workspace are kept once: such attachments share their ``key``."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.SET_NULL, related_name="attachments"
    )
    name = models.CharField(max_length=200)
    #: What the bytes are, never what somebody said they are. Empty for a link.
    media = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    #: Where the bytes lie in the store.
    key = models.CharField(max_length=120, blank=True, db_index=True)
    #: The beginning of a text.
    excerpt = models.TextField(blank=True)
    #: Whether a page may show it inside itself.
    shown = models.BooleanField(default=False)
    #: For a link: where it leads.
    link = models.URLField(max_length=2000, blank=True)
    added_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        indexes = [models.Index(fields=["sha256"], name="attachment_by_bytes")]

    def __str__(self) -> str:
        return self.name

    @property
    def product_id(self) -> int:
        return self.item.product_id

    @property
    def is_link(self) -> bool:
        return bool(self.link)

    @property
    def etag(self) -> str:
        return f'"{self.sha256[:32]}"'
