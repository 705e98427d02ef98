"""形式校核 and 真实性: tabs of a case, the verbs on them, the list of a round, the printed sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.gate.names import clean_name
from qingyuan.pilots import actions as pilots
from qingyuan.pilots.forms.returned import SupplementRequestForm
from qingyuan.review import formcheck_paper
from qingyuan.review.actions import formcheck as verbs
from qingyuan.review.actions import truthfulness as truth
from qingyuan.review.forms.formcheck import ExamineForm, JudgeForm, RejectionForm, ReturnForm
from qingyuan.review.models import Case, FormCheck, Round, Truthfulness
from qingyuan.review.queries import formcheck as queries
from qingyuan.review.queries import ground
from qingyuan.review.views.frame import CaseVerbPage, show
from qingyuan.ui.pagination import paginate

PART, TRUTH = "form-check", "truthfulness"


def rows_of(check: FormCheck) -> tuple[list[Any], list[Any]]:
    """Dimensions and findings, each with what was said of it."""
    words, on_finding = dict(FormCheck.Word.choices), dict(FormCheck.OnFinding.choices)
    tones = {"meets": "good", "partly": "warn", "fails": "bad", "confirmed": "warn", "overridden": "neutral"}

    def said(of: dict[str, str], titles: dict[Any, Any]) -> tuple[Any, str, str]:
        word = of.get("word", "")
        return titles.get(word, _("未判断")), tones.get(word, "info"), of.get("note", "")

    return (
        [(one, *said(check.on_dimensions.get(one.id, {}), words)) for one in check.dimensions],
        [(one, *said(check.on_findings.get(one["id"], {}), on_finding)) for one in check.findings],
    )


def form_check(request: HttpRequest, case: Case) -> HttpResponse:
    check = queries.latest_check(case)
    more: dict[str, Any] = {
        "check": check,
        "earlier": [],
        "may_begin": verbs.begin.allowed(request.user, case).ok
        and (check is None or check.stage == FormCheck.Stage.SENT_BACK),
        "may_resume": verbs.take_new_version.allowed(request.user, case).ok,
        "supplement": check.request if check else None,
    }
    if check is not None:
        check.case = case
        dimensions, findings = rows_of(check)
        more |= {
            "dimensions": dimensions,
            "findings": findings,
            "tone": queries.CHECK_TONES[FormCheck.Stage(check.stage)],
            "left": check.left,
            "earlier": list(
                case.form_checks.exclude(pk=check.pk).select_related("concluded_by", "submission")
            ),
            "may": {
                name: verb.allowed(request.user, check).ok
                for name, verb in (
                    ("judge", verbs.judge),
                    ("send_back", verbs.send_back),
                    ("reopen", verbs.reopen),
                )
            },
        }
    return show(request, "review/formcheck/tab.html", case, PART, **more)


class _CheckPage(CaseVerbPage):
    """A verb on a form check, inside its case."""

    object_arg = "check"
    part = PART
    object: FormCheck

    def case_of(self) -> Case:
        return self.object.case

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:form-check", args=[self.object.case_id])


class BeginPage(CaseVerbPage):
    verb = verbs.begin
    part = PART
    check_revision = False
    explain = gettext_lazy(
        "对封存的申报材料运行通知的规则集，列出问题；随后由您逐条确认或否定，并判断通知规定的各项内容。"
    )

    def get_success_url(self, result: Any) -> str:
        return reverse("review:judge-form", args=[result.pk])

    def get_cancel_url(self) -> str:
        return reverse("review:form-check", args=[self.object.pk])


class ResumePage(CaseVerbPage):
    verb = verbs.take_new_version
    part = PART
    done = gettext_lazy("已接续形式校核，请对现行版本开始校核")

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:form-check", args=[self.object.pk])


class JudgePage(_CheckPage):
    verb = verbs.judge
    form_class = JudgeForm
    button = gettext_lazy("保存校核意见")
    done = gettext_lazy("校核意见已保存")
    explain = gettext_lazy("可以分几次填写。问题由规则集列出，判定不成立的须写明理由；原清单不改动。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"check": self.object}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())


class PassPage(_CheckPage):
    verb = verbs.pass_check
    done = gettext_lazy("形式校核已通过，项目转入专家评审")
    statement = gettext_lazy("按下按钮即通过形式校核，项目转入专家评审。")


class RejectPage(_CheckPage):
    verb = verbs.propose_rejection
    form_class = RejectionForm
    done = gettext_lazy("已提出不予通过，待会同决定")
    danger = True

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.object.opinion}


class ReopenPage(_CheckPage):
    verb = verbs.reopen
    done = gettext_lazy("已撤回，可以重新填写校核意见")


class SendBackPage(_CheckPage):
    verb = verbs.send_back
    form_class = SupplementRequestForm
    done = gettext_lazy("已退回补充完善")
    danger = True
    explain = gettext_lazy(
        "退回后，申报单位在您所定的期限之前只能修改勾选的内容；它看到的只有这里写的理由、要求和对各章的意见。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"pilot": self.object.case.pilot}

    def get_form(self) -> Any:
        return super().get_form() if self.object.case.pilot else None

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())

    def get_mails(self) -> Any:
        """They are sent by the application's own verb."""
        pilot = self.object.case.pilot
        return pilots.request_supplement.preview(pilot, by=self.request.user) if pilot else ()


