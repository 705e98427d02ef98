"""What 4 migrations made step by step, in one: a new installation takes this, an older one its own steps."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from qingyuan.kernel.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('registry', '0001_initial'), ('registry', '0002_records'), ('registry', '0003_credit'), ('registry', '0004_reserve')]

    initial = True

    dependencies = [
        ('people', '0002_pool'),
        ('people', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='AuditRecord',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('stage', models.CharField(choices=[('valid', '有效'), ('revoked', '已撤销')], default='valid', max_length=10)),
                    ('kind', models.CharField(choices=[('mandatory', '强制性审核'), ('voluntary', '自愿性审核'), ('credit', '试点视同')], max_length=10)),
                    ('completed_on', models.DateField()),
                    ('level', models.CharField(blank=True, choices=[('I', 'Ⅰ级（国际领先）'), ('II', 'Ⅱ级（国内先进）'), ('III', 'Ⅲ级（国内一般）')], max_length=3)),
                    ('source', models.CharField(max_length=200)),
                    ('reference', models.CharField(blank=True, default='', max_length=80)),
                    ('turn', models.PositiveSmallIntegerField(default=1)),
                    ('note', models.CharField(blank=True, default='', max_length=500)),
                    ('made_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('revoked_reason', models.CharField(blank=True, max_length=500)),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='registry.enterprise')),
                ],
                options={
                    'ordering': ['-completed_on', '-made_at'],
                    'indexes': [models.Index(fields=['reference'], name='record_by_reference')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('reference', ''), ('stage', 'valid')), fields=('enterprise', 'kind', 'completed_on'), name='one_valid_record_of_an_audit'), models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('enterprise', 'reference', 'turn'), name='one_credit_of_a_turn'), models.UniqueConstraint(condition=models.Q(('stage', 'valid'), models.Q(('reference', ''), _negated=True)), fields=('enterprise', 'reference'), name='one_valid_credit_of_a_reference'), models.CheckConstraint(condition=models.Q(('kind', 'credit'), ('reference', ''), _connector='XOR'), name='credit_says_of_what'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', False), ('stage', 'revoked'), models.Q(('revoked_reason', ''), _negated=True)), models.Q(('revoked_at__isnull', True), ('revoked_reason', ''), ('stage', 'valid')), _connector='OR'), name='revoked_record_says_why')],
                },
            ),
            migrations.CreateModel(
                name='Certificate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=16, unique=True)),
                    ('issuer_name', models.CharField(max_length=120)),
                    ('holder_name', models.CharField(max_length=120)),
                    ('holder_code', models.CharField(max_length=18)),
                    ('pilot', models.CharField(max_length=120)),
                    ('list_title', models.CharField(max_length=120)),
                    ('document_number', models.CharField(max_length=60)),
                    ('listed_on', models.DateField()),
                    ('next_due', models.DateField()),
                    ('issued_at', models.DateTimeField()),
                    ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('record', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='registry.auditrecord')),
                ],
                options={
                    'ordering': ['-issued_at', 'code'],
                },
            ),
            migrations.CreateModel(
                name='Enterprise',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('stage', models.CharField(choices=[('active', '在册'), ('closed', '已关停'), ('merged', '已并入')], default='active', max_length=10)),
                    ('name', models.CharField(max_length=120)),
                    ('credit_code', models.CharField(max_length=18, unique=True)),
                    ('sector_code', models.CharField(blank=True, max_length=8)),
                    ('province', models.CharField(blank=True, max_length=2)),
                    ('region_code', models.CharField(blank=True, max_length=6)),
                    ('address', models.CharField(blank=True, max_length=200)),
                    ('permit', models.CharField(blank=True, choices=[('key', '重点管理'), ('simplified', '简化管理'), ('registered', '登记管理')], max_length=10)),
                    ('permit_number', models.CharField(blank=True, max_length=40)),
                    ('listed_on', models.DateField(null=True)),
                    ('disclosed_on', models.DateField(null=True)),
                    ('started_on', models.DateField(null=True)),
                    ('closed_on', models.DateField(null=True)),
                    ('closed_reason', models.CharField(blank=True, max_length=500)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='registry.enterprise')),
                    ('last_list', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='registry.listimport')),
                ],
                options={
                    'ordering': ['credit_code'],
                    'indexes': [models.Index(fields=['province', 'credit_code'], name='enterprise_of_a_province')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('stage', 'merged'), ('merged_into__isnull', True), _connector='XOR'), name='merged_enterprise_says_into_which'), models.CheckConstraint(condition=models.Q(('stage', 'closed'), ('closed_on__isnull', True), _connector='XOR'), name='closed_enterprise_has_its_day')],
                },
            ),
            migrations.CreateModel(
                name='FormerName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('until', models.DateField()),
                    ('recorded_at', models.DateTimeField()),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='registry.enterprise')),
                ],
                options={
                    'ordering': ['-until', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='ListImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('rows', models.PositiveIntegerField()),
                    ('added', models.PositiveIntegerField(default=0)),
                    ('changed', models.PositiveIntegerField(default=0)),
                    ('renamed', models.PositiveIntegerField(default=0)),
                    ('records', models.PositiveIntegerField(default=0)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enterprise_lists', to='people.organisation')),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='Listing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('listed_on', models.DateField()),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='registry.enterprise')),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='registry.listimport')),
                ],
                options={
                    'ordering': ['-listed_on'],
                    'constraints': [models.UniqueConstraint(fields=('enterprise', 'listed_on'), name='one_listing_of_a_day')],
                },
            ),
            migrations.CreateModel(
                name='ReserveProject',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('stage', models.CharField(choices=[('nominated', '已推荐'), ('admitted', '已入库'), ('financed', '已获支持'), ('withdrawn', '已退出')], default='nominated', max_length=10)),
                    ('source_scheme', models.UUIDField(null=True)),
                    ('source_title', models.CharField(blank=True, max_length=160)),
                    ('nominated_at', models.DateTimeField()),
                    ('title', models.CharField(max_length=120)),
                    ('content', models.CharField(blank=True, max_length=2000)),
                    ('investment_code', models.CharField(blank=True, max_length=24)),
                    ('total_invest_wan_cny', models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                    ('own_funds_wan_cny', models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                    ('benefit_wan_cny', models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                    ('om_wan_cny', models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                    ('life_years', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                    ('environmental_benefit', models.CharField(blank=True, max_length=1000)),
                    ('eia', models.CharField(blank=True, choices=[('not_needed', '不需要'), ('pending', '办理中'), ('obtained', '已取得')], max_length=10)),
                    ('land', models.CharField(blank=True, choices=[('not_needed', '不需要'), ('pending', '办理中'), ('obtained', '已取得')], max_length=10)),
                    ('permit', models.CharField(blank=True, choices=[('not_needed', '不需要'), ('pending', '办理中'), ('obtained', '已取得')], max_length=10)),
                    ('approvals', models.CharField(blank=True, max_length=500)),
                    ('contact_body', models.CharField(blank=True, max_length=120)),
                    ('admitted_on', models.DateField(null=True)),
                    ('financed_on', models.DateField(null=True)),
                    ('financed_wan_cny', models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                    ('financed_by', models.CharField(blank=True, max_length=120)),
                    ('withdrawn_reason', models.CharField(blank=True, max_length=500)),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reserve_projects', to='registry.enterprise')),
                    ('nominated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reserve_projects', to='people.organisation')),
                ],
                options={
                    'ordering': ['-nominated_at', 'title'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('stage', 'withdrawn'), _negated=True), ('source_scheme__isnull', False)), fields=('source_scheme',), name='a_scheme_once_in_the_reserve'), models.CheckConstraint(condition=models.Q(('stage', 'withdrawn'), ('withdrawn_reason', ''), _connector='XOR'), name='withdrawn_reserve_project_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'financed'), _negated=True), models.Q(('financed_on__isnull', False), ('financed_wan_cny__gt', 0), models.Q(('financed_by', ''), _negated=True)), _connector='OR'), name='financed_reserve_project_says_by_whom')],
                },
            ),
        ])
    ]
