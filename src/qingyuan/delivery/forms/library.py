"""Forms of the case library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.delivery import facts, library
from qingyuan.delivery.models.library import TEXTS, Practice

QUOTE = [("", _("不引用")), ("public", _("引用，公开")), ("secret", _("引用，商业秘密不公开"))]
FACT, SECRET = "fact-", "secret_"


def _longest(name: str) -> int | None:
    field: Any = Practice._meta.get_field(name)
    return field.max_length  # type: ignore[no-any-return]


class PracticeForm(forms.Form):
    """One case. Figures are chosen, never typed; what is secret says why."""

    title = forms.CharField(label=_("案例名称"), max_length=_longest("title"))
    sectors = forms.MultipleChoiceField(label=_("行业"), required=False, widget=forms.CheckboxSelectMultiple)
    pollutants = forms.MultipleChoiceField(
        label=_("污染物"), required=False, widget=forms.CheckboxSelectMultiple
    )
    measures = forms.MultipleChoiceField(label=_("措施"), required=False, widget=forms.CheckboxSelectMultiple)
    office = forms.CharField(
        label=_("联系科室"),
        required=False,
        max_length=_longest("office"),
        help_text=_("公开的是单位和科室，不写个人姓名"),
    )
    phone = forms.CharField(
        label=_("单位固定电话"), required=False, max_length=_longest("phone"), help_text=_("不填个人手机号")
    )

    def __init__(self, *args: Any, known: Mapping[str, facts.Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in library.LISTS:
            field: Any = self.fields[name]
            field.choices = list(library.words(name).items())
        for name, title in TEXTS.items():
            self.fields[name] = forms.CharField(
                label=title,
                required=False,
                max_length=_longest(name),
                widget=forms.Textarea(attrs={"rows": 6}),
            )
            self.fields[SECRET + name] = forms.CharField(
                label=_("“%s”列为商业秘密的理由") % title,
                required=False,
                max_length=library.LONGEST_SECRET_REASON,
                help_text=_("填写即整段不公开；留空即公开"),
            )
        for fact in known.values():
            if not fact.value:
                continue
            self.fields[FACT + fact.name] = forms.ChoiceField(
                label=f"{fact.label}：{fact.shown}", required=False, choices=QUOTE, help_text=fact.source
            )
        self.fields["fact_secret"] = forms.CharField(
            label=_("数据列为商业秘密的理由"), required=False, max_length=library.LONGEST_SECRET_REASON
        )
        self.order_fields(
            ["title", *library.LISTS]
            + [name for text in TEXTS for name in (text, SECRET + text)]
            + [name for name in self.fields if name.startswith(FACT)]
            + ["fact_secret", "office", "phone"]
        )

    def arguments(self) -> dict[str, Any]:
        """As the verb takes them."""
        clean = self.cleaned_data
        chosen = {
            name.removeprefix(FACT): value for name, value in clean.items() if name.startswith(FACT) and value
        }
        secrets = {name: clean[SECRET + name] for name in TEXTS if clean[SECRET + name]}
        secrets |= {
            f"fact:{name}": clean["fact_secret"] for name, value in chosen.items() if value == "secret"
        }
        plain = ("title", *library.LISTS, *TEXTS, "office", "phone")
        return {**{name: clean[name] for name in plain}, "quoted": list(chosen), "secrets": secrets}


def initial_of(practice: Practice) -> dict[str, Any]:
    """The form's values of a case that stands."""
    plain = ("title", *library.LISTS, *TEXTS, "office", "phone")
    secrets: dict[str, str] = practice.secrets
    return {
        **{name: getattr(practice, name) for name in plain},
        **{SECRET + name: secrets.get(name, "") for name in TEXTS},
        **{FACT + name: "secret" if f"fact:{name}" in secrets else "public" for name in practice.facts},
        "fact_secret": next((why for name, why in secrets.items() if name.startswith("fact:")), ""),
    }


class ReturnForm(forms.Form):
    remark = forms.CharField(label=_("意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class PublishForm(forms.Form):
    content_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("撤下的理由"),
        max_length=_longest("withdrawn_reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SearchForm(forms.Form):
    """The search of the public library; choices lead to a case, or are not offered."""

    words = forms.CharField(label=_("关键词"), required=False, max_length=80)
    sector = forms.ChoiceField(label=_("行业"), required=False)
    category = forms.ChoiceField(label=_("试点类别"), required=False)
    pollutant = forms.ChoiceField(label=_("污染物"), required=False)
    measure = forms.ChoiceField(label=_("措施"), required=False)
    region = forms.ChoiceField(label=_("所在地"), required=False)

    def __init__(self, *args: Any, offered: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in offered.items():
            field: Any = self.fields[name]
            field.choices = [("", _("不限")), *choices]

    def wanted(self) -> dict[str, str]:
        """What was asked; a choice that leads nowhere (an old link) is kept and finds nothing."""
        self.is_valid()
        return {name: str(self.data.get(name, ""))[:80].strip() for name in self.fields}
