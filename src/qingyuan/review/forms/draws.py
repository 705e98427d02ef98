"""Forms of draws. Secrets are made and checked here and never reach the database before they are revealed."""

from __future__ import annotations

import re
import secrets
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel import draws
from qingyuan.review.models import Case, Draw, Round
from qingyuan.review.queries import draws as queries
from qingyuan.ui.forms import InstantInput

KEEP = _(
    "请抄录或打印后密封（可另交监督人员一份），揭示时要用。平台只存它的承诺，不存它本身，遗失了谁也找不回来。也可以换成自己生成的 64 位十六进制数字"
)


def fresh_secret() -> str:
    """256 random bits of this machine."""
    return secrets.token_hex(32)


class SecretField(forms.CharField):
    """64 hexadecimal digits; capitals and spaces of a copied text are put right."""

    def to_python(self, value: Any) -> str:
        text = "".join(str(super().to_python(value) or "").split()).lower()
        if text and not draws.is_secret(text):
            raise forms.ValidationError(gettext("应为 64 位十六进制数字（0–9、a–f），实有 %d 位") % len(text))
        return text


class CommitForm(forms.Form):
    """A fresh secret, and the promise that it was kept elsewhere."""

    secret = SecretField(
        label=_("密钥"), help_text=KEEP, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kept = forms.BooleanField(label=_("密钥已另行保存"))


class AnnounceForm(forms.Form):
    """The terms of a draw, and the organiser's secret at the end."""

    case: Any = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=_("为哪个项目抽取"),
        empty_label=_("本轮全部项目"),
        help_text=_("选定项目的，应当回避该项目的专家不在候选之列；不选的，候选是至少能评审一个项目的专家"),
    )
    take = forms.IntegerField(label=_("抽取个数"), min_value=1)
    reserves = forms.IntegerField(label=_("候补个数"), min_value=0)
    strata = forms.ChoiceField(
        label=_("公平覆盖"),
        help_text=_("分层后各层按所占份额抽取，每个候选的机会仍然相同"),
    )
    exclusions = forms.CharField(
        label=_("排除的候选及理由"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一个：代号，空格，理由。理由在结果公布后公开，请不要写个人信息"),
    )
    public_kind = forms.ChoiceField(
        label=_("公开值"),
        choices=[
            (draws.SECOND_BODY, _("会签单位的密钥（会签单位先承诺、到时揭示）")),
            (draws.EXTERNAL, _("外部公布的数（由监督人员到时记下）")),
        ],
    )
    source = forms.CharField(
        label=_("公开值的来源"),
        max_length=200,
        help_text=_(
            "写到别人能查到同一个数为止，例如：中国福利彩票双色球第 2022080 期开奖号码，红球由小到大，再写蓝球，以空格分隔"
        ),
    )
    public_at = forms.DateTimeField(
        label=_("公开值的时间"), widget=InstantInput, help_text=_("北京时间；双方承诺须早于这一时刻")
    )
    reveal_by = forms.DateTimeField(
        label=_("揭示期限"), widget=InstantInput, help_text=_("北京时间；到期没有揭示的，本次抽取作废并公开")
    )
    supervisor: Any = forms.ModelChoiceField(queryset=None, label=_("监督人员"))
    supervisor_role = forms.CharField(
        label=_("监督人员的职务"), max_length=60, help_text=_("公开时只写单位和职务，不写姓名")
    )
    reason = forms.CharField(
        label=_("再次抽取的理由"), required=False, max_length=300, help_text=_("本轮第一次抽取不用填")
    )
    secret = SecretField(
        label=_("主办单位的密钥"), help_text=KEEP, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kept = forms.BooleanField(label=_("密钥已另行保存"))
    draw_id = forms.UUIDField(widget=forms.HiddenInput)
    salt = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind == Draw.Kind.EXPERTS:
            cases = queries.drawn_for(round_)
            field = self.fields["case"]
            field.queryset = Case.objects.filter(pk__in=[one.pk for one in cases])  # type: ignore[attr-defined]
            field.choices = [("", _("本轮全部项目")), *((one.pk, f"{one.label} {one}") for one in cases)]  # type: ignore[attr-defined]
        else:
            del self.fields["case"]
        group = _("按类别分层") if kind == Draw.Kind.SITES else _("按第一专业领域分层")
        self.fields["strata"].choices = [  # type: ignore[attr-defined]
            (queries.NONE, _("不分层")),
            (queries.PLACE, _("按所在地分层")),
            (queries.GROUP, group),
        ]
        self.fields["supervisor"].queryset = queries.supervisors(round_)  # type: ignore[attr-defined]

    def clean_exclusions(self) -> list[tuple[str, str]]:
        found, wrong = [], []
        for number, line in enumerate(self.cleaned_data["exclusions"].splitlines(), start=1):
            if not line.strip():
                continue
            parts = re.split(r"[\s,，:：]+", line.strip(), maxsplit=1)
            if len(parts) < 2:
                wrong.append(gettext("第 %(n)d 行“%(text)s”没有理由") % {"n": number, "text": parts[0][:40]})
            else:
                found.append((parts[0], parts[1]))
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them: the commitment instead of the secret."""
        clean = dict(self.cleaned_data)
        secret, _kept = clean.pop("secret"), clean.pop("kept")
        promise = draws.commitment(draw=str(clean["draw_id"]), role=draws.ORGANISER, secret=secret)
        return {**clean, "kind": self.kind, "commitment": promise}


def fresh_announcement() -> dict[str, Any]:
    """What a new announcement form is filled with."""
    return {
        "take": 3,
        "reserves": 2,
        "strata": queries.NONE,
        "public_kind": draws.SECOND_BODY,
        "source": gettext("会签单位的密钥"),
        "secret": fresh_secret(),
        "draw_id": uuid.uuid4(),
        "salt": fresh_secret(),
    }


class ValueForm(forms.Form):
    value = forms.CharField(
        label=_("公开值"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class SecondSecretForm(forms.Form):
    value = SecretField(label=_("会签单位的密钥"), widget=forms.TextInput(attrs={"autocomplete": "off"}))


class RevealForm(forms.Form):
    secret = SecretField(label=_("主办单位的密钥"), widget=forms.TextInput(attrs={"autocomplete": "off"}))


class VoidForm(forms.Form):
    party = forms.ChoiceField(label=_("原因"), choices=Draw.Party.choices)
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("结果公布后公开"),
    )
