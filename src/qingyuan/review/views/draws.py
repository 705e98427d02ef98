"""Draws for those who organise and watch them; the public pages stand in `public_draws`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.kernel import draws
from qingyuan.kernel.errors import WrongStage
from qingyuan.review import actions
from qingyuan.review.forms import draws as forms
from qingyuan.review.models import Draw, Round
from qingyuan.review.queries import draws as queries
from qingyuan.review.queries.drawable import drawable
from qingyuan.review.views.frame import RoundVerbPage
from qingyuan.ui.verbpage import VerbPage

TONES = {"announced": "warn", "committed": "info", "revealed": "warn", "drawn": "good", "void": "bad"}


def listing(request: HttpRequest, **kwargs: Round) -> HttpResponse:
    """All draws of a round."""
    round_ = kwargs["round"]
    context = {
        "round": round_,
        "rows": [(draw, TONES[draw.stage]) for draw in queries.draws_of(round_)],
        "may_announce": actions.announce_draw.allowed(request.user, round_).ok,
    }
    return TemplateResponse(request, "review/draw/list.html", context)


def page(request: HttpRequest, draw: Draw) -> HttpResponse:
    """One draw: its terms, its steps, what can be done now, and, once drawn, the result."""
    user = request.user
    is_drawn = draw.stage == Draw.Stage.DRAWN
    context = {
        "draw": draw,
        "round": draw.round,
        "tone": TONES[draw.stage],
        "steps": steps(draw),
        "links": [
            (title, reverse(name, args=[draw.pk]), primary)
            for verb, title, name, primary in (
                (actions.supervise, _("监督人员签到"), "review:draw-supervise", draw.supervised_at is None),
                (actions.commit_second, _("会签单位承诺"), "review:draw-commit", True),
                (actions.reveal_public, _("揭示公开值"), "review:draw-public-value", True),
                (actions.reveal, _("揭示密钥并抽取"), "review:draw-reveal", True),
                (actions.plan_drawn, _("安排现场调查"), "review:plan-drawn", draw.kind == Draw.Kind.SITES),
                (actions.void_draw, _("作废"), "review:draw-void", False),
            )
            if verb.allowed(user, draw).ok
            and not (verb is actions.supervise and draw.supervised_at)
            and not (verb is actions.plan_drawn and draw.kind != Draw.Kind.SITES)
        ],
        "result": queries.result_rows(draw) if is_drawn else [],
        "may_invite": is_drawn
        and draw.kind == Draw.Kind.EXPERTS
        and actions.invite_experts.allowed(user, draw.round).ok,
        "report": draws.verify(queries.record(draw)) if is_drawn else None,
        "in_joint_body": draw.supervisor_id != user.pk or bool(user.standing.organisation_ids),
    }
    return TemplateResponse(request, "review/draw/page.html", context)


def steps(draw: Draw) -> list[dict[str, Any]]:
    """The acts of the draw with their time and their place in the ledger; who acted is said by body only."""
    found = queries.entries(draw)
    second = _("会签单位承诺") if draw.has_second else ""
    titles = {
        "announced": _("公告候选名单和条件，主办单位承诺"),
        "committed": second,
        "supervised": _("监督人员签到（%(body)s，%(role)s）")
        % {"body": draw.supervisor_body, "role": draw.supervisor_role},
        "public_value": _("揭示公开值"),
        "drawn": _("主办单位揭示密钥，算出结果"),
    }
    return [
        {"title": title, "entry": found.get(name), "hash": found[name].hash if name in found else ""}
        for name, title in titles.items()
        if title
    ]


def record(_request: HttpRequest, draw: Draw) -> HttpResponse:
    """The record, for those who may see it before everybody does."""
    if draw.stage != Draw.Stage.DRAWN:
        raise WrongStage(_("尚未抽取，没有抽取记录"))
    return record_response(draw)


def record_response(draw: Draw) -> JsonResponse:
    response = JsonResponse(queries.record(draw), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="draw-{draw.pk}.json"'
    return response


class AnnouncePage(RoundVerbPage):
    """Fix the terms of a draw and commit to a secret."""

    verb = actions.announce_draw
    form_class = forms.AnnounceForm
    template_name = "review/draw/announce.html"
    kind = Draw.Kind.SITES
    check_revision = False
    done = gettext_lazy("已公告，承诺已记入台账")
    explain = gettext_lazy("名单、条件和承诺一经公告就不能更改。在评审结果公布之前，台账里只有它们的哈希。")

    def get_initial(self) -> dict[str, Any]:
        return {**forms.fresh_announcement(), "case": self.request.GET.get("case", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"kind": self.kind, "round_": self.object}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        return dict(form.arguments())

    def get_success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())

    def get_cancel_url(self) -> str:
        return reverse("review:draws", args=[self.object.pk])

    def get_context(self) -> dict[str, Any]:
        return {
            **super().get_context(),
            "title": Draw.Kind(self.kind).label,
            **self._candidates(),
        }

    def _candidates(self) -> dict[str, Any]:
        """Who could be drawn now, for the case that is chosen."""
        if self.kind == Draw.Kind.SITES:
            return {"candidates": queries.candidates(self.object, self.kind, strata=queries.PLACE)}
        asked = self.request.POST.get("case") or self.request.GET.get("case")
        case = next((one for one in queries.drawn_for(self.object) if str(one.pk) == asked), None)
        found = drawable(self.object, case)
        return {
            "candidates": queries.of_experts(found.experts, strata=queries.PLACE),
            "barred": found.barred,
            "chosen": case,
        }


class _DrawPage(VerbPage):
    object_arg = "draw"
    object: Draw

    def get_context(self) -> dict[str, Any]:
        return {"object_url": self.object.get_absolute_url()}

    def get_success_url(self, result: Any) -> str:
        del result
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class CommitPage(_DrawPage):
    verb = actions.commit_second
    form_class = forms.CommitForm
    done = gettext_lazy("承诺已记入台账")

    def get_initial(self) -> dict[str, Any]:
        return {"secret": forms.fresh_secret()}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        secret = form.cleaned_data["secret"]
        return {"commitment": draws.commitment(draw=str(self.object.pk), role=draws.SECOND, secret=secret)}


class SupervisePage(_DrawPage):
    verb = actions.supervise
    statement = gettext_lazy("我已核对候选名单、排除及理由和抽取办法，在场监督本次抽取。")
    check_revision = False
    done = gettext_lazy("已签到")


class PublicValuePage(_DrawPage):
    verb = actions.reveal_public
    done = gettext_lazy("公开值已揭示")

    def get_form(self) -> Any:
        form_class = forms.SecondSecretForm if self.object.has_second else forms.ValueForm
        return form_class(self.request.POST if self.request.method == "POST" else None)

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "explain": self.object.terms["public_value"]["source"]}


class RevealPage(_DrawPage):
    verb = actions.reveal
    form_class = forms.RevealForm
    done = gettext_lazy("已抽取")


class VoidPage(_DrawPage):
    verb = actions.void_draw
    form_class = forms.VoidForm
    danger = True
    done = gettext_lazy("已作废，记录保留")
