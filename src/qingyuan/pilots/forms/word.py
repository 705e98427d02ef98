"""A plan that was written in Word."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy

from qingyuan.kernel.gate.forms import OversizeAware, UploadField
from qingyuan.ui.forms import SizedFileInput

DOCX = frozenset({"docx"})


class PlanFileForm(OversizeAware):
    """The filled-in outline, or any plan with the outline's headings."""

    file = UploadField(
        label=gettext_lazy("实施方案（Word）"),
        allow=DOCX,
        widget=SizedFileInput(max_bytes=settings.QINGYUAN_UPLOAD_MAX_BYTES, accept=".docx"),
        help_text=gettext_lazy(
            "Word 文档（.docx），Word、WPS、LibreOffice 另存的都可以；先逐章对比，确认后才带入"
        ),
    )
