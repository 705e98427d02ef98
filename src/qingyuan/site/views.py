"""Public pages and the homes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views import View

from qingyuan.calls.notices import notice_text
from qingyuan.kernel import ledger, throttle, todos
from qingyuan.site import advice, clause_table, queries, receipts
from qingyuan.site.forms import ReceiptForm
from qingyuan.site.notice_text import paragraphs

CHECKS_A_MINUTE = 20


def home(request: HttpRequest) -> HttpResponse:
    """The landing page; for a signed-in person, what waits for them."""
    calls = queries.open_calls()
    if not request.user.is_authenticated:
        return TemplateResponse(request, "site/landing.html", {"calls": calls})
    waiting = todos.of(request.user)
    hint = advice.what_next(request.user, calls)
    context = {
        "todos": waiting,
        "bodies": queries.my_bodies(request.user),
        "calls": calls,
        "advice": hint,
        "is_new_advice": bool(hint.url) and hint.url not in {todo.url for todo in waiting},
    }
    return TemplateResponse(request, "site/home.html", context)


def closed(_request: HttpRequest) -> HttpResponse:
    """A page of the sign-in library that this house does not offer."""
    raise Http404


def notices(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "site/notices.html", {"notices": queries.published_notices()})


def notice(request: HttpRequest, notice: str) -> HttpResponse:
    found = queries.published_notice(notice)
    if found is None:
        raise Http404
    text = notice_text(found.notice)
    context = {
        "notice": found.notice,
        "call": found.call,
        "paragraphs": paragraphs(text, found.notice) if text else [],
    }
    return TemplateResponse(request, "site/notice.html", context)


def clauses(request: HttpRequest) -> HttpResponse:
    rows = clause_table.rows()
    context = {"rows": rows, "done": sum(row.done for row in rows)}
    return TemplateResponse(request, "site/clauses.html", context)


def ledger_heads(request: HttpRequest) -> HttpResponse:
    context = {"head": ledger.head(), "heads": queries.daily_heads()}
    return TemplateResponse(request, "site/ledger.html", context)


class LedgerCheck(View):
    """Anybody checks a receipt, without an account: against the head they copied, or the one published here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        head = request.GET.get("head", "")[:64]
        return self._answer(request, ReceiptForm(initial={"head": head}))

    def post(self, request: HttpRequest) -> HttpResponse:
        if throttle.too_many(request, what="ledger-check", limit=CHECKS_A_MINUTE):
            form = ReceiptForm(initial={"head": request.POST.get("head", "")[:64]})
            return self._answer(request, form, status=HTTPStatus.TOO_MANY_REQUESTS, too_many=True)
        form = ReceiptForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._answer(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        result = receipts.judge(form.cleaned_data["document"], stated_head=form.cleaned_data["head"])
        return self._answer(request, form, result=result)

    def _answer(
        self, request: HttpRequest, form: ReceiptForm, *, status: int = HTTPStatus.OK, **context: Any
    ) -> HttpResponse:
        return TemplateResponse(request, "site/ledger_check.html", {"form": form, **context}, status=status)


def health(request: HttpRequest) -> HttpResponse:
    """For load balancers: 200 while the database answers."""
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"status": "ok"})
