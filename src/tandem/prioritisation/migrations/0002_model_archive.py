from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("prioritisation", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="scoringmodel",
            name="archived_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
