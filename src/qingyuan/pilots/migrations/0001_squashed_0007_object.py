"""What 7 migrations made step by step, in one: a new installation takes this, an older one its own steps."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from qingyuan.kernel.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('pilots', '0001_initial'), ('pilots', '0002_editor'), ('pilots', '0003_process'), ('pilots', '0004_scope'), ('pilots', '0005_forwarding'), ('pilots', '0006_remarks_and_dues'), ('pilots', '0007_object')]

    initial = True

    dependencies = [
        ('calls', '0004_forwarding'),
        ('kernel', '0004_reminders'),
        ('people', '0002_pool'),
        ('people', '__first__'),
        ('registry', '0004_reserve'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Attachment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(choices=[('evidence', '条件佐证'), ('seal', '盖章页'), ('agreement', '协同审核协议'), ('other', '其他附件')], max_length=10)),
                    ('condition_id', models.CharField(blank=True, max_length=40)),
                    ('question_id', models.CharField(blank=True, max_length=60)),
                    ('title', models.CharField(max_length=120)),
                    ('added_at', models.DateTimeField()),
                    ('upload', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.upload')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['purpose', 'condition_id', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'evidence'), _negated=True), models.Q(models.Q(('condition_id', ''), _negated=True), models.Q(('question_id', ''), _negated=True)), _connector='OR'), name='evidence_names_its_question')],
                },
            ),
            migrations.CreateModel(
                name='Chapter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('outline_id', models.CharField(max_length=60)),
                    ('html', models.TextField(blank=True)),
                    ('words', models.PositiveIntegerField(default=0)),
                    ('revision', models.PositiveIntegerField(default=0)),
                    ('updated_at', models.DateTimeField()),
                    ('is_complete', models.BooleanField(default=False)),
                    ('updated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chapters', to='pilots.pilot')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'outline_id'), name='one_text_of_a_chapter')],
                },
            ),
            migrations.CreateModel(
                name='ChapterRemark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=1000)),
                    ('at', models.DateTimeField()),
                    ('resolved_at', models.DateTimeField(blank=True, null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='pilots.chapter')),
                    ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='pilots.supplementrequest')),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='who_resolved_a_remark_is_known')],
                },
            ),
            migrations.CreateModel(
                name='Pilot',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('stage', models.CharField(choices=[('drafting', '编制中'), ('reviewing', '待审核'), ('signing', '待签发'), ('signed', '已签发待提交'), ('submitted', '已提交'), ('withdrawn', '已撤回')], default='drafting', max_length=10)),
                    ('category_id', models.CharField(max_length=40)),
                    ('name', models.CharField(max_length=120)),
                    ('object_form', models.CharField(blank=True, max_length=40)),
                    ('object_name', models.CharField(blank=True, max_length=160)),
                    ('region_code', models.CharField(blank=True, db_index=True, max_length=6)),
                    ('sectors', models.JSONField(default=list)),
                    ('pollutants', models.JSONField(default=list)),
                    ('key_place', models.CharField(blank=True, max_length=60)),
                    ('term_start', models.DateField(blank=True, null=True)),
                    ('term_end', models.DateField(blank=True, null=True)),
                    ('created_at', models.DateTimeField()),
                    ('no_state_secrets', models.BooleanField(default=False)),
                    ('content_sha256', models.CharField(blank=True, max_length=64)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pilots', to='people.organisation')),
                    ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pilots', to='calls.call')),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-created_at'],
                    'indexes': [models.Index(fields=['call', 'stage'], name='pilot_by_call_and_stage')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('stage', 'withdrawn'), _negated=True), fields=('call', 'applicant', 'name'), name='one_pilot_of_a_name_per_applicant_and_call'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['signed', 'submitted']), _negated=True), models.Q(('no_state_secrets', True), models.Q(('content_sha256', ''), _negated=True)), _connector='OR'), name='signed_pilot_is_bound_and_cleared')],
                },
            ),
            migrations.CreateModel(
                name='Output',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=80)),
                    ('benefit', models.CharField(blank=True, max_length=300)),
                    ('target_key', models.CharField(blank=True, max_length=40)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outputs', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'position'), name='one_output_in_a_place')],
                },
            ),
            migrations.CreateModel(
                name='Milestone',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=80)),
                    ('starts', models.DateField()),
                    ('ends', models.DateField()),
                    ('outputs', models.CharField(blank=True, max_length=300)),
                    ('responsible', models.CharField(blank=True, max_length=120)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'position'), name='one_milestone_in_a_place'), models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='milestone_ends_after_it_starts')],
                },
            ),
            migrations.CreateModel(
                name='KeyTask',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pollutant', models.CharField(max_length=60)),
                    ('document', models.CharField(max_length=200)),
                    ('number', models.CharField(max_length=80)),
                    ('issuer', models.CharField(max_length=120)),
                    ('issued_on', models.DateField()),
                    ('page', models.CharField(max_length=60)),
                    ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='key_tasks', to='pilots.attachment')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_tasks', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'pollutant', 'document'), name='a_document_once_for_a_pollutant')],
                },
            ),
            migrations.CreateModel(
                name='JointParty',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('part', models.CharField(choices=[('lead', '牵头'), ('partner', '参与')], max_length=10)),
                    ('name', models.CharField(max_length=120)),
                    ('duties', models.CharField(max_length=1000)),
                    ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'position'), name='one_party_in_a_place'), models.UniqueConstraint(fields=('pilot', 'name'), name='a_party_once_in_a_pilot'), models.UniqueConstraint(condition=models.Q(('part', 'lead')), fields=('pilot',), name='one_lead_of_a_pilot')],
                },
            ),
            migrations.CreateModel(
                name='JointMeeting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('held_on', models.DateField()),
                    ('topic', models.CharField(max_length=200)),
                    ('outcome', models.CharField(blank=True, max_length=1000)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['held_on', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'position'), name='one_meeting_in_a_place')],
                },
            ),
            migrations.CreateModel(
                name='ChapterPicture',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('upload', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.upload')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='pilots.pilot')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'upload'), name='a_picture_once_in_a_pilot')],
                },
            ),
            migrations.CreateModel(
                name='CertificateRequest',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('stage', models.CharField(choices=[('sent', '已发出'), ('received', '已收到'), ('refused', '已拒绝')], default='sent', max_length=10)),
                    ('condition_id', models.CharField(max_length=40)),
                    ('question_id', models.CharField(max_length=60)),
                    ('body_name', models.CharField(max_length=120)),
                    ('text', models.CharField(max_length=2000)),
                    ('sent_at', models.DateTimeField()),
                    ('due_on', models.DateField(null=True)),
                    ('answered_on', models.DateField(null=True)),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('remark', models.CharField(blank=True, max_length=1000)),
                    ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='certificates', to='pilots.attachment')),
                    ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates_asked', to='people.organisation')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['-sent_at'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('stage', 'sent')), models.Q(models.Q(('stage', 'sent'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='answered_certificate_has_its_instant')],
                },
            ),
            migrations.CreateModel(
                name='Boundary',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('parcels', models.JSONField(default=list)),
                    ('area_m2', models.BigIntegerField()),
                    ('declared_km2', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                    ('basis', models.CharField(blank=True, max_length=300)),
                    ('prefectures', models.JSONField(default=list)),
                    ('counties', models.CharField(blank=True, max_length=200)),
                    ('reason', models.CharField(blank=True, max_length=1000)),
                    ('upload', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.upload')),
                    ('pilot', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='boundary', to='pilots.pilot')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('area_m2__gt', 0)), name='boundary_holds_ground')],
                },
            ),
            migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('condition_id', models.CharField(max_length=40)),
                    ('question_id', models.CharField(max_length=60)),
                    ('value', models.JSONField(null=True)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['condition_id', 'question_id'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'condition_id', 'question_id'), name='one_answer_of_a_question')],
                },
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
                    'constraints': [models.UniqueConstraint(fields=('call', 'organisation', 'number'), name='forwarding_numbers_are_unique'), models.UniqueConstraint(condition=models.Q(('stage', 'waiting')), fields=('pilot',), name='one_waiting_forwarding_of_a_pilot'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'forwarded'), ('number__isnull', False)), models.Q(models.Q(('stage', 'forwarded'), _negated=True), ('number__isnull', True)), _connector='OR'), name='forwarded_version_has_its_number'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'waiting'), ('closed_at__isnull', True)), models.Q(models.Q(('stage', 'waiting'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='closed_forwarding_has_its_instant')],
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
                    'constraints': [models.UniqueConstraint(fields=('forwarding', 'organisation'), name='one_opinion_of_a_bureau_on_a_forwarding'), models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('by__isnull', True), ('word', '')), models.Q(models.Q(('word', ''), _negated=True), ('at__isnull', False), ('by__isnull', False)), _connector='OR'), name='a_given_opinion_has_its_author'), models.CheckConstraint(condition=models.Q(models.Q(('word__in', ['dissent', 'return']), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='who_does_not_agree_says_why')],
                },
            ),
            migrations.CreateModel(
                name='Reach',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=80)),
                    ('river', models.CharField(max_length=60)),
                    ('starts_at', models.CharField(blank=True, max_length=80)),
                    ('ends_at', models.CharField(blank=True, max_length=80)),
                    ('length_km', models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True)),
                    ('target', models.CharField(blank=True, choices=[('1', 'Ⅰ类'), ('2', 'Ⅱ类'), ('3', 'Ⅲ类'), ('4', 'Ⅳ类'), ('5', 'Ⅴ类')], max_length=1)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reaches', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'river', 'name'), name='a_reach_once_in_a_river'), models.CheckConstraint(condition=models.Q(('length_km__isnull', True), ('length_km__gt', 0), _connector='OR'), name='reach_has_length')],
                },
            ),
            migrations.CreateModel(
                name='RegionPlace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('code', models.CharField(max_length=6)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'code'), name='a_place_once_in_a_region')],
                },
            ),
            migrations.CreateModel(
                name='RemarkReply',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=1000)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('remark', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='pilots.chapterremark')),
                ],
                options={
                    'ordering': ['at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='ScopeEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stated_name', models.CharField(max_length=120)),
                    ('sector', models.CharField(blank=True, max_length=40)),
                    ('sector_code', models.CharField(blank=True, max_length=4)),
                    ('size', models.CharField(blank=True, choices=[('large', '大型'), ('medium', '中型'), ('small', '小型'), ('micro', '微型')], max_length=6)),
                    ('permit', models.CharField(blank=True, choices=[('key', '重点管理'), ('simplified', '简化管理'), ('registered', '登记管理')], max_length=10)),
                    ('last_audit', models.DateField(blank=True, null=True)),
                    ('pollutants', models.CharField(blank=True, max_length=200)),
                    ('prefecture', models.CharField(blank=True, max_length=50)),
                    ('county', models.CharField(blank=True, max_length=50)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scopes', to='registry.enterprise')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scope', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'enterprise'), name='an_enterprise_once_in_a_scope')],
                },
            ),
            migrations.CreateModel(
                name='Section',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=80)),
                    ('river', models.CharField(max_length=60)),
                    ('level', models.CharField(blank=True, choices=[('national', '国控'), ('provincial', '省控'), ('city', '市控')], max_length=10)),
                    ('code', models.CharField(blank=True, max_length=30)),
                    ('km', models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True)),
                    ('target', models.CharField(blank=True, choices=[('1', 'Ⅰ类'), ('2', 'Ⅱ类'), ('3', 'Ⅲ类'), ('4', 'Ⅳ类'), ('5', 'Ⅴ类')], max_length=1)),
                    ('present', models.CharField(blank=True, choices=[('1', 'Ⅰ类'), ('2', 'Ⅱ类'), ('3', 'Ⅲ类'), ('4', 'Ⅳ类'), ('5', 'Ⅴ类'), ('6', '劣Ⅴ类')], max_length=1)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'river', 'name'), name='a_section_once_in_a_river'), models.CheckConstraint(condition=models.Q(('km__isnull', True), ('km__gte', 0), _connector='OR'), name='section_lies_downstream')],
                },
            ),
            migrations.CreateModel(
                name='SignOff',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('step', models.CharField(choices=[('hand_in', '经办送审'), ('review', '审核通过'), ('sign', '签发'), ('return', '退回修改'), ('reopen', '重新编制'), ('withdraw', '撤回'), ('supplement', '退回补充完善'), ('prefecture', '市级退回')], max_length=10)),
                    ('at', models.DateTimeField()),
                    ('remark', models.CharField(blank=True, max_length=1000)),
                    ('content_sha256', models.CharField(blank=True, max_length=64)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signoffs', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Submission',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('version', models.PositiveSmallIntegerField()),
                    ('register_number', models.PositiveIntegerField()),
                    ('is_current', models.BooleanField(default=True)),
                    ('submitted_at', models.DateTimeField()),
                    ('snapshot', models.JSONField()),
                    ('snapshot_sha256', models.CharField(max_length=64)),
                    ('package_name', models.CharField(max_length=255)),
                    ('package_sha256', models.CharField(max_length=64)),
                    ('package_size', models.PositiveBigIntegerField()),
                    ('plan_sha256', models.CharField(max_length=64)),
                    ('manifest', models.JSONField()),
                    ('mail_subject', models.CharField(max_length=300)),
                    ('ledger_seq', models.BigIntegerField(null=True)),
                    ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='calls.call')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='pilots.pilot')),
                    ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-submitted_at'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'version'), name='one_submission_of_a_version'), models.UniqueConstraint(fields=('call', 'register_number'), name='register_numbers_are_unique'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('pilot',), name='one_current_submission')],
                },
            ),
            migrations.CreateModel(
                name='PrefectureComment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('text', models.CharField(max_length=2000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='pilots.submission')),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('submission', 'organisation'), name='one_comment_of_a_bureau_on_a_version')],
                },
            ),
            migrations.CreateModel(
                name='SupplementRequest',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('revision', models.PositiveIntegerField(default=0, editable=False)),
                    ('stage', models.CharField(choices=[('open', '待补充'), ('answered', '已补充'), ('lapsed', '逾期未补充'), ('cancelled', '已取消')], default='open', max_length=10)),
                    ('chapters', models.JSONField(default=list)),
                    ('parts', models.JSONField(default=list)),
                    ('reason', models.CharField(max_length=1000)),
                    ('due_at', models.DateTimeField()),
                    ('asked_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('answered_with', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers_request', to='pilots.submission')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplement_requests', to='pilots.pilot')),
                    ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplement_requests', to='pilots.submission')),
                ],
                options={
                    'ordering': ['-asked_at'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('stage', 'open')), fields=('pilot',), name='one_open_request_of_a_pilot'), models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='request_is_due_after_it_was_made'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'answered'), ('answered_with__isnull', False)), models.Q(models.Q(('stage', 'answered'), _negated=True), ('answered_with__isnull', True)), _connector='OR'), name='answered_request_names_its_version')],
                },
            ),
            migrations.CreateModel(
                name='Target',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('key', models.CharField(max_length=40)),
                    ('measure_id', models.CharField(blank=True, max_length=40)),
                    ('indicator_id', models.CharField(blank=True, max_length=40)),
                    ('indicator', models.CharField(max_length=80)),
                    ('unit', models.CharField(blank=True, max_length=30)),
                    ('baseline_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('baseline', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True)),
                    ('target', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True)),
                    ('formula', models.CharField(blank=True, max_length=300)),
                    ('share', models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True)),
                    ('note', models.CharField(blank=True, max_length=300)),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='pilots.pilot')),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'position'), name='one_target_in_a_place'), models.UniqueConstraint(fields=('pilot', 'key'), name='one_target_of_a_key'), models.CheckConstraint(condition=models.Q(('share__isnull', True), models.Q(('share__gte', 0), ('share__lte', 100)), _connector='OR'), name='share_of_scope_is_a_percentage')],
                },
            ),
            migrations.CreateModel(
                name='ChapterPresence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seen_at', models.DateTimeField()),
                    ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='pilots.chapter')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-seen_at'],
                    'constraints': [models.UniqueConstraint(fields=('chapter', 'user'), name='a_person_once_in_a_chapter')],
                },
            ),
            migrations.CreateModel(
                name='ChapterRevision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('kind', models.CharField(choices=[('autosave', '自动保存'), ('save', '保存'), ('restore', '恢复旧版'), ('import', '导入')], max_length=10)),
                    ('html', models.TextField(blank=True)),
                    ('words', models.PositiveIntegerField(default=0)),
                    ('begun_at', models.DateTimeField()),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='pilots.chapter')),
                ],
                options={
                    'ordering': ['-number'],
                    'constraints': [models.UniqueConstraint(fields=('chapter', 'number'), name='one_revision_of_a_number')],
                },
            ),
        ])
    ]
