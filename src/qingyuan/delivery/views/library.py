"""Cases inside: of one project, of all one sees, one with the preview of exactly what becomes public, and its verbs."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.delivery import facts, library
from qingyuan.delivery.actions import library as actions
from qingyuan.delivery.forms import library as forms
from qingyuan.delivery.models import Practice, Project
from qingyuan.delivery.models.library import TEXTS
from qingyuan.delivery.queries import library as queries
from qingyuan.delivery.views.frame import ProjectVerbPage, show
from qingyuan.kernel import clock
from qingyuan.kernel.gate.kinds import ACCEPTED
from qingyuan.kernel.record_language import in_record_language
from qingyuan.review.views.frame import attached
from qingyuan.ui.pagination import paginate
from qingyuan.workbooks.schema import Column, Table
from qingyuan.workbooks.write import write_table

PART = "practices"


def of_project(request: HttpRequest, project: Project) -> HttpResponse:
    """The cases made from one project."""
    return show(
        request,
        "delivery/library/tab.html",
        project,
        PART,
        rows=[(one, queries.TONES[one.stage]) for one in project.practices.all()],
        may_write=actions.write.allowed(request.user, project).ok,
    )


def practices(request: HttpRequest) -> HttpResponse:
    """Every case that the reader sees inside."""
    page = paginate(request, queries.practices(request.user))
    context = {"page": page, "rows": [(one, queries.TONES[one.stage]) for one in page.object_list]}
    return TemplateResponse(request, "delivery/library/inside.html", context)


def practice(request: HttpRequest, practice: Practice) -> HttpResponse:
    """One case: the preview of what becomes public, and apart from it what stays inside."""
    is_draft = practice.stage == Practice.Stage.DRAFT
    known = facts.of(practice.project) if practice.secrets else {}
    secret = [
        (str(TEXTS[name]), getattr(practice, name), reason)
        if name in TEXTS
        else (known[plain].label, known[plain].shown, reason)
        for name, reason in practice.secrets.items()
        if name in TEXTS or (plain := name.removeprefix("fact:")) in known
    ]
    content = library.content_of(practice) if is_draft else practice.content
    steps = [
        (verb.title, reverse(url, args=[practice.pk]), leads)
        for verb, url, leads in (
            (actions.revise, "delivery:revise-practice", False),
            (actions.send_back, "delivery:return-practice", False),
            (actions.hand_in, "delivery:hand-in-practice", True),
            (actions.publish, "delivery:publish-practice", True),
            (actions.withdraw, "delivery:withdraw-practice", False),
        )
        if verb.allowed(request.user, practice).ok
    ]
    return show(
        request,
        "delivery/library/page.html",
        practice.project,
        PART,
        practice=practice,
        content=content,
        tone=queries.TONES[practice.stage],
        secret=secret,
        steps=steps,
        problems=library.before_hand_in(content) if is_draft else [],
        moved=[] if is_draft else facts.moved(practice.project, content["results"]),
    )


@in_record_language()
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook: what everybody may read of each case, and its state."""
    target = io.BytesIO()
    write_table(
        target,
        _TABLE,
        [_row(one) for one in queries.practices(request.user).defer(None).select_related(*queries.WITHIN)],
        title=_("典型案例"),
        subtitle=_("导出时间 %s") % f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
    )
    return attached(target.getvalue(), "典型案例.xlsx", ACCEPTED["xlsx"].media_type)


def _row(one: Practice) -> dict[str, Any]:
    content = one.content or {"sectors": [], "pollutants": [], "measures": [], "results": []}

    def joined(name: str) -> str | None:
        return "、".join(item["title"] for item in content[name]) or None

    return {
        "title": one.title,
        "stage": str(one.get_stage_display()),
        "body": one.project.applicant.name,
        "project": one.project.title,
        "category": one.project.category.title,
        "place": library.place(one.region_code) or None,
        "sectors": joined("sectors"),
        "pollutants": joined("pollutants"),
        "measures": joined("measures"),
        "results": "；".join(
            f"{line['label']} {line['value']} {line['unit']}".rstrip() for line in content["results"]
        )
        or None,
        "published": clock.local(one.published_at).date() if one.published_at else None,
    }


_TABLE = Table(
    name="practices",
    title="典型案例",
    columns=(
        Column(name="title", title_zh="案例名称"),
        Column(name="stage", title_zh="状态"),
        Column(name="body", title_zh="实施单位"),
        Column(name="project", title_zh="试点项目"),
        Column(name="category", title_zh="试点类别"),
        Column(name="place", title_zh="所在地"),
        Column(name="sectors", title_zh="行业"),
        Column(name="pollutants", title_zh="污染物"),
        Column(name="measures", title_zh="措施"),
        Column(
            name="results", title_zh="成效数据", note="提交时封存的公开数据；商业秘密不在其中。", longest=8000
        ),
        Column(name="published", title_zh="发布日期", kind="date"),
    ),
)


class WritePage(ProjectVerbPage):
    verb = actions.write
    form_class = forms.PracticeForm
    part = PART
    check_revision = False
    explain = gettext_lazy(
        "成效数据从台账引用，不用再填；商业秘密逐项标明，标明的一律不公开。提交之前可以随时修改。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"known": facts.of(self.object)}

    def get_initial(self) -> dict[str, Any]:
        return {"sectors": [one for one in self.object.pilot.sectors if one in library.words("sectors")]}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return form.arguments()  # type: ignore[no-any-return]

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())

    def get_cancel_url(self) -> str:
        return reverse("delivery:practices-of", args=[self.object.pk])


class PracticeVerbPage(ProjectVerbPage):
    object_arg = "practice"
    part = PART
    object: Practice

    def project_of(self) -> Project:
        return self.object.project

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class RevisePage(PracticeVerbPage):
    verb = actions.revise
    form_class = forms.PracticeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"known": facts.of(self.object.project)}

    def get_initial(self) -> dict[str, Any]:
        return forms.initial_of(self.object)

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return form.arguments()  # type: ignore[no-any-return]


class HandInPage(PracticeVerbPage):
    verb = actions.hand_in
    statement = gettext_lazy("预览所见即将要公开的全部内容，其中没有国家秘密，商业秘密均已标明。")


class ReturnPage(PracticeVerbPage):
    verb = actions.send_back
    form_class = forms.ReturnForm


class PublishPage(PracticeVerbPage):
    verb = actions.publish
    form_class = forms.PublishForm
    template_name = "delivery/library/publish.html"
    statement = gettext_lazy("从现在起，下列内容对公众公开；标为商业秘密的不公开。")

    def get_initial(self) -> dict[str, Any]:
        return {"content_sha256": self.object.content_sha256}

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "practice": self.object, "content": self.object.content}


class WithdrawPage(PracticeVerbPage):
    verb = actions.withdraw
    form_class = forms.WithdrawForm
    danger = True
