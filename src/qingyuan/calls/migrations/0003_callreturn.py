"""The opinion of a return gets its own row; those of before are read from the mail that carried them."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REMARK = "意见："
VERB = "call.return_to_draft"


def take_over(apps: Any, _editor: Any) -> None:
    """Mail held the only copy: one line of it, addressed to the host's handlers."""
    returns = apps.get_model("calls", "CallReturn")
    people = {str(user.ref): user for user in apps.get_model("people", "User").objects.all()}
    calls = {str(call.pk): call for call in apps.get_model("calls", "Call").objects.all()}
    mails = apps.get_model("kernel", "Mail").objects.filter(verb=VERB)
    for entry in apps.get_model("kernel", "LedgerEntry").objects.filter(verb=VERB).order_by("seq"):
        mail = mails.filter(ledger_seq=entry.seq).first()
        call, user = calls.get(entry.subject_id), people.get(entry.actor_ref)
        line = next((one for one in mail.body.splitlines() if one.startswith(REMARK)), "") if mail else ""
        if line and call and user:
            returns.objects.create(call=call, by=user, at=entry.at, remark=line.removeprefix(REMARK)[:1000])


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("calls", "0002_initial"),
        ("kernel", "0003_ledger_ground"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("remark", models.CharField(max_length=1000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="returns", to="calls.call"
                    ),
                ),
            ],
            options={"ordering": ["-at", "-pk"]},
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop, elidable=True),
    ]
