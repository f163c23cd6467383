"""What the kept sentences of imports, connections and webhooks consist of, for other languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0008_chat_targets")]

    operations = [
        migrations.AddField(model_name=name, name="said", field=models.JSONField(null=True, blank=True))
        for name in (
            "connecteditem",
            "connection",
            "importrow",
            "importrun",
            "webhook",
            "webhookdelivery",
        )
    ]