def sheet(_request: HttpRequest, check: FormCheck) -> HttpResponse:
    """形式校核意见表 as Word."""
    response = HttpResponse(formcheck_paper.write(check), content_type=ACCEPTED["docx"].media_type)
    name = clean_name(f"形式校核意见表_{check.case.label}_{check.case.title}.docx")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def of_round(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """The cases of a round with the state of each check."""
    round_ = kwargs["round"]
    filters = ground.Filters.read(round_, request.GET.dict())
    page = paginate(request, ground.cases(round_, filters).select_related("round", "submission"))
    cases = list(page.object_list)
    for case in cases:
        case.round = round_
    counted = queries.progress(round_)
    context = {
        "round": round_,
        "page": page,
        "lines": [(line, ground.TONES[line.case.stage]) for line in queries.lines(cases)],
        "filters": filters,
        "stages": [
            (value, title, value == filters.stage) for value, title, _n in ground.census(round_).stages
        ],
        "stats": [
            (_("项目"), counted.total),
            (_("校核中"), counted.waiting),
            (_("退回补充"), counted.returned),
            (_("真实性已签发"), counted.signed),
        ],
    }
    return TemplateResponse(request, "review/formcheck/round.html", context)


# --- 真实性


def truthfulness(request: HttpRequest, case: Case) -> HttpResponse:
    found = list(case.truthfulness.select_related("examined_by", "signed_by"))
    one = found[0] if found else None
    sealed = queries.sealed_of(case)
    stands = one is not None and one.stage != Truthfulness.Stage.RETURNED and one.sealed_sha256 == sealed
    if one is not None:
        one.case = case
    return show(
        request,
        "review/formcheck/truthfulness.html",
        case,
        TRUTH,
        one=one,
        stands=stands,
        state=queries.truth_state(case, one),
        earlier=found[1:],
        certificates=list(case.pilot.certificates.all()) if case.pilot else [],
        sealed=sealed,
        may_examine=not stands and truth.examine.allowed(request.user, case).ok,
        may_sign=one is not None and truth.sign.allowed(request.user, one).ok,
        may_return=one is not None and truth.send_back_examination.allowed(request.user, one).ok,
        origin_examination=queries.latest_examination(case.origin) if case.origin else None,
    )


class ExaminePage(CaseVerbPage):
    verb = truth.examine
    form_class = ExamineForm
    part = TRUTH
    check_revision = False
    done = gettext_lazy("已送签发")

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:truthfulness", args=[self.object.pk])


class _TruthPage(CaseVerbPage):
    object_arg = "truthfulness"
    part = TRUTH
    object: Truthfulness

    def case_of(self) -> Case:
        return self.object.case

    def get_success_url(self, result: Any) -> str:
        del result
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        return reverse("review:truthfulness", args=[self.object.case_id])


class SignPage(_TruthPage):
    verb = truth.sign
    statement = gettext_lazy("按下按钮即由本单位对这一版本材料的真实性审查结论负责。")
    done = gettext_lazy("真实性审查已签发")


class ReturnPage(_TruthPage):
    verb = truth.send_back_examination
    form_class = ReturnForm
    done = gettext_lazy("已退回重新审查")
    danger = True
