from django.db import migrations, models
from django.db.models import Max, OuterRef, Subquery


def from_products(apps, schema_editor):
    """Until now only products said since when their history is whole."""
    alias = schema_editor.connection.alias
    Workspace = apps.get_model("accounts", "Workspace")
    Product = apps.get_model("accounts", "Product")
    of = Product.objects.using(alias).filter(workspace=OuterRef("pk")).values("workspace")
    latest = of.annotate(latest=Max("history_from")).values("latest")
    Workspace.objects.using(alias).update(history_from=Subquery(latest))


class Migration(migrations.Migration):
    """From when on a workspace still has all of its events."""

    dependencies = [("accounts", "0005_history_kept")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="history_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(from_products, migrations.RunPython.noop, elidable=True),
    ]
