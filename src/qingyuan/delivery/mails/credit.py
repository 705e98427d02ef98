"""What the credits send: to the body that carried out the pilot, and to each enterprise that has a body here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.calls.mails import SIGNATURE, recipients_of
from qingyuan.delivery import credits as reads
from qingyuan.delivery.mails.letters import letters
from qingyuan.delivery.models import Project
from qingyuan.kernel.outbox import Draft
from qingyuan.people.models import Organisation
from qingyuan.people.models.organisation import Kind
from qingyuan.registry import codes
from qingyuan.registry.models import AuditRecord


def _enterprises(found: Iterable[str]) -> dict[str, Organisation]:
    """The bodies of these credit codes (one query)."""
    bodies = Organisation.objects.filter(
        kind=Kind.ENTERPRISE, credit_code__in=list(found), stage=Organisation.Stage.ACTIVE
    )
    return {body.credit_code: body for body in bodies}


def _to_enterprises(
    project: Project, records: Iterable[AuditRecord], *, subject: str, body: str, **untrusted: object
) -> list[Draft]:
    """One letter an enterprise, with its own certificate (two queries for all)."""
    by_code = {record.enterprise.credit_code: record for record in records}
    reached = recipients_of(list(_enterprises(by_code).values()))
    drafts = []
    for organisation, recipient in reached:
        record = by_code[organisation.credit_code]
        certificate = record.certificate
        drafts.append(
            Draft(
                to=recipient,
                subject=subject,
                body=body + SIGNATURE,
                trusted={
                    "code": codes.shown(certificate.code),
                    "day": f"{record.completed_on:%Y-%m-%d}",
                    "next": f"{certificate.next_due:%Y-%m-%d}",
                },
                untrusted={"enterprise": organisation.name, "name": project.title, **untrusted},
                sender_id=project.supervisor.host.pk,
            )
        )
    return drafts


def credited(project: Project, *, by: Any, now: datetime, result: Any, **_rest: Any) -> list[Draft]:
    """Before the act the page shows the applicant's letter alone: who has a body here is looked up with the act."""
    del by, now
    records = result.records if result is not None else []
    count = result.count if result is not None else _count(project)
    return [
        *letters(
            [project.applicant],
            project.supervisor.host,
            subject=_("范围内企业已计入审核：{name}"),
            body=_(
                "《{name}》范围内 {count} 家企业已在企业基础信息库各计入一次清洁生产审核。名单和证书请登录清源平台查看。"
            ),
            trusted={"count": count},
            name=project.title,
        ),
        *_to_enterprises(
            project,
            records,
            subject=_("视同开展一次清洁生产审核：{enterprise}"),
            body=_(
                "{enterprise}在试点《{name}》范围内，该试点已列入通过名单，自 {day} 起视同开展一次清洁生产审核。\n"
                "证书编码：{code}\n下一轮审核期限：{next}\n请登录清源平台查看；任何人可凭编码核验。"
            ),
        ),
    ]


def revoked(
    project: Project, *, by: Any, now: datetime, result: Any, reason: str = "", **_rest: Any
) -> list[Draft]:
    del by, now
    records = result.records if result is not None else []
    return [
        *letters(
            [project.applicant],
            project.supervisor.host,
            subject=_("已计入的审核记录被撤销：{name}"),
            body=_(
                "《{name}》范围内 {count} 家企业计入的审核记录已撤销。\n理由：{reason}\n名单请登录清源平台查看。"
            ),
            trusted={"count": result.count if result is not None else "…"},
            name=project.title,
            reason=reason or "—",
        ),
        *_to_enterprises(
            project,
            records,
            subject=_("计入的审核记录被撤销：{enterprise}"),
            body=_(
                "{enterprise}因试点《{name}》计入的审核记录（证书 {code}，{day}）已撤销，不再视同开展审核，审核期限按其余记录计算。\n"
                "理由：{reason}\n原下一轮期限 {next} 不再适用，请登录清源平台查看现行期限。"
            ),
            reason=reason or "—",
        ),
    ]


def _count(project: Project) -> int:
    return len(reads.waiting(reads.lines(project, reads.conclusion_of(project))))
