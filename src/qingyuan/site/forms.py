"""Forms of the public pages."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qingyuan.ui.forms import SizedFileInput

MAX_RECEIPT_BYTES = 2 * 1024 * 1024
"""A receipt grows by 67 bytes for each entry behind it: some 30,000 acts."""


class ReceiptForm(forms.Form):
    """A receipt, pasted or as its file, and the head to hold it against."""

    receipt = forms.CharField(
        label=_("回执内容（JSON）"),
        required=False,
        max_length=MAX_RECEIPT_BYTES,
        strip=True,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "class": "q-mono"}),
    )
    file = forms.FileField(
        label=_("或选择回执文件"),
        required=False,
        allow_empty_file=True,
        help_text=_("申报单位从申报页下载的 .json 文件，不超过 2 MB"),
        widget=SizedFileInput(max_bytes=MAX_RECEIPT_BYTES, accept=".json,application/json"),
    )
    head = forms.RegexField(
        label=_("链头"),
        regex=r"^[0-9A-Fa-f]{64}$",
        required=False,
        strip=True,
        help_text=_("您从公布处抄得的 64 位十六进制数；不填则按本平台公布的同号链头核对"),
        error_messages={"invalid": _("链头是 64 位十六进制数（0-9、a-f）")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "q-mono"}),
    )

    def clean(self) -> dict[str, Any]:
        """Adds `document`, the parsed receipt."""
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("receipt", "")
        if file is not None:
            if file.size > MAX_RECEIPT_BYTES:
                raise ValidationError({"file": _("文件超过 2 MB，不是本平台的回执")})
            try:
                text = file.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise ValidationError({"file": _("文件不是 UTF-8 编码的文字，不是本平台的回执")}) from error
        if not text:
            raise ValidationError({"receipt": _("请粘贴回执内容，或选择回执文件")})
        try:
            cleaned["document"] = json.loads(text)
        except RecursionError as error:
            raise ValidationError({"receipt": _("这不是一份回执：嵌套过深")}) from error
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise ValidationError(
                {"receipt": _("第 %(line)d 行第 %(column)d 列不是合格的 JSON，请整份复制，不要改动") % place}
            ) from error
        except ValueError as error:
            raise ValidationError({"receipt": _("这不是一份回执")}) from error
        return cleaned
