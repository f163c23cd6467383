from django.db import migrations, models


class Migration(migrations.Migration):
    """Answers are comments of a question: several, with replies, one of them accepted."""

    dependencies = [("backlog", "0014_parking")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="question",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.deletion.CASCADE,
                related_name="answers",
                to="backlog.question",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="accepted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted", True)),
                fields=("question",),
                name="one_answer_accepted",
            ),
        ),
    ]
