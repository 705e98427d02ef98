"""Files of the application that are no evidence for a condition."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.pilots.models import Attachment
from qingyuan.ui.forms import SizedFileInput


class AttachForm(OversizeAware):
    """The stamped page, or anything else that belongs to the plan."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("用途"),
        widget=forms.RadioSelect,
        choices=[
            (Attachment.Purpose.SEAL.value, Attachment.Purpose.SEAL.label),
            (Attachment.Purpose.OTHER.value, Attachment.Purpose.OTHER.label),
        ],
    )
    title = forms.CharField(
        label=gettext_lazy("标题"), required=False, max_length=120, help_text=gettext_lazy("不填则用文件名")
    )
    file = UploadField(
        label=gettext_lazy("文件"),
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES),
        help_text=gettext_lazy("Word、Excel、PDF、OFD、PNG、JPG、GeoJSON；按内容查验，不看扩展名"),
    )
