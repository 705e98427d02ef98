"""公示文本: the list that lies open, the period, and where objections go, as a Word document."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingyuan.calls.mails import shown, shown_until
from qingyuan.kernel import clock
from qingyuan.kernel.record_language import in_record_language
from qingyuan.papers import official_docx
from qingyuan.review import decision_papers
from qingyuan.review.models import Publicity
from qingyuan.review.queries import decisions as queries


@in_record_language()
def write(publicity: Publicity) -> bytes:
    """Set from the decision's rows; an address of the page where objections are taken is not printed, its way is."""
    decision = publicity.decision
    round_ = decision.round
    chosen = queries.selected(decision)
    what = _("同意开展") if round_.is_state else _("推荐")
    return official_docx.write_publicity(
        title=str(publicity),
        paragraphs=[
            _("根据《%(call)s》，经评审和会同决定，拟%(what)s下列 %(number)d 个项目，现予公示。")
            % {"call": round_.call.title, "what": what, "number": len(chosen)},
            _("公示期：%(start)s至 %(end)s。")
            % {"start": shown(publicity.starts_at), "end": shown_until(publicity.ends_at)},
            _("公示期内，任何单位和个人对公示内容有异议的，可以在清源平台公示页面提出，或者书面寄送：%s。")
            % publicity.contact,
            _(
                "异议须写明事实、理由和真实姓名（单位名称）、联系方式，自收到之日起 %d 日内答复。异议人信息不公开。"
            )
            % publicity.answer_days,
        ],
        projects=[queries.project_of(item) for item in chosen],
        signatures=decision_papers.signatures(decision),
        created_on=clock.local(publicity.starts_at).date(),
    )
