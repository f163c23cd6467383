"""An archive made or brought in from the browser: background work, and the file it is about."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product, Role, Workspace
from tandem.ui.sayings import Saying


class ArchiveState(models.TextChoices):
    WORKING = "working", _("Working")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ArchiveRunQuerySet(models.QuerySet["ArchiveRun"]):
    def visible_to(self, member: Member) -> "ArchiveRunQuerySet":
        return self.filter(workspace_id=member.workspace_id)

    def managed_by(self, member: Member) -> "ArchiveRunQuerySet":
        """Those the member may look at: their own; an administrator every one."""
        rows = self.visible_to(member)
        return rows if member.role == Role.ADMIN else rows.filter(asked_by=member)


class ArchiveRun(Saying, models.Model):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="archive_runs")
    #: Whose archive is made; none: the whole workspace's, or one that is brought in.
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.CASCADE, related_name="archive_runs"
    )
    #: Set: the uploaded file is brought in. Else an archive is made.
    brings_in = models.BooleanField(default=False)
    file_name = models.CharField(max_length=255)
    #: The key or the address it is to get here; empty: its own.
    wanted = models.CharField(max_length=60, blank=True)
    #: Where the file is kept (``core.kept``); empty: not any more, or not yet.
    path = models.CharField(max_length=500, blank=True)
    state = models.CharField(
        max_length=7, choices=ArchiveState.choices, default=ArchiveState.WORKING
    )
    #: Why it failed, or what was brought in.
    message = models.TextField(blank=True)
    #: What the message consists of, for who reads it in another language.
    said = models.JSONField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = ArchiveRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["asked_at"], name="archive_run_age")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        return self.state == ArchiveState.WORKING

    @property
    def progress_key(self) -> str:
        return f"archive-{self.pk}"
