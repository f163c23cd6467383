import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_token_scopes"),
        ("prioritisation", "0002_model_archive"),
    ]

    operations = [
        migrations.AddField(
            model_name="scoringmodel",
            name="formula_text",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="scoringmodel",
            name="score_unit",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="scoringmodel",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="scoringcriterion",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="ModelVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("why", models.CharField(blank=True, max_length=300)),
                ("snapshot", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="prioritisation.scoringmodel",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("model", "number"), name="one_model_version_per_number"
                    )
                ],
            },
        ),
    ]
