"""The results that pilots already under way have promised become rows, as the start of a pilot makes them now."""

from datetime import date

from django.db import migrations

GIVEN_UP = "不再产出"


def take_promised(apps, schema_editor):
    from qingyuan.catalogue import outputs as catalogue

    Project, Baseline, Output = (apps.get_model("delivery", name) for name in ("Project", "Baseline", "Output"))
    for project in Project.objects.filter(outputs=None).order_by("pk"):
        content = Baseline.objects.filter(project=project).order_by("-number").first().content
        first = Baseline.objects.filter(project=project).order_by("number").first().content
        before = {line["key"]: line["title"] for line in first["outputs"]}
        rows = []
        for place, line in enumerate(content["outputs"], start=1):
            given_up = line["title"].startswith(GIVEN_UP)
            title = before.get(line["key"], line["title"]) if given_up else line["title"]
            step = next((one for one in content["milestones"] if title and title in (one.get("outputs") or "")), None)
            rows.append(
                Output(
                    project=project,
                    key=line["key"],
                    position=place,
                    stage="dropped" if given_up else "expected",
                    dropped_reason=line["title"] if given_up else "",
                    kind=catalogue.guess(title),
                    title=title,
                    benefit=line.get("benefit") or "",
                    targets=[line["target"]] if line.get("target") else [],
                    milestone=step["key"] if step else "",
                    due_on=date.fromisoformat(step["ends"] if step else content["term"]["end"]),
                )
            )
        Output.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0004_outputs")]
    operations = [migrations.RunPython(take_promised, migrations.RunPython.noop)]
