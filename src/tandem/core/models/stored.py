"""What several machines must find: kept beside the rows, not in one machine's folder."""

from django.db import models


class StoredPart(models.Model):
    """One piece of a kept file, in order. Used on PostgreSQL; see ``tandem.core.kept``."""

    key = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    content = models.BinaryField()
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="one_stored_part_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.key} part {self.number}"


class CacheEntry(models.Model):
    """The table of Django's database cache, which all web processes share on PostgreSQL: what is
    counted there (tries to sign in) is counted once, whoever answers."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "core_cache"

    def __str__(self) -> str:
        return self.cache_key
