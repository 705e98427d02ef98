

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', "0005_outputs_promised"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
                ('stage', models.CharField(choices=[('draft', '编写中'), ('handed_in', '待发布'), ('published', '已发布'), ('withdrawn', '已撤下')], default='draft', max_length=10)),
                ('title', models.CharField(max_length=80)),
                ('sectors', models.JSONField(default=list)),
                ('pollutants', models.JSONField(default=list)),
                ('measures', models.JSONField(default=list)),
                ('background', models.TextField(blank=True, max_length=4000)),
                ('done', models.TextField(blank=True, max_length=8000)),
                ('replicability', models.TextField(blank=True, max_length=4000)),
                ('conditions', models.TextField(blank=True, max_length=4000)),
                ('facts', models.JSONField(default=list)),
                ('secrets', models.JSONField(default=dict)),
                ('office', models.CharField(blank=True, max_length=60)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('written_at', models.DateTimeField()),
                ('content', models.JSONField(default=dict)),
                ('content_sha256', models.CharField(blank=True, max_length=64)),
                ('handed_in_at', models.DateTimeField(null=True)),
                ('returned_remark', models.CharField(blank=True, max_length=1000)),
                ('published_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=500)),
                ('category_id', models.CharField(max_length=40)),
                ('region_code', models.CharField(blank=True, max_length=6)),
                ('search_text', models.TextField(blank=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practices', to='delivery.project')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-written_at'],
            },
        ),
        migrations.CreateModel(
            name='PracticeTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sector', '行业'), ('pollutant', '污染物'), ('measure', '措施')], max_length=10)),
                ('value', models.CharField(max_length=40)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='delivery.practice')),
            ],
            options={
                'ordering': ['kind', 'value'],
            },
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(fields=['stage', '-published_at'], name='practice_by_publication'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('stage', 'draft'), models.Q(('content_sha256', ''), _negated=True), _connector='OR'), name='handed_in_practice_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='published_practice_has_its_instant'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'withdrawn'), _negated=True), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='withdrawn_practice_says_why'),
        ),
        migrations.AddIndex(
            model_name='practicetag',
            index=models.Index(fields=['kind', 'value'], name='practice_tag_by_value'),
        ),
        migrations.AddConstraint(
            model_name='practicetag',
            constraint=models.UniqueConstraint(fields=('practice', 'kind', 'value'), name='a_tag_once_on_a_practice'),
        ),
    ]
