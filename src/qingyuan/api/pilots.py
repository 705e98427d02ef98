"""Reads of pilots: whose working papers the token's owner may see, and everything in them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Router

from qingyuan.api import shapes
from qingyuan.api.problems import answers
from qingyuan.api.reading import Page, Slice, page
from qingyuan.api.verbs import Exposed, Found
from qingyuan.kernel import checks
from qingyuan.kernel.actions import verbs
from qingyuan.pilots import eligibility, rules, snapshot
from qingyuan.pilots.checks import package_size
from qingyuan.pilots.models import Chapter, ChapterRemark, Pilot, Target

router = Router(tags=["试点"])
RELATED = ("applicant", "call")
found = Found(Pilot, rules.can_see_pilot, "pilot", RELATED)
PilotId = Annotated[UUID, Path(..., description="试点的编号（UUID）")]
Outline = Annotated[str, Path(..., pattern="^[A-Za-z0-9._-]{1,60}$", description="大纲中一章的编号")]


class PilotFilters(Slice):
    """Which pilots: of a call, in a stage."""

    call: UUID | None = None
    stage: str = ""


def line(pilot: Pilot) -> dict[str, Any]:
    return {
        "id": pilot.pk,
        "revision": pilot.revision,
        "name": pilot.name,
        "stage": pilot.stage,
        "stage_title": pilot.get_stage_display(),
        "applicant": {"id": pilot.applicant_id, "name": pilot.applicant.name},
        "category": {"id": pilot.category_id, "title": pilot.category.title},
        "call": pilot.call_id,
        "call_title": pilot.call.title,
        "closes_at": pilot.call.closes_at,
        "created_at": pilot.created_at,
    }


def detail(pilot: Pilot, user: Any) -> dict[str, Any]:
    return {
        **line(pilot),
        "object_form": pilot.object_form,
        "object_name": pilot.object_name,
        "region_code": pilot.region_code,
        "sectors": pilot.sectors,
        "pollutants": pilot.pollutants,
        "no_state_secrets": pilot.no_state_secrets,
        "content_sha256": pilot.content_sha256,
        "package_bytes": package_size(pilot),
        "verbs": [
            _verb(verb, pilot, user)
            for verb in verbs().values()
            if verb.on is Pilot and verb.name in Exposed.operations
        ],
    }


def _verb(verb: Any, pilot: Pilot, user: Any) -> dict[str, Any]:
    verdict = verb.allowed(user, pilot)
    method, path = Exposed.operations[verb.name]
    return {
        "name": verb.name,
        "title": str(verb.title),
        "allowed": verdict.ok,
        "reasons": [str(reason) for reason in verdict.reasons],
        "path": f"{method} /pilots{path.replace('{pilot}', str(pilot.pk))}",
    }


def again(pilot: Pilot) -> Pilot:
    """The pilot as it stands after a verb, with what `detail` shows of its neighbours."""
    return Pilot.objects.select_related(*RELATED).get(pk=pilot.pk)


def after(pilot: Pilot, request: HttpRequest) -> dict[str, Any]:
    return detail(again(pilot), request.user)


@router.get("", response=answers(Page[shapes.PilotLine]), operation_id="pilots_list", summary="我的试点")
def pilots(request: HttpRequest, asked: Query[PilotFilters]) -> Any:
    """本人所在单位的，以及授权本人所在机构的申报单位的试点。"""
    rows = (
        Pilot.objects.filter(rules.visible_pilots(request.user))
        .select_related(*RELATED)
        .order_by("-created_at", "pk")
    )
    if asked.call:
        rows = rows.filter(call=asked.call)
    if asked.stage:
        rows = rows.filter(stage=asked.stage)
    return page(rows, asked, line)


@router.get(
    "/{pilot}", response=answers(shapes.PilotDetail), operation_id="pilots_detail", summary="一个试点"
)
def pilot(request: HttpRequest, response: HttpResponse, pilot: PilotId) -> Any:
    """概况、状态和现在可以做的操作。响应头 ETag 是版本号，可用于 If-Match。"""
    one = found(request, pilot)
    response["ETag"] = f'"{one.revision}"'
    return detail(one, request.user)


@router.get(
    "/{pilot}/eligibility",
    response=answers(list[shapes.ConditionOut]),
    operation_id="pilots_eligibility",
    summary="申报条件及判断",
)
def conditions(request: HttpRequest, pilot: PilotId) -> Any:
    """逐条的问题、已有的回答、佐证材料数和即时判断。"""
    return [_condition(judged) for judged in eligibility.judge_all(found(request, pilot))]


def _condition(judged: eligibility.Judged) -> dict[str, Any]:
    return {
        "id": judged.condition.id,
        "clause": judged.condition.clause,
        "title": judged.condition.title,
        "wording": judged.condition.wording or "",
        "state": judged.verdict.state,
        "reasons": list(judged.verdict.reasons),
        "questions": [
            {
                "id": question.id,
                "kind": question.kind,
                "label": question.label,
                "help": question.help,
                "required": question.required,
                "unit": question.unit,
                "options": [{"value": option.value, "label": option.label} for option in question.options],
                "evidence": question.evidence.need if question.evidence else "",
                "files": len(judged.files.get(question.id, ())),
                "answer": judged.answers.get(question.id),
            }
            for question in judged.questions
        ],
    }


@router.get(
    "/{pilot}/findings",
    response=answers(list[shapes.FindingOut]),
    operation_id="pilots_findings",
    summary="提交前自查",
)
def findings(request: HttpRequest, pilot: PilotId) -> Any:
    """还缺什么、哪里不对、怎么改；error 会阻止送审或提交，warning 请核对，info 供参考。"""
    one = found(request, pilot)
    return [asdict(finding) for finding in [*checks.run("pilot", one), *checks.run("pilot.submit", one)]]


@router.get(
    "/{pilot}/chapters",
    response=answers(list[shapes.ChapterLine]),
    operation_id="chapters_list",
    summary="方案各章",
)
def chapters(request: HttpRequest, pilot: PilotId) -> Any:
    """大纲各章及其字数、版本。"""
    one = found(request, pilot)
    texts = {chapter.outline_id: chapter for chapter in one.chapters.defer("html")}
    return [chapter_line(leaf, texts[leaf.id]) for leaf in one.notice.leaves() if leaf.id in texts]


@router.get(
    "/{pilot}/chapters/{outline_id}",
    response=answers(shapes.ChapterOut),
    operation_id="chapters_get",
    summary="一章的文字",
)
def chapter(request: HttpRequest, pilot: PilotId, outline_id: Outline) -> Any:
    """保存时带上这里的 revision。"""
    one = found(request, pilot)
    leaf = next((leaf for leaf in one.notice.leaves() if leaf.id == outline_id), None)
    text = one.chapters.filter(outline_id=outline_id).first()
    if leaf is None or text is None:
        raise Http404
    return {**chapter_line(leaf, text), "html": text.html}


def chapter_line(leaf: Any, text: Chapter) -> dict[str, Any]:
    return {
        "id": leaf.id,
        "number": leaf.number,
        "title": leaf.title,
        "words": text.words,
        "revision": text.revision,
        "updated_at": text.updated_at,
    }


@router.get(
    "/{pilot}/remarks",
    response=answers(list[shapes.ChapterRemarkOut]),
    operation_id="chapter_remarks",
    summary="章节意见",
)
def remarks(request: HttpRequest, pilot: PilotId) -> Any:
    """审核人、签发人对各章的意见，处理过的也在内。"""
    rows = ChapterRemark.objects.filter(chapter__pilot=found(request, pilot)).select_related("chapter")
    return [remark_line(remark) for remark in rows.defer("chapter__html").prefetch_related("replies")]


def remark_line(remark: ChapterRemark, _request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "id": remark.pk,
        "chapter": remark.chapter.outline_id,
        "text": remark.text,
        "at": remark.at,
        "resolved_at": remark.resolved_at,
        "from_receiver": remark.request_id is not None,
        "replies": [{"text": reply.text, "at": reply.at} for reply in remark.replies.all()],
    }


@router.get(
    "/{pilot}/scope", response=answers(Page[shapes.ScopeOut]), operation_id="scope_get", summary="试点范围"
)
def scope(request: HttpRequest, pilot: PilotId, part: Query[Slice]) -> Any:
    """范围内企业。"""
    rows = found(request, pilot).scope.select_related("enterprise").order_by("pk")
    return page(
        rows,
        part,
        lambda entry: {
            "id": entry.pk,
            "name": entry.stated_name,
            "credit_code": entry.enterprise.credit_code,
            "sector": entry.sector,
            "note": entry.note,
            "sector_code": entry.sector_code,
            "size": entry.size,
            "permit": entry.permit,
            "last_audit": entry.last_audit,
            "pollutants": entry.pollutants,
            "prefecture": entry.prefecture,
            "county": entry.county,
        },
    )


@router.get(
    "/{pilot}/targets",
    response=answers(list[shapes.TargetOut]),
    operation_id="targets_get",
    summary="试点目标",
)
def targets(request: HttpRequest, pilot: PilotId) -> Any:
    """目标表。"""
    return [target_line(target) for target in found(request, pilot).targets.all()]


def target_line(target: Target) -> dict[str, Any]:
    line = snapshot.target_line(target)
    return {**line, "measure_id": line.pop("measure")}
