from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_pulses"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="event",
            name="event_of_object",
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["object_kind", "object_id", "workspace_id", "-id"], name="event_of_object"
            ),
        ),
    ]
