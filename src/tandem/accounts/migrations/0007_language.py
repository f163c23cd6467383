"""The language a person reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_history_from")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
    ]
