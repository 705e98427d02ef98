"""What 4 migrations made step by step, in one: a new installation takes this, an older one its own steps."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from qingyuan.kernel.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('calls', '0001_initial'), ('calls', '0002_initial'), ('calls', '0003_callreturn'), ('calls', '0004_forwarding')]

    initial = True

    dependencies = [
        ('people', '0002_pool'),
        ('people', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Call',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('stage', models.CharField(choices=[('draft', '拟稿'), ('cosign', '会签中'), ('open', '已发布')], default='draft', max_length=10)),
                    ('notice_id', models.CharField(max_length=60)),
                    ('title', models.CharField(max_length=200)),
                    ('document_number', models.CharField(blank=True, max_length=60)),
                    ('opens_at', models.DateTimeField()),
                    ('closes_at', models.DateTimeField()),
                    ('forward_closes_at', models.DateTimeField(blank=True, null=True)),
                    ('forward_jointly', models.BooleanField(default=False)),
                    ('options', models.JSONField(default=dict)),
                    ('mailbox', models.EmailField(blank=True, max_length=254)),
                    ('published_at', models.DateTimeField(null=True)),
                    ('register_last', models.PositiveIntegerField(default=0)),
                    ('addressees', models.ManyToManyField(related_name='calls_received', to='people.organisation')),
                    ('joint_body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='people.jointbody')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='calls.call')),
                ],
                options={
                    'ordering': ['-opens_at'],
                    'constraints': [models.UniqueConstraint(fields=('notice_id', 'joint_body'), name='one_call_of_a_notice_and_body'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='call_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'open'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='open_call_was_published'), models.CheckConstraint(condition=models.Q(('forward_closes_at__isnull', True), ('forward_closes_at__gt', models.F('closes_at')), _connector='OR'), name='forwarding_ends_after_the_call_closes'), models.CheckConstraint(condition=models.Q(('forward_jointly', False), ('forward_closes_at__isnull', False), _connector='OR'), name='joint_forwarding_is_forwarding')],
                },
            ),
            migrations.CreateModel(
                name='CallReturn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('remark', models.CharField(max_length=1000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='returns', to='calls.call')),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Supplement',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('stage', models.CharField(choices=[('cosign', '会签中'), ('issued', '已发布'), ('dropped', '已撤销')], default='cosign', max_length=10)),
                    ('old_closes_at', models.DateTimeField()),
                    ('new_closes_at', models.DateTimeField()),
                    ('reason', models.CharField(max_length=500)),
                    ('document_number', models.CharField(blank=True, max_length=60)),
                    ('proposed_at', models.DateTimeField()),
                    ('issued_at', models.DateTimeField(null=True)),
                    ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplements', to='calls.call')),
                ],
                options={
                    'ordering': ['-proposed_at'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('new_closes_at__gt', models.F('old_closes_at'))), name='supplement_only_extends'), models.UniqueConstraint(condition=models.Q(('stage', 'cosign')), fields=('call',), name='one_open_supplement_of_a_call')],
                },
            ),
            migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('content_sha256', models.CharField(max_length=64)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('call', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='calls.call')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('supplement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='calls.supplement')),
                ],
                options={
                    'ordering': ['at'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('call__isnull', True), ('supplement__isnull', True), _connector='XOR'), name='consent_to_one_thing'), models.UniqueConstraint(fields=('call', 'organisation'), name='one_consent_to_a_call'), models.UniqueConstraint(fields=('supplement', 'organisation'), name='one_consent_to_a_supplement')],
                },
            ),
        ])
    ]
