"""One verb, one page: what it does, who may, what it sends to whom, its form, and a refusal that loses nothing.

Wrap it in a guard like any other view:

    path("<uuid:pilot>/submit/", sees(Pilot, by=can_see_pilot, arg="pilot")(SubmitPage.as_view()))
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View

from qingyuan.kernel.actions import Verb
from qingyuan.kernel.errors import NotFound, Problem, Refused
from qingyuan.kernel.models import IdempotencyKey
from qingyuan.kernel.permission import Verdict, judge

Text = str | Promise


class VerbPage(View):
    """Set `verb`, usually `form_class` and `explain`; override the `get_…` methods where the verb needs more.

    GET shows the page; POST runs the verb and redirects to `get_success_url`. A refusal gives the same page again,
    with the refusal's status, everything typed, and each problem beside the field that its `where` names.
    """

    verb: ClassVar[Verb[Any]]
    form_class: ClassVar[type[forms.BaseForm] | None] = None
    template_name = "ui/verb.html"
    partial_template_name = "ui/parts/verb.html"
    page_template = "ui/page.html"
    object_arg = ""
    """The route's argument that holds the object; empty: the model's name."""
    title: Text = ""
    explain: Text = ""
    """What this step does and what follows from it, for the person who is about to do it."""
    statement: Text = ""
    """The sentence right above the button: what pressing it declares."""
    button: Text = ""
    confirm: Text = ""
    danger = False
    done: Text = ""
    """Said on the next page after success."""
    check_revision = True
    """Refuse (409) when somebody changed the object after this page was rendered."""
    cancel_url = ""

    # --- what subclasses override

    def get_object(self) -> Any:
        if self.verb.on is None:
            return None
        return self.kwargs[self.object_arg or self.verb.on._meta.model_name]

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Further arguments for the form's constructor."""
        return {}

    def get_kwargs(self, form: Any) -> dict[str, Any]:
        """The verb's arguments from the valid form. Files go through the gate here, before the transaction."""
        return dict(form.cleaned_data) if form is not None else {}

    def get_mails(self) -> Sequence[Any]:
        """The mails to show before the act; override when the verb needs arguments to say them."""
        return self.verb.preview(self.object, by=self.request.user)

    def get_success_url(self, result: Any) -> str:
        target = result if hasattr(result, "get_absolute_url") else self.object
        return str(target.get_absolute_url())

    def get_cancel_url(self) -> str:
        return str(self.cancel_url or getattr(self.object, "get_absolute_url", str)())

    def get_object_url(self) -> str:
        """Where the object has its own page; empty where it has none."""
        return str(getattr(self.object, "get_absolute_url", str)())

    def get_context(self) -> dict[str, Any]:
        """More for the template."""
        return {}

    # --- the page

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = self.get_object()

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        verdict = self.verb.allowed(request.user, self.object)
        status = HTTPStatus.OK if verdict else self._status_of_no(request)
        return self.render(self.get_form() if verdict else None, verdict=verdict, status=status)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        key = request.POST.get("key", "")[:80]
        verdict = self.verb.allowed(request.user, self.object)
        if not verdict and not self._was_done(key):
            # Before the gate: a person who may not act does not get files through it either. The form is shown
            # with what was typed, but without its button.
            return self.render(self.get_form(), verdict=verdict, status=self._status_of_no(request))
        form = self.get_form()
        if form is not None and not form.is_valid():
            return self.render(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            result = self.verb(
                *([self.object] if self.verb.on is not None else []),
                by=request.user,
                key=key or None,
                expect=self._expected(request),
                **self.get_kwargs(form),
            )
        except Refused as refusal:
            return self._refused(form, refusal)
        return self.succeeded(result)

    def succeeded(self, result: Any) -> HttpResponse:
        if self.done:
            messages.success(self.request, str(self.done))
        url = self.get_success_url(result)
        if getattr(self.request, "htmx", False):
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)

    def get_form(self) -> Any:
        if self.form_class is None:
            return None
        arguments: dict[str, Any] = {"initial": self.get_initial(), **self.get_form_kwargs()}
        if self.request.method == "POST":
            arguments |= {"data": self.request.POST, "files": self.request.FILES}
        return self.form_class(**arguments)

    def render(
        self,
        form: Any,
        *,
        verdict: Verdict | None = None,
        status: int = HTTPStatus.OK,
        refusal: Refused | None = None,
        problems: Sequence[Problem] = (),
    ) -> HttpResponse:
        verdict = Verdict(ok=True) if verdict is None else verdict
        title = self.title or self.verb.title
        context = {
            "view": self,
            "verb": self.verb,
            "object": self.object,
            "object_url": self.get_object_url(),
            "page_template": self.page_template,
            "title": title,
            "explain": self.explain,
            "clauses": self.verb.clauses,
            "statement": self.statement,
            "button": self.button or title,
            "confirm": self.confirm,
            "danger": self.danger,
            "cancel_url": self.get_cancel_url(),
            "verdict": verdict,
            "form": form,
            "mails": self.get_mails() if verdict.ok else (),
            "key": uuid.uuid4().hex,
            "revision": getattr(self.object, "revision", None) if self.check_revision else None,
            "refusal": refusal,
            "problems": problems,
            "files_lost": bool(form is not None and form.is_bound and self.request.FILES),
            **self.get_context(),
        }
        template = self.partial_template_name if getattr(self.request, "htmx", False) else self.template_name
        return TemplateResponse(self.request, template, context, status=int(status))

    # --- how a refusal is shown

    def _refused(self, form: Any, refusal: Refused) -> HttpResponse:
        if isinstance(refusal, NotFound):
            raise Http404 from refusal
        if self.object is not None:
            self.object.refresh_from_db()
        verdict = self.verb.allowed(self.request.user, self.object)
        elsewhere = [problem for problem in refusal.problems if not self._beside_field(form, problem)]
        if len(elsewhere) == 1 and elsewhere[0].message == refusal.reason and not elsewhere[0].url:
            elsewhere = []
        shown = refusal if elsewhere or form is None or not form.errors else None
        if not verdict.ok and elsewhere and {one.message for one in elsewhere} <= set(verdict.reasons):
            shown, elsewhere = None, []  # the verdict on the page already says it
        return self.render(form, verdict=verdict, status=refusal.status, refusal=shown, problems=elsewhere)

    def _beside_field(self, form: Any, problem: Problem) -> bool:
        if form is None or problem.where not in form.fields:
            return False
        text = problem.message
        if problem.expected:
            text += _("；应为：%(expected)s") % {"expected": problem.expected}
        if problem.mend:
            text += _("；改正办法：%(mend)s") % {"mend": problem.mend}
        form.add_error(problem.where, text)
        return True

    def _status_of_no(self, request: HttpRequest) -> int:
        """403 when the person has no right; 409 when only the object's stage stands in the way."""
        has_right = judge(self.verb.may, request.user, self.object)
        return HTTPStatus.CONFLICT if has_right else HTTPStatus.FORBIDDEN

    def _was_done(self, key: str) -> bool:
        """Did this very click already succeed? Then the verb answers it with its first result."""
        user_id = self.request.user.pk
        if not key or user_id is None:
            return False
        return IdempotencyKey.objects.filter(user_id=user_id, verb=self.verb.name, key=key).exists()

    def _expected(self, request: HttpRequest) -> int | None:
        value = request.POST.get("revision", "")
        return int(value) if self.check_revision and value.isascii() and value.isdigit() else None
