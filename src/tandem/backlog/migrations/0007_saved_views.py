"""Saved views of the backlog."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_history_kept'),
        ('backlog', '0006_watching'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('is_shared', models.BooleanField(default=False)),
                ('is_pinned', models.BooleanField(default=False)),
                ('filter', models.CharField(blank=True, max_length=1000)),
                ('columns', models.JSONField(blank=True, null=True)),
                ('layout', models.CharField(choices=[('list', 'List'), ('table', 'Table'), ('board', 'Board'), ('calendar', 'Calendar')], default='list', max_length=8)),
                ('group', models.CharField(blank=True, max_length=40)),
                ('version', models.PositiveIntegerField(default=1)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.member')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='views', to='accounts.product')),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('product', 'number'), name='one_view_per_number')],
            },
        ),
    ]
