from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0002_rules_frontiers_and_debt")]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="maximise",
            field=models.CharField(
                choices=[("benefit", "benefit"), ("score", "score")],
                default="score",
                max_length=8,
            ),
        ),
    ]
