"""An index for lists in the order of the due date."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backlog", "0003_talk")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["product", "due_date", "id"], name="item_by_due_date"),
        ),
    ]
