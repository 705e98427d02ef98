"""Random draws over HTTP: programs commit with a hash of their own making, so that no secret travels before its hour."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from qingyuan.api.problems import answers
from qingyuan.api.review_experts import rounds_router, sees_round
from qingyuan.api.shapes import Sent
from qingyuan.api.verbs import Found, expose, refuse_early
from qingyuan.kernel.actions import Invalid, Problem, WrongStage
from qingyuan.review import actions
from qingyuan.review.models import Case, Draw, Round
from qingyuan.review.queries import draws as queries
from qingyuan.review.rules import draws as rules

TAG = "随机抽取"
draws_router = Router(tags=[TAG])
Digits = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Kind = Literal["experts", "sites"]
Strata = Literal["none", "place", "group"]
MADE_OF = (
    "SHA-256，64 位小写十六进制；内容为规范 JSON "
    '{"domain":"qingyuan-draw/1/commitment","draw":抽取编号,"role":"organiser" 或 "second","secret":密钥}'
)

sees_draw = Found(Draw, by=rules.sees_draw, arg="draw", related=("round__call__joint_body", "supervisor"))


class DrawOut(Schema):
    """A draw as its organisers and its supervisor see it; the outcome only once it is drawn."""

    id: UUID
    revision: int
    round: UUID
    kind: str = Field(examples=["sites", "experts"])
    case: UUID | None = Field(description="为哪个项目抽取专家；空：本轮全部项目")
    attempt: int
    stage: str = Field(examples=["committed"])
    reason: str
    terms: dict[str, Any]
    terms_sha256: str
    organiser_commitment: str
    second_commitment: str
    public_at: datetime
    reveal_by: datetime
    supervisor_body: str
    supervisor_role: str
    supervised_at: datetime | None
    public_value: str
    outcome: dict[str, Any] | None
    drawn_at: datetime | None
    void_party: str
    void_reason: str


class DrawCandidateOut(Schema):
    code: str
    stratum: str


class DrawCandidatesAsked(Schema):
    kind: Kind = "sites"
    case: UUID | None = Field(None, description="只用于抽取专家：应当回避这个项目的不在候选之列")
    strata: Strata = "none"


class DrawExclusionIn(Schema):
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(examples=["2022-117"])
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300)] = Field(examples=["上年已去过"])


class DrawAnnounceIn(Sent):
    draw_id: UUID = Field(description="由您生成的抽取编号，承诺中写的就是它")
    kind: Kind
    case: UUID | None = Field(None, description="为哪个项目抽取专家；不写：本轮全部项目")
    take: int = Field(ge=1, le=100_000, examples=[3])
    reserves: int = Field(0, ge=0, le=100_000, examples=[2])
    strata: Strata = "none"
    exclusions: list[DrawExclusionIn] = Field([], max_length=2000)
    public_kind: Literal["second_body", "external"] = "second_body"
    source: Annotated[str, StringConstraints(max_length=200)] = Field(examples=["会签单位的密钥"])
    public_at: AwareDatetime
    reveal_by: AwareDatetime
    supervisor: Annotated[str, StringConstraints(min_length=1, max_length=254)] = Field(
        description="监督人员账号的邮箱；须为联合单位或其内设处室人员"
    )
    supervisor_role: Annotated[str, StringConstraints(max_length=60)] = Field(examples=["机关纪委书记"])
    salt: Digits = Field(description="由您随机生成的 64 位小写十六进制数字")
    commitment: Digits = Field(description=f"主办单位的承诺：{MADE_OF}；密钥由您保存，平台不收")
    reason: Annotated[str, StringConstraints(max_length=300)] = Field("", description="再次抽取的理由")


class DrawCommitIn(Sent):
    commitment: Digits = Field(description=f"会签单位的承诺：{MADE_OF}")


class DrawPublicValueIn(Sent):
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="会签单位的密钥；公开值取自外部的，为公布的数"
    )


class DrawRevealIn(Sent):
    secret: Digits = Field(description="主办单位的密钥")


class DrawVoidIn(Sent):
    party: Annotated[str, StringConstraints(max_length=10)] = Field(
        description="、".join(Draw.Party.values), examples=["other"]
    )
    reason: Annotated[str, StringConstraints(max_length=300)] = Field(examples=["候选名单有误"])


def draw_line(one: Draw, _request: HttpRequest | None = None) -> dict[str, Any]:
    names = [name for name in DrawOut.model_fields if name not in {"round", "case"}]
    return {**{name: getattr(one, name) for name in names}, "round": one.round_id, "case": one.case_id}


def _case_of(round_: Round, pk: UUID | None) -> Case | None:
    if pk is None:
        return None
    found = Case.objects.filter(round=round_, pk=pk).first()
    if found is None:
        raise Invalid([Problem(_("这个项目不在本轮评审中"), where="case")])
    return found


@rounds_router.get(
    "/{round}/draws",
    response=answers(list[DrawOut]),
    operation_id="round_draws",
    summary="本轮评审的随机抽取",
    tags=[TAG],
)
def draws_of_round(request: HttpRequest, round: UUID) -> Any:  # noqa: A002
    """作废的也在内；组织评审的联合单位可见。"""
    return [draw_line(one) for one in queries.draws_of(sees_round(request, round))]


@rounds_router.get(
    "/{round}/draw-candidates",
    response=answers(list[DrawCandidateOut]),
    operation_id="round_draw_candidates",
    summary="可以抽取的候选",
    tags=[TAG],
)
def candidates(request: HttpRequest, round: UUID, asked: Query[DrawCandidatesAsked]) -> Any:  # noqa: A002
    """此刻公告抽取时的候选代号及所在的层；以公告时固定的名单为准。"""
    within = sees_round(request, round)
    case = _case_of(within, asked.case) if asked.kind == Draw.Kind.EXPERTS else None
    found = queries.candidates(within, asked.kind, strata=asked.strata, case=case)
    return [{"code": one.code, "stratum": one.stratum} for one in found]


@draws_router.get("/{draw}", response=answers(DrawOut), operation_id="draws_detail", summary="一次随机抽取")
def draw(request: HttpRequest, draw: UUID) -> Any:
    """公告的条件、承诺、各步时间；抽取之后有结果。组织评审的联合单位和监督人员可见。"""
    return draw_line(sees_draw(request, draw))


@draws_router.get(
    "/{draw}/record",
    response=answers(dict[str, Any]),
    operation_id="draws_record",
    summary="抽取记录",
)
def record(request: HttpRequest, draw: UUID) -> Any:
    """抽取之后的完整记录，任何人都能据以复核；尚未抽取的为 409。"""
    found = sees_draw(request, draw)
    if found.stage != Draw.Stage.DRAWN:
        raise WrongStage(_("尚未抽取，没有抽取记录"))
    return queries.record(found)


def _announce(round_: Round, body: DrawAnnounceIn, request: HttpRequest) -> dict[str, Any]:
    refuse_early(actions.announce_draw, request, round_)
    supervisor = queries.supervisors(round_).filter(email__iexact=body.supervisor).first()
    if supervisor is None:
        raise Invalid([Problem(_("监督人员须为联合单位或其内设处室人员"), where="supervisor")])
    given = {name: getattr(body, name) for name in DrawAnnounceIn.model_fields}
    return {
        **given,
        "case": _case_of(round_, body.case),
        "supervisor": supervisor,
        "exclusions": [(one.code, one.reason) for one in body.exclusions],
    }


expose(
    rounds_router,
    actions.announce_draw,
    "/{round}/draws",
    found=sees_round,
    body=DrawAnnounceIn,
    kwargs=_announce,
    shape=DrawOut,
    present=draw_line,
    status=201,
    tag=TAG,
)
for verb, path, body in (
    (actions.commit_second, "/{draw}/commit", DrawCommitIn),
    (actions.supervise, "/{draw}/supervise", None),
    (actions.reveal_public, "/{draw}/public-value", DrawPublicValueIn),
    (actions.reveal, "/{draw}/reveal", DrawRevealIn),
    (actions.void_draw, "/{draw}/void", DrawVoidIn),
):
    expose(draws_router, verb, path, found=sees_draw, body=body, shape=DrawOut, present=draw_line)
