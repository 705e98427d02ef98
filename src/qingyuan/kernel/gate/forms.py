"""The form field of the gate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from qingyuan.kernel.gate.inspect import RefusedContent, inspect
from qingyuan.kernel.gate.names import clean_name
from qingyuan.kernel.gate.receive import allowed_kinds, too_large

EXTENSIONS = {"jpg": ".jpg,.jpeg", "geojson": ".geojson,.json"}


class UploadField(forms.FileField):
    """A file judged by its content; its problems stand beside the field like those of any other."""

    def __init__(self, *, allow: frozenset[str] = allowed_kinds, **kwargs: Any) -> None:
        self.allow = allow
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        accept = ",".join(EXTENSIONS.get(kind, f".{kind}") for kind in sorted(self.allow))
        return {**super().widget_attrs(widget), "accept": accept}

    def to_python(self, data: Any) -> Any:
        file: Any = super().to_python(data)
        if file is None:
            return None
        file.seek(0)
        try:
            file.inspection = inspect(file.file, name=clean_name(file.name), allow=self.allow)
        except RefusedContent as error:
            raise forms.ValidationError(
                f"“{clean_name(file.name)}”：{error.reason}", code=error.code
            ) from error
        file.seek(0)
        return file


class OversizeAware(forms.Form):
    """A form that says so when the streaming handler gave up on a file that was too large."""

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        names = getattr(self.request, "oversized_files", [])
        for name in names:
            field = next((key for key, value in self.fields.items() if isinstance(value, UploadField)), None)
            if field:
                self.errors.pop(field, None)
            self.add_error(field, too_large(clean_name(name) if name else _("（未读取）")).reason)
        return cleaned
