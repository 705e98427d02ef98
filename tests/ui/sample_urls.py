"""Pages for the tests of the shell: every part with sample data, and a verb's page."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from qingyuan.kernel import clock, outbox
from qingyuan.kernel.actions import Act, Invalid, Problem, Verb
from qingyuan.kernel.checks import Finding
from qingyuan.kernel.models import Mail
from qingyuan.kernel.permission import predicate
from qingyuan.kernel.todos import ToDo
from qingyuan.ui.forms import DateInput, RichTextarea, SizedFileInput
from qingyuan.ui.pagination import paginate
from qingyuan.ui.verbpage import VerbPage

HOSTILE = "<script>alert(1)</script>\"'&{{ 7 }}\u202e"

EVERYTHING = """{% extends "ui/page.html" %}
{% block title %}全部零件 {{ hostile }}{% endblock %}
{% block pretitle %}<a href="/">上级</a>{% endblock %}
{% block actions %}{% deadline due %}{% endblock %}
{% block content %}
{% include "ui/parts/steps.html" %}{% include "ui/parts/stats.html" %}{% include "ui/parts/filter.html" with form=form %}
{% card "列表" flush=True %}{% scroll "列表" %}<table class="table"><thead><tr>{% th "名称" "name" %}{% th "数" "n" num=True %}</tr></thead>
<tbody>{% for row in page %}<tr><td>{{ row.name }}</td><td class="q-num">{{ row.n }}</td></tr>{% endfor %}</tbody></table>{% endscroll %}{% pages page %}{% endcard %}
{% card "待办" %}{% include "ui/parts/todos.html" %}{% endcard %}{% card "自查" %}{% include "ui/parts/findings.html" %}{% endcard %}
{% include "ui/parts/files.html" with caption="附件" removable=True %}{% include "ui/parts/timeline.html" %}
{% include "ui/parts/empty.html" with title="还没有" text="先做这个" url="/x/" action="开始" %}
{% include "ui/parts/keyvalues.html" %}{% keyvalues "甲" hostile "时间" due %}{% badge hostile "bad" %}{% clause "N5.1" %}{% icon "file" "文件" %}
{% endblock %}
{% block aside %}{% size_meter 57671680 52428800 %}{% size_meter 1536 52428800 %}{% endblock %}"""


class SampleForm(forms.Form):
    name = forms.CharField(label="项目名称", help_text="与盖章页一致", max_length=60)
    kind = forms.ChoiceField(label="类别", widget=forms.RadioSelect, choices=[("1", "行业"), ("2", "园区")])
    sectors = forms.MultipleChoiceField(
        label="行业",
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "造纸"), ("b", "印染")],
        required=False,
    )
    city = forms.ChoiceField(label="省辖市", choices=[("", "请选择"), ("1", "漯河市")], required=False)
    day = forms.DateField(label="日期", widget=DateInput(), required=False)
    chapter = forms.CharField(label="工作内容", widget=RichTextarea(), required=False)
    file = forms.FileField(
        label="盖章页", widget=SizedFileInput(max_bytes=1000, accept=".pdf"), required=False
    )
    sure = forms.BooleanField(label="确认无国家秘密", required=False)


@predicate("只有签发人可以这样做")
def is_signer(user: Any, _mail: Any) -> bool:
    return user.username == "signer"


def announce(mail: Mail, *, by: Any, now: Any, result: Any, **_arguments: Any) -> list[outbox.Draft]:
    to = outbox.Recipient("body@example.org", "演示收件单位")
    return [outbox.Draft(to=to, subject="通知 {name}", body="内容 {name}", untrusted={"name": mail.subject})]


def release(mail: Mail, act: Act, *, name: str, **_rest: Any) -> Mail:
    if name == "重名":
        raise Invalid(
            [
                Problem("名称已被使用", where="name", expected="不同的名称", mend="加上园区名"),
                Problem("缺第四章", url="/chapter/", clause="N6"),
            ]
        )
    act.move(mail, "queued")
    return mail


VERB = Verb(
    release,
    name="sample.release",
    title="审发",
    on=Mail,
    may=is_signer,
    stages=("draft",),
    to=("queued",),
    creates=None,
    creates_in=(),
    clauses=("H1",),
    idempotent=True,
    mails=announce,
    locks=None,
)  # made without @action: a sample is no verb of the product


class ReleasePage(VerbPage):
    verb = VERB
    form_class = SampleForm
    explain = "审发之后邮件进入待发送。"
    done = "已审发"
    cancel_url = "/"

    def get_object(self) -> Mail:
        return Mail.objects.get(pk=self.kwargs["pk"])

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return {"name": form.cleaned_data["name"]}

    def get_success_url(self, result: Any) -> str:
        return f"/done/{result.pk}/"


def everything(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    rows = [SimpleNamespace(name=f"{HOSTILE}{number}", n=number) for number in range(120)]
    context = {
        "hostile": HOSTILE,
        "due": now + timedelta(days=2, hours=5),
        "page": paginate(request, rows),
        "form": SampleForm(request.GET or None),
        "steps": [{"title": HOSTILE, "state": state} for state in ("done", "current", "todo")],
        "stats": [("已收到", 3)],
        "rows": [("标签", HOSTILE), ("空", "")],
        "todos": [ToDo(HOSTILE, "/x/", now + timedelta(hours=2), "签审", HOSTILE), ToDo("无期限", "/y/")],
        "findings": [Finding("error", HOSTILE, "/x/", "N6", "方案"), Finding("warning", "数量少")],
        "entries": [
            {"when": now, "title": HOSTILE, "who": "甲", "seq": 3, "hash": "ab" * 32},
            {"when": now, "title": "乙"},
        ],
        "files": [
            {
                "name": HOSTILE,
                "size": 2048,
                "sha256": "ab" * 32,
                "stage": "clean",
                "url": "/f/",
                "remove_url": "/r/",
            },
            {"name": "b.pdf", "size": 1, "sha256": "cd" * 32, "stage": "pending"},
            {"name": "c.pdf", "size": 1, "sha256": "cd" * 32, "stage": "refused", "reason": HOSTILE},
        ],
    }
    return HttpResponse(engines["django"].from_string(EVERYTHING).render(context, request))


def public(request: HttpRequest) -> HttpResponse:
    source = '{% extends "ui/public.html" %}{% block title %}公开{% endblock %}{% block content %}<p>甲</p>{% endblock %}'
    return HttpResponse(engines["django"].from_string(source).render({}, request))


def bad(_request: HttpRequest) -> HttpResponse:
    raise BadRequest


def forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [
    path("", public, name="home"),
    path("everything/", everything, name="everything"),
    path("release/<uuid:pk>/", ReleasePage.as_view(), name="release"),
    path("bad/", bad),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
