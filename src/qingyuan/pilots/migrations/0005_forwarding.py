

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0004_forwarding'),
        ('people', '0001_initial'),
        ('pilots', '0004_scope'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='signoff',
            name='step',
            field=models.CharField(choices=[('hand_in', '经办送审'), ('review', '审核通过'), ('sign', '签发'), ('return', '退回修改'), ('reopen', '重新编制'), ('withdraw', '撤回'), ('supplement', '退回补充完善'), ('prefecture', '市级退回')], max_length=10),
        ),
        migrations.CreateModel(
            name='PrefectureForwarding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
                ('stage', models.CharField(choices=[('waiting', '待转报'), ('forwarded', '已转报'), ('returned', '市级退回'), ('lapsed', '逾期未转报'), ('void', '已失效')], default='waiting', max_length=10)),
                ('number', models.PositiveIntegerField(null=True)),
                ('arrived_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forwardings', to='calls.call')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forwardings', to='pilots.pilot')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='forwarding', to='pilots.submission')),
            ],
            options={
                'ordering': ['-arrived_at'],
            },
        ),
        migrations.CreateModel(
            name='ForwardingOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(blank=True, choices=[('agree', '同意转报'), ('dissent', '附不同意见转报'), ('return', '退回')], max_length=10)),
                ('text', models.CharField(blank=True, max_length=2000)),
                ('at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ('forwarding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='pilots.prefectureforwarding')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='prefectureforwarding',
            constraint=models.UniqueConstraint(fields=('call', 'organisation', 'number'), name='forwarding_numbers_are_unique'),
        ),
        migrations.AddConstraint(
            model_name='prefectureforwarding',
            constraint=models.UniqueConstraint(condition=models.Q(('stage', 'waiting')), fields=('pilot',), name='one_waiting_forwarding_of_a_pilot'),
        ),
        migrations.AddConstraint(
            model_name='prefectureforwarding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'forwarded'), ('number__isnull', False)), models.Q(models.Q(('stage', 'forwarded'), _negated=True), ('number__isnull', True)), _connector='OR'), name='forwarded_version_has_its_number'),
        ),
        migrations.AddConstraint(
            model_name='prefectureforwarding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'waiting'), ('closed_at__isnull', True)), models.Q(models.Q(('stage', 'waiting'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='closed_forwarding_has_its_instant'),
        ),
        migrations.AddConstraint(
            model_name='forwardingopinion',
            constraint=models.UniqueConstraint(fields=('forwarding', 'organisation'), name='one_opinion_of_a_bureau_on_a_forwarding'),
        ),
        migrations.AddConstraint(
            model_name='forwardingopinion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('by__isnull', True), ('word', '')), models.Q(models.Q(('word', ''), _negated=True), ('at__isnull', False), ('by__isnull', False)), _connector='OR'), name='a_given_opinion_has_its_author'),
        ),
        migrations.AddConstraint(
            model_name='forwardingopinion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('word__in', ['dissent', 'return']), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='who_does_not_agree_says_why'),
        ),
    ]
