"""Forms of bodies, people, authorisations, interests, mail and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.catalogue.regions import regions
from qingyuan.catalogue.sectors import sectors
from qingyuan.kernel import clock
from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.kernel.models import Mail
from qingyuan.people import queries
from qingyuan.people.actions import TOKEN_MAX_DAYS
from qingyuan.people.models import Authorisation, Interest, JointBody, Kind, Organisation, Role, User
from qingyuan.people.models.organisation import AUTHORITIES
from qingyuan.ui.forms import DateInput

SUGGESTED = 500
"""Names that a field offers while one types; any registered name is accepted."""


class NameList(forms.TextInput):
    """A text field that offers registered names; it works, and is searched, without scripts."""

    template_name = "people/widgets/namelist.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.names: Iterable[str] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_names"
        context["widget"]["attrs"]["list"] = list_id
        context["widget"] |= {"names": list(self.names), "list_id": list_id}
        return context


class OrganisationField(forms.CharField):
    """A registered body by its name; a name that is not registered gets near ones as an answer."""

    widget = NameList

    def __init__(self, *, kinds: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)
        self.kinds = list(kinds)

    def bodies(self) -> Any:
        found = Organisation.objects.filter(stage=Organisation.Stage.ACTIVE)
        return found.filter(kind__in=self.kinds) if self.kinds else found

    def suggest(self) -> None:
        """Offer names; called by the form, so that a page that only checks does not read them."""
        self.widget.names = self.bodies().order_by("name").values_list("name", flat=True)[:SUGGESTED]  # type: ignore[attr-defined]

    def clean(self, value: Any) -> Organisation | None:
        name = super().clean(value)
        if not name:
            return None
        body = self.bodies().filter(name=name).first()
        if body is None:
            near = list(
                self.bodies().filter(name__icontains=name).order_by("name").values_list("name", flat=True)[:5]
            )
            hint = (
                gettext("；是否为：%s") % "、".join(near)
                if near
                else gettext("；请填写登记时的全称，或请平台运维人员先登记")
            )
            raise forms.ValidationError(
                gettext("没有找到已登记的“%s”") % name + hint, code="unknown_organisation"
            )
        return body


def region_choices(blank: str) -> list[tuple[str, Any]]:
    """Provinces, and the prefectures that the catalogue knows, each group under its province."""
    known = regions()
    provinces = [(region.code, region.name) for region in known.values() if region.level == "province"]
    choices: list[tuple[str, Any]] = [("", blank), (gettext("省级"), provinces)]
    for code, name in provinces:
        below = [(region.code, region.name) for region in known.values() if region.parent == code]
        if below:
            choices.append((name, below))
    return choices


class OrganisationFilter(forms.Form):
    text = forms.CharField(label=_("名称或信用代码"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *Kind.choices])
    region = forms.ChoiceField(label=_("地区"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = region_choices(gettext("全部地区"))  # type: ignore[attr-defined]


class OrganisationForm(forms.Form):
    """What `register_organisation` asks."""

    name = forms.CharField(label=_("单位全称"), max_length=120, help_text=_("与公章一致"))
    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("请选择")), *Kind.choices])
    region_code = forms.ChoiceField(
        label=_("所在地区"), required=False, help_text=_("国家部门留空；省级单位选省，其余选设区的市")
    )
    parent = OrganisationField(label=_("上级单位"), required=False, help_text=_("已登记单位的全称，可不填"))
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=18, required=False, help_text=_("18 位；填写时核对校验码")
    )
    email = forms.EmailField(
        label=_("公务邮箱"), required=False, help_text=_("单位的邮箱，不填个人邮箱；通知和补充通知发往此处")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = region_choices(gettext("（不属于某一地区）"))  # type: ignore[attr-defined]
        self.fields["parent"].suggest()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if Organisation.objects.filter(name=name).exists():
            raise forms.ValidationError(gettext("“%s”已经登记，不必重复登记") % name, code="registered")
        return name

    def clean_credit_code(self) -> str:
        return str(self.cleaned_data["credit_code"]).strip().upper()


class JointBodyForm(forms.Form):
    """What `form_joint_body` asks; the name follows from the departments."""

    level = forms.ChoiceField(label=_("层级"), choices=JointBody.Level.choices, widget=forms.RadioSelect)
    host = OrganisationField(label=_("主办单位"), kinds=sorted(AUTHORITIES))
    cosigner = OrganisationField(label=_("会签单位"), kinds=sorted(AUTHORITIES))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("host", "cosigner"):
            self.fields[name].suggest()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        host, cosigner = cleaned.get("host"), cleaned.get("cosigner")
        if host and cosigner:
            if host == cosigner:
                self.add_error("cosigner", gettext("会签单位不能与主办单位相同"))
            elif JointBody.objects.filter(name=self.joint_name(host, cosigner)).exists():
                self.add_error("host", gettext("这两家单位的会同机制已经登记"))
        return cleaned

    @staticmethod
    def joint_name(host: Organisation, cosigner: Organisation) -> str:
        return f"{host.name}、{cosigner.name}"


class MemberForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=40)
    email = forms.EmailField(
        label=_("邮箱"), help_text=_("没有账号的，将按此邮箱建立账号并发出邀请；有账号的，直接加入本单位")
    )
    role = forms.ChoiceField(
        label=_("角色"), choices=Role.choices, widget=forms.RadioSelect, help_text=_("一人多岗的，分次添加")
    )


class RemovalForm(forms.Form):
    """Which role of which person ends."""

    membership = forms.ChoiceField(label=_("移除哪一项"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = organisation.memberships.select_related("user").order_by("user__display_name", "role")
        self.fields["membership"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{row.user} · {row.get_role_display()} · {row.user.email}") for row in rows
        ]


class AuthorisationForm(OversizeAware):
    service_body = OrganisationField(
        label=_("咨询服务机构"), kinds=[Kind.SERVICE], help_text=_("输入名称片段，从列表中选取")
    )
    scope = forms.ChoiceField(
        label=_("授权范围"), choices=Authorisation.Scope.choices, widget=forms.RadioSelect
    )
    valid_from = forms.DateField(label=_("起始日期"), widget=DateInput)
    valid_until = forms.DateField(label=_("截止日期"), widget=DateInput, help_text=_("含当日；到期自动失效"))
    secrecy_agreement = UploadField(
        label=_("保密协议"),
        allow=frozenset({"pdf", "ofd", "docx", "png", "jpg"}),
        required=False,
        help_text=_("双方签署的保密协议，PDF、OFD、Word 或扫描图片；没有上传的，在授权列表中标明"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service_body"].suggest()  # type: ignore[attr-defined]


class InterestRow(forms.Form):
    """One declared relation; an empty row declares nothing."""

    body_name = forms.CharField(label=_("单位名称"), max_length=120)
    relation = forms.ChoiceField(label=_("关系"), choices=[("", _("请选择")), *Interest.Relation.choices])
    until = forms.DateField(label=_("截止到"), required=False, widget=DateInput)


class Rows(BaseFormSet):
    """Rows that all may stay empty: what is left out of the declaration is no longer declared."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        return (
            super().total_form_count()
            if self.is_bound
            else min(len(self.initial or ()) + self.extra, self.max_num)
        )

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("删除")


