from django.db import migrations, models


class Migration(migrations.Migration):
    """A webhook may speak to a chat instead, at an address that is kept enciphered."""

    dependencies = [("integrations", "0007_imports_in_parts")]

    operations = [
        migrations.AddField(
            model_name="webhook",
            name="chat_address",
            field=models.TextField(blank=True, default=""),
        ),
    ]
