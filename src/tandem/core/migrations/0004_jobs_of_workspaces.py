"""Jobs with queues, priorities, workspaces and results, named by number; notes; schedules.

A job's key changes from a UUID to a number, which the audit events need: what still waits is taken
over into a new table.
"""

from django.db import migrations, models
from django.utils import timezone


def take_over(apps, schema_editor):
    database = schema_editor.connection.alias
    old = apps.get_model("core", "Job").objects.using(database)
    new = apps.get_model("core", "NewJob").objects.using(database)
    columns = ("task", "args", "kwargs", "run_after", "attempts", "error", "enqueued_at")
    unfinished = old.filter(state__in=["ready", "running"]).order_by("enqueued_at")
    for row in unfinished.values(*columns).iterator():
        new.create(**row)
    dead = old.filter(state="dead").order_by("enqueued_at")
    for row in dead.values(*columns, "finished_at").iterator():
        row["finished_at"] = row["finished_at"] or timezone.now()
        new.create(state="dead", **row)


class Migration(migrations.Migration):
    dependencies = [("core", "0003_kept_files_and_cache")]

    operations = [
        migrations.CreateModel(
            name="NewJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=200)),
                ("args", models.JSONField(default=list)),
                ("kwargs", models.JSONField(default=dict)),
                ("queue", models.CharField(default="default", max_length=60)),
                ("priority", models.SmallIntegerField(default=0)),
                ("workspace_id", models.BigIntegerField(null=True)),
                ("progress_key", models.CharField(blank=True, max_length=80)),
                ("state", models.CharField(choices=[("ready", "Waiting"), ("running", "Running"), ("done", "Done"), ("dead", "Failed"), ("cancelled", "Cancelled"), ("discarded", "Discarded")], default="ready", max_length=10)),
                ("run_after", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("most_attempts", models.PositiveSmallIntegerField(default=5)),
                ("worker", models.CharField(blank=True, max_length=60)),
                ("workers", models.JSONField(default=list)),
                ("error_class", models.CharField(blank=True, max_length=200)),
                ("error", models.TextField(blank=True)),
                ("result", models.JSONField(null=True)),
                ("engine_id", models.BigIntegerField(null=True)),
                ("enqueued_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.DeleteModel("Job"),
        migrations.RenameModel("NewJob", "Job"),
        migrations.AddIndex(
            "job",
            models.Index(condition=models.Q(("state__in", ["ready", "running"])), fields=["-priority", "run_after", "id"], name="job_to_do"),
        ),
        migrations.AddIndex(
            "job", models.Index(fields=["workspace_id", "state", "-id"], name="job_of_workspace")
        ),
        migrations.AddIndex("job", models.Index(fields=["finished_at"], name="job_finished")),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("content", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["at"], name="note_by_age")]},
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("slot", models.DateTimeField()),
            ],
        ),
    ]
