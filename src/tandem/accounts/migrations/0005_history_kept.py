import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """How long a workspace keeps its history, and from when on a product still has it."""

    dependencies = [("accounts", "0004_services")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="keep_history_days",
            field=models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(90),
                    django.core.validators.MaxValueValidator(36500),
                ],
            ),
        ),
        migrations.AddField(
            model_name="workspace",
            name="history_deleted",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="product",
            name="history_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
