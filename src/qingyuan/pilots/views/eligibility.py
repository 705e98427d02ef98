"""申报条件: the list with its verdicts, one condition with its questions, and the verdict while answers change."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from qingyuan.catalogue.notices.conditions import Condition, judge_condition
from qingyuan.kernel import gate
from qingyuan.kernel.errors import Refused
from qingyuan.pilots import actions, eligibility
from qingyuan.pilots.eligibility import Judged
from qingyuan.pilots.forms.condition import FILE, PREFIX, ConditionForm, posted_answers
from qingyuan.pilots.models import Attachment, Pilot
from qingyuan.pilots.views.frame import PartPage, show
from qingyuan.pilots.wording import answer_text

STATES: dict[str, tuple[str | Promise, str]] = {
    "met": (gettext_lazy("符合"), "good"),
    "not_met": (gettext_lazy("不符合"), "bad"),
    "ask": (gettext_lazy("需核定"), "warn"),
    "open": (gettext_lazy("待回答"), "neutral"),
}


def conditions(request: HttpRequest, pilot: Pilot) -> HttpResponse:
    judged = eligibility.judge_all(pilot)
    return show(request, "pilots/eligibility.html", pilot, "eligibility", judged=judged, states=STATES)


def _condition(pilot: Pilot, condition_id: str) -> Condition:
    for condition in pilot.notice.conditions_for(pilot.category_id):
        if condition.id == condition_id:
            return condition
    raise Http404


class ConditionPage(PartPage):
    """One condition: answers and evidence are saved together, so that nothing typed is lost to an upload."""

    verb = actions.answer_condition
    template_name = "pilots/condition.html"
    form_class = ConditionForm
    part = "eligibility"
    button = gettext_lazy("保存")
    done = gettext_lazy("回答已保存")
    form_id = "condition-form"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.condition = _condition(self.object, kwargs["condition"])

    def get_judged(self) -> Judged:
        return next(
            judged
            for judged in eligibility.judge_all(self.object)
            if judged.condition.id == self.condition.id
        )

    def get_state(self) -> Any:
        rows = self.object.answers.filter(condition_id=self.condition.id)
        # An answer that was cleared and one that was never given say the same.
        return sorted([row.question_id, row.value] for row in rows if row.value is not None)

    def get_form_kwargs(self) -> dict[str, Any]:
        judged = self.get_judged()
        return {
            "pilot": self.object,
            "condition": self.condition,
            "answers": judged.answers,
            "attached": judged.files,
            "request": self.request,
        }

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"condition_id": self.condition.id, "answers": form.answers()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form: Any = None
        return super().post(request, *args, **kwargs)

    def get_form(self) -> Any:
        self.form = super().get_form()
        return self.form

    def succeeded(self, result: Any) -> HttpResponse:
        """The answers stand; now the files, each by its own verb. One that is refused says so beside its question."""
        key = self.request.POST.get("key", "")[:40]
        refusals: list[tuple[str, Refused]] = []
        for question_id, file in self.form.evidence().items():
            try:
                actions.attach(
                    self.object,
                    by=self.request.user,
                    key=f"{key}:{question_id}"[:80] if key else None,
                    upload=gate.receive(file, by=self.request.user),
                    purpose=Attachment.Purpose.EVIDENCE,
                    condition_id=self.condition.id,
                    question_id=question_id,
                )
            except Refused as refusal:
                refusals.append((question_id, refusal))
        if not refusals:
            return super().succeeded(result)
        for question_id, refused in refusals:
            self.form.add_error(f"{FILE}{question_id}", refused.reason)
        self.object.refresh_from_db()
        return self.render(self.form, status=refusals[0][1].status)

    def get_context(self) -> dict[str, Any]:
        judged = self.get_judged()
        listed = self.object.notice.conditions_for(self.object.category_id)
        here = listed.index(self.condition)
        return {
            **super().get_context(),
            "judged": judged,
            "condition": self.condition,
            "state": STATES[judged.verdict.state],
            "judge_url": reverse("pilots:judge", args=[self.object.pk, self.condition.id]),
            "answered": [
                (
                    question,
                    answer_text(question, judged.answers.get(question.id)),
                    judged.files.get(question.id, []),
                )
                for question in judged.questions
            ],
            "previous": listed[here - 1] if here else None,
            "following": listed[here + 1] if here + 1 < len(listed) else None,
            "without_files": ",".join(
                f"{PREFIX}-{FILE}{question.id}" for question in self.condition.questions if question.evidence
            ),
        }


def judge(request: HttpRequest, pilot: Pilot, condition: str) -> HttpResponse:
    """The verdict on answers that are not saved yet, and the questions that now appear or go. Writes nothing."""
    found = _condition(pilot, condition)
    answers = posted_answers(found, request.POST)
    files: dict[str, list[Attachment]] = {}
    attached = pilot.attachments.select_related("upload").filter(condition_id=found.id)
    for attachment in attached.filter(purpose=Attachment.Purpose.EVIDENCE):
        files.setdefault(attachment.question_id, []).append(attachment)
    count = {question_id: len(items) for question_id, items in files.items()}
    verdict = judge_condition(found, answers=answers, evidence_count=count, facts=pilot.facts)
    form = ConditionForm(request.POST, pilot=pilot, condition=found, answers={}, attached=files)
    before = set(request.POST.getlist("shown"))
    changed = [place for place in form.places() if (place.field is not None) != (place.question.id in before)]
    return TemplateResponse(
        request,
        "pilots/parts/judged.html",
        {
            "pilot": pilot,
            "verdict": verdict,
            "state": STATES[verdict.state],
            "changed": changed,
            "unsaved": True,
        },
    )
