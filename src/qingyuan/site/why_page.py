"""/operations/why/: for administrators, who ask instead of guessing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from qingyuan.kernel.errors import NotAllowed
from qingyuan.kernel.permission import is_operator, judge
from qingyuan.site import why


class WhyForm(forms.Form):
    person = forms.CharField(label=_("谁（邮箱、姓名或专家代码）"), required=False, max_length=254)
    object = forms.CharField(label=_("什么（编号，或试点、评审项目的名称）"), required=False, max_length=160)


def page(request: HttpRequest) -> HttpResponse:
    """One person and one object: every rule of its pages with the verdict, and where the relations come from."""
    if not (verdict := judge(is_operator, request.user)):
        raise NotAllowed(verdict.reasons)
    form = WhyForm(request.GET or None)
    form.is_valid()
    asked = form.cleaned_data if form.is_bound else {}
    people = why.people(asked.get("person", "").replace("\0", ""))
    things = why.things(asked.get("object", "").replace("\0", ""))
    context: dict[str, Any] = {
        "form": form,
        "people": people,
        "things": things,
        "asked": bool(asked.get("person") and asked.get("object")),
    }
    if len(people) == 1 and len(things) == 1:
        person, thing = people[0], things[0]
        context |= {
            "person": person,
            "thing": thing,
            "views": why.views(person, thing),
            "rights": why.rights(person, thing),
            "relations": why.relations(person),
        }
    return TemplateResponse(request, "site/why.html", context)
