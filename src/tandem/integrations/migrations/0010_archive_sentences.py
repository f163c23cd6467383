"""What the kept sentences of archives consist of, for other languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0009_sentences")]

    operations = [
        migrations.AddField(
            model_name="archiverun", name="said", field=models.JSONField(null=True, blank=True)
        )
    ]
