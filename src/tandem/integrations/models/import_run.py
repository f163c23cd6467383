"""One import of one file, what became of every row, and what the source said last."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.ui.sayings import Saying
from tandem_engine.words import said


class RunState(models.TextChoices):
    CHECKING = "checking", _("Checking")
    CHECKED = "checked", _("Checked")
    TRYING = "trying", _("Dry run")
    TRIED = "tried", _("Tried")
    RUNNING = "running", _("Importing")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    REVERTING = "reverting", _("Reverting")
    REVERTED = "reverted", _("Reverted")


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, member: Member) -> "ImportRunQuerySet":
        return self.filter(product__workspace_id=member.workspace_id, product__deleted_at=None)


class ImportRun(Saying, models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="import_runs")
    format = models.CharField(max_length=30)
    file_name = models.CharField(max_length=255)
    #: The uploaded file below the data folder, until the import is over.
    path = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.CHECKING)
    mapping = models.JSONField(default=dict)
    #: What the check found, for the mapping form.
    check_result = models.JSONField(default=dict)
    #: Counts, refusals and warnings of the last dry run.
    dry_run = models.JSONField(null=True)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    warned = models.PositiveIntegerField(default=0)
    #: How many of the file's entries are in, or how many of the rows are taken back again.
    taken = models.PositiveIntegerField(default=0)
    #: Before the first part; what happens to an item later is somebody's work, or the import's own.
    applied_from = models.DateTimeField(null=True)
    #: ``{removed, restored, kept}`` of taking back.
    taken_back = models.JSONField(default=dict)
    #: Names of the statuses and labels it had to make: taking it back takes the unused ones along.
    made = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    #: What the sentences kept in English consist of, by these.
    said = models.JSONField(null=True, blank=True)
    started_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    reverted_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return said("import of %(file)s", file=self.file_name)

    @property
    def is_working(self) -> bool:
        return self.state in {
            RunState.CHECKING,
            RunState.TRYING,
            RunState.RUNNING,
            RunState.REVERTING,
        }

    @property
    def progress_key(self) -> str:
        return f"import-{self.pk}"


class Outcome(models.TextChoices):
    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Refused")


class ImportRow(Saying, models.Model):
    """What became of one row of the file; ``before`` holds what an update replaced."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows_seen")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    #: What the sentences kept in English consist of, by these.
    said = models.JSONField(null=True, blank=True)
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="import_rows")
    #: The item's version right after this import: another one means somebody worked on it since.
    version = models.PositiveIntegerField(default=0)
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["line", "id"]
        indexes = [models.Index(fields=["run", "outcome", "line"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.line}: {self.outcome}"


class SourceState(models.Model):
    """What the source said about an item last: a later import changes only what changed there."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="source_state")
    fingerprint = models.CharField(max_length=64)
    #: ``{field: hash of the source's value}``
    fields = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"source of item {self.item_id}"
