from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0003_what_plans_add_up")]

    operations = [
        migrations.AddField(
            model_name="rule",
            name="each_sprint",
            field=models.BooleanField(default=False),
        ),
    ]
