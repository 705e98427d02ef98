"""The look of forms: one renderer for all of them, and the widgets that need a little more than HTML has."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Media, Script

_CHECKS = {"checkbox", "radio"}
_BARE = {"hidden", "submit", "button"}


class QingyuanRenderer(TemplatesSetting):
    """Renders forms, fields and widgets with our templates; every widget gets its class here, in one place."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if isinstance(context.get("widget"), dict):
            dress(context["widget"])
        return super().render(template_name, context, request)


def dress(widget: dict[str, Any]) -> None:
    """Give a widget (and the parts of a compound one) the class that the style sheet knows."""
    for part in widget.get("subwidgets") or ():
        dress(part)
    if "optgroups" in widget:
        is_list = widget["template_name"].endswith("/select.html")
        for _group, options, _index in widget["optgroups"]:
            for option in options:
                if not is_list:
                    _add_class(option, "form-check-input")
        if is_list:
            _add_class(widget, "form-select")
        return
    if "subwidgets" in widget:
        return
    kind = widget.get("type", "")
    if kind not in _BARE:
        _add_class(widget, "form-check-input" if kind in _CHECKS else "form-control")


def _add_class(widget: dict[str, Any], name: str) -> None:
    attributes = widget["attrs"]
    present = attributes.get("class", "").split()
    if name not in present:
        # A copy: the dictionary may be the widget's own, which outlives this rendering.
        widget["attrs"] = {**attributes, "class": " ".join([name, *present])}


class RichTextarea(forms.Textarea):
    """A plan chapter: a textarea that posts without scripts and becomes an editor with them.

    Put `{{ form.media }}` into the page's block `head`. The server decides what may stand in the text.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-rich-text": True, "rows": 14, **(attrs or {})})

    @property
    def media(self) -> Media:
        return Media(css={"all": ["ui/dist/editor.css"]}, js=[Script("ui/dist/editor.js", defer=True)])  # type: ignore[list-item]


class SizedFileInput(forms.FileInput):
    """A file field that says at once, before anything travels, that a file is too large."""

    def __init__(self, *, max_bytes: int, accept: str = "", attrs: dict[str, Any] | None = None) -> None:
        own: dict[str, Any] = {"data-max-bytes": max_bytes}
        if accept:
            own["accept"] = accept
        super().__init__({**own, **(attrs or {})})


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class InstantInput(forms.DateTimeInput):
    """Date and time to the minute, as people in Asia/Shanghai read it."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
