import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_token_scopes"),
        ("prioritisation", "0004_rating_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="WeightAnswers",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("best_worst", "Best and worst"),
                            ("ahp", "Every pair (AHP)"),
                            ("pairs", "Which of two"),
                            ("past", "Past choices"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "All criteria"),
                            ("value", "Value lens"),
                            ("technical", "Technical lens"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("answers", models.JSONField()),
                ("result", models.JSONField()),
                ("applied_version", models.PositiveIntegerField(blank=True, null=True)),
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
                        related_name="weight_answers",
                        to="prioritisation.scoringmodel",
                    ),
                ),
            ],
            options={"ordering": ["-at", "-id"]},
        ),
    ]
