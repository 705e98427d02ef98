"""The list of operations as a page (no script, nothing from elsewhere), and the answer to unknown addresses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from qingyuan.api.app import api
from qingyuan.kernel.errors import NotFound


def operations(request: HttpRequest) -> HttpResponse:
    """Made from the same OpenAPI document that programs read."""
    schema: dict[str, Any] = dict(api.get_openapi_schema())
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            line = {
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
                "description": operation.get("description", ""),
                "public": "security" not in operation,
                "parameters": [
                    parameter for parameter in operation["parameters"] if parameter["in"] != "path"
                ],
            }
            groups.setdefault(operation.get("tags", [""])[0], []).append(line)
    context = {
        "title": schema["info"]["title"],
        "description": schema["info"]["description"],
        "groups": groups.items(),
    }
    return TemplateResponse(request, "api/operations.html", context)


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Programs get the same shape of refusal here as everywhere else."""
    del request, rest
    refusal = NotFound(_("没有这个接口；全部接口见 /api/v1/"))
    return JsonResponse(refusal.as_json(), status=refusal.status)
