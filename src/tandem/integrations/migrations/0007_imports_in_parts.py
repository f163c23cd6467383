from django.db import migrations, models

STATES = [
    ("checking", "Checking"),
    ("checked", "Checked"),
    ("trying", "Dry run"),
    ("tried", "Tried"),
    ("running", "Importing"),
    ("done", "Imported"),
    ("failed", "Failed"),
    ("reverting", "Reverting"),
    ("reverted", "Reverted"),
]


class Migration(migrations.Migration):
    """How far an import is, in or out, so that another worker can go on."""

    dependencies = [("integrations", "0006_connections")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="applied_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="taken",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="taken_back",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importrun",
            name="warned",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(choices=STATES, default="checking", max_length=10),
        ),
    ]
