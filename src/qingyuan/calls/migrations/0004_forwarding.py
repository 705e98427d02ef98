

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0003_callreturn'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='forward_closes_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='call',
            name='forward_jointly',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('forward_closes_at__isnull', True), ('forward_closes_at__gt', models.F('closes_at')), _connector='OR'), name='forwarding_ends_after_the_call_closes'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('forward_jointly', False), ('forward_closes_at__isnull', False), _connector='OR'), name='joint_forwarding_is_forwarding'),
        ),
    ]