InterestRows = formset_factory(
    InterestRow, formset=Rows, extra=2, can_delete=True, max_num=200, validate_max=True
)
FIELDS = ("body_name", "relation", "until")


class InterestsForm(forms.Form):
    """A declaration: its rows, and the sentence that they are the whole truth."""

    truthful = forms.BooleanField(label=_("以上申报真实、完整，如有变化将及时更新"))

    def __init__(self, *args: Any, interests: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = InterestRows(
            self.data if self.is_bound else None, initial=None if self.is_bound else interests, prefix="rows"
        )

    def is_valid(self) -> bool:
        return bool(self.rows.is_valid()) and super().is_valid()

    def interests(self) -> list[dict[str, Any]]:
        """The verb's rows: a body of the register where the name is registered, else the name as typed."""
        rows = [
            form.cleaned_data
            for form in self.rows
            if form.has_changed() and not form.cleaned_data.get("DELETE")
        ]
        known = queries.named(row["body_name"] for row in rows)
        return [
            {
                **(
                    {"organisation": known[row["body_name"]]}
                    if row["body_name"] in known
                    else {"body_name": row["body_name"]}
                ),
                "relation": row["relation"],
                "until": row["until"],
            }
            for row in rows
        ]

    @staticmethod
    def typed(data: Any) -> list[dict[str, Any]]:
        """What stands in a posted page, unjudged: to show it again with more rows."""
        total = data.get("rows-TOTAL_FORMS", "0")
        count = min(int(total), 200) if total.isascii() and total.isdigit() else 0
        rows = [{name: data.get(f"rows-{index}-{name}", "") for name in FIELDS} for index in range(count)]
        return [row for row in rows if any(row.values())]


class ExpertForm(forms.Form):
    """What `enrol_expert` asks; the person is named by the address of an account."""

    email = forms.EmailField(label=_("专家账号的邮箱"), help_text=_("专家须先有账号：由其所在单位添加人员"))
    code = forms.CharField(label=_("专家代码"), max_length=12, help_text=_("公开场合只显示代码，如 E-001"))
    employer = OrganisationField(label=_("工作单位"), required=False)
    title = forms.CharField(label=_("职称"), max_length=40, required=False)
    fields_of_work = forms.MultipleChoiceField(
        label=_("专业领域"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].suggest()  # type: ignore[attr-defined]
        self.fields["fields_of_work"].choices = [(key, sector.title) for key, sector in sectors().items()]  # type: ignore[attr-defined]

    def clean_email(self) -> User:
        address = self.cleaned_data["email"]
        user = User.objects.filter(email__iexact=address).select_related("expert").first()
        if user is None:
            raise forms.ValidationError(gettext("没有邮箱为 %s 的账号，请先由其单位添加人员") % address)
        if hasattr(user, "expert"):
            raise forms.ValidationError(
                gettext("%(name)s 已在专家库中，代码 %(code)s") % {"name": user, "code": user.expert.code}
            )
        return user

    def clean_code(self) -> str:
        from qingyuan.people.models import Expert

        code: str = self.cleaned_data["code"].strip()
        if Expert.objects.filter(code=code).exists():
            raise forms.ValidationError(gettext("代码 %s 已被使用") % code)
        return code


class OutboxFilter(forms.Form):
    stage = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *Mail.Stage.choices]
    )
    text = forms.CharField(label=_("主题或收件人"), required=False, max_length=60)


class TokenForm(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("写明由哪个程序使用，便于日后吊销"))
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=TOKEN_MAX_DAYS, initial=90)


def today() -> date:
    return clock.local(clock.now()).date()
