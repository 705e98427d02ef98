"""形式校核意见表: a check of one version as the plain data that the printed sheet is set from."""

from __future__ import annotations

from collections.abc import Mapping

from qingyuan.kernel import clock
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers import form_check_docx as paper
from qingyuan.review.models import FormCheck


@in_record_language()
def write(check: FormCheck) -> bytes:
    case, words = check.case, dict(FormCheck.Word.choices)
    on_finding = dict(FormCheck.OnFinding.choices)

    def line(title: str, said: dict[str, str], titles: Mapping[str, object]) -> paper.Line:
        word = said.get("word", "")
        return paper.Line(title=title, word=str(titles.get(word, "")), note=said.get("note", ""))

    return paper.write_sheet(
        paper.Sheet(
            number=case.label,
            project=case.title,
            applicant=case.applicant_name,
            notice=case.round.call.title,
            received=f"{case.submission.register_label}（第 {case.submission.version} 版）"
            if case.submission
            else "",
            sealed_sha256=case.submission.snapshot_sha256 if case.submission else "",
            rule_set=check.rule_set,
            findings_sha256=check.findings_sha256,
            state=str(check.get_stage_display()),
            dimensions=tuple(
                line(one.title, check.on_dimensions.get(one.id, {}), words) for one in check.dimensions
            ),
            findings=tuple(
                line(
                    f"〔{'须改正' if one['severity'] == 'error' else '请核对'}〕{one['message']}",
                    check.on_findings.get(one["id"], {}),
                    on_finding,
                )
                for one in check.findings
            ),
            opinion=check.opinion,
            who=str(check.concluded_by) if check.concluded_by else "",
            at=check.concluded_at,
            on=clock.local(check.concluded_at or check.begun_at).date(),
        )
    )
