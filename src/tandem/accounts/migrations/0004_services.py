from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_token_scopes")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="is_service",
            field=models.BooleanField(default=False),
        ),
    ]
