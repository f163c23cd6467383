from django.db import migrations


class Migration(migrations.Migration):
    """Django's own doings go through the queryset that refuses to change events."""

    dependencies = [("core", "0005_kept_answer")]

    operations = [
        migrations.AlterModelOptions(name="event", options={"base_manager_name": "objects"}),
    ]
