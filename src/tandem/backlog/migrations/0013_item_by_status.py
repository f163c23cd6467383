from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("backlog", "0012_item_templates"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="item",
            name="item_by_status",
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                fields=["product", "status", "rank", "id", "deleted_at"], name="item_by_status"
            ),
        ),
    ]
