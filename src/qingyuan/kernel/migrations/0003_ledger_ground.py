"""The chain's head before its first entry, and the triggers that keep the ledger append-only."""

from typing import Any

from django.db import migrations

from qingyuan.kernel import triggers


def lay(apps: Any, schema_editor: Any) -> None:
    apps.get_model("kernel", "LedgerHead").objects.create(pk=1, seq=0, hash="0" * 64)
    triggers.install(schema_editor.connection)


def lift(apps: Any, schema_editor: Any) -> None:
    triggers.remove(schema_editor.connection)
    apps.get_model("kernel", "LedgerHead").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_initial")]
    operations = [migrations.RunPython(lay, lift)]
