"""Forms of the State's round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.review.bundles import provinces
from qingyuan.review.models import Bundle, CaseFile, Round
from qingyuan.ui.forms import SizedFileInput

XLSX = frozenset({"xlsx"})
LETTERS = frozenset({"pdf", "ofd", "docx", "jpg", "png"})
FILES = frozenset({"pdf", "ofd", "docx", "xlsx", "jpg", "png", "zip"})


class TakeInForm(forms.Form):
    source = forms.ModelChoiceField(label=_("省级评审"), queryset=Round.objects.none(), empty_label=None)

    def __init__(self, *args: Any, waiting: list[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Round.objects.filter(pk__in=[one.pk for one in waiting])
        field.choices = [(one.pk, f"{one.joint_body.name}：{one.call.title}") for one in waiting]


class BundleForm(OversizeAware):
    """The list of a province with the letter that came with it."""

    region_code = forms.ChoiceField(label=_("省份"))
    sender = forms.CharField(
        label=_("推荐单位"),
        max_length=Bundle._meta.get_field("sender").max_length,
        help_text=_("按推荐函落款，两部门以顿号分开"),
    )
    document_number = forms.CharField(
        label=_("推荐函发文字号"),
        required=False,
        max_length=Bundle._meta.get_field("document_number").max_length,
    )
    file = UploadField(
        label=_("推荐项目汇总表"),
        allow=XLSX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".xlsx"),
        help_text=_("Excel 工作簿（.xlsx），按模板填写，一行一个项目"),
    )
    letter = UploadField(
        label=_("总的推荐函"),
        allow=LETTERS,
        required=False,
        help_text=_("扫描件、OFD 或 Word；逐个项目的推荐函导入后分别上传"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "———"), *provinces()]


class CaseFileForm(OversizeAware):
    kind = forms.ChoiceField(label=_("材料"), choices=CaseFile.Kind.choices)
    upload = UploadField(
        label=_("文件"),
        allow=FILES,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES),
        help_text=_("实施方案最好是 Word（.docx），以便查看雷同"),
    )
