"""What a pilot looks like over HTTP, and what is sent to change it. Lengths are those of the database."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr, StringConstraints

Remark = Annotated[str, StringConstraints(max_length=1000)]
Figure = Annotated[Decimal, Field(max_digits=24, decimal_places=6, examples=["120.5"])]
RegionCode = Annotated[str, StringConstraints(pattern="^([0-9]{6})?$")]
Key = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9._-]{1,60}$")]
Answer = StrictBool | StrictInt | Annotated[StrictStr, StringConstraints(max_length=5000)] | list[Key] | None


class Sent(Schema):
    """A body: a field that nobody knows is an error, not silently dropped."""

    model_config = ConfigDict(extra="forbid")


class Named(Schema):
    id: str
    title: str


class OrganisationOut(Schema):
    id: UUID
    name: str


class VerbOut(Schema):
    """A verb on this pilot: whether the token's owner may do it now, and if not, why."""

    name: str
    title: str
    allowed: bool
    reasons: list[str]
    path: str


class PilotLine(Schema):
    id: UUID
    revision: int
    name: str
    stage: str
    stage_title: str
    applicant: OrganisationOut
    category: Named
    call: UUID
    call_title: str
    closes_at: datetime
    created_at: datetime


class PilotDetail(PilotLine):
    """`revision` is the ETag; `verbs` says what the token's owner may do next."""

    object_form: str
    object_name: str
    region_code: str
    sectors: list[str]
    pollutants: list[str]
    no_state_secrets: bool
    content_sha256: str
    package_bytes: int
    verbs: list[VerbOut]


class OptionOut(Schema):
    value: str
    label: str


class QuestionOut(Schema):
    id: str
    kind: str
    label: str
    help: str
    required: bool
    unit: str
    options: list[OptionOut]
    evidence: str = Field(description="required 必须附证明材料、optional 可附、空为不需要")
    files: int
    answer: Any = None


class ConditionOut(Schema):
    """An eligibility condition with its verdict: met, not_met, ask (an officer decides), open (not fully answered)."""

    id: str
    clause: str
    title: str
    wording: str
    state: str
    reasons: list[str]
    questions: list[QuestionOut]


class FindingOut(Schema):
    """`level`: error, warning or info."""

    level: str
    message: str
    url: str
    clause: str
    area: str
    part: str
    rule: str
    mend: str
    excerpt: str


class ChapterLine(Schema):
    id: str
    number: str
    title: str
    words: int
    revision: int
    updated_at: datetime


class ChapterOut(ChapterLine):
    html: str


class ScopeOut(Schema):
    """`size`、`permit` 的取值见 `ScopeRowIn`；空文字或 null 为没有填写。"""

    id: int
    name: str
    credit_code: str
    sector: str
    note: str
    sector_code: str
    size: str
    permit: str
    last_audit: date | None
    pollutants: str
    prefecture: str
    county: str


class TargetOut(Schema):
    """`measure_id` is set for the figures that the notice asks of everybody. Figures are decimal texts; null: not stated."""

    measure_id: str
    indicator: str
    unit: str
    baseline_year: int | None
    baseline: str | None
    target: str | None
    note: str
    key: str = Field(description="正文引用本行时用的键，行移动或增删时不变")
    indicator_id: str = Field(description="常用指标的编号；空为自拟指标")
    formula: str
    share: str | None = Field(description="占试点范围的比例，%")
    change: str | None = Field(description="目标值减基准值，由平台计算")
    percent: str | None = Field(description="变化占基准值的百分比，两位小数，由平台计算")


class AttachmentOut(Schema):
    id: int
    purpose: str
    title: str
    condition_id: str
    question_id: str
    name: str
    size: int
    sha256: str
    state: str = Field(description="pending 待查毒、clean 已通过、refused 已拒收")
    added_at: datetime


class CreateIn(Sent):
    applicant: UUID = Field(description="申报单位，取自 /me")
    category_id: Key
    name: Annotated[str, StringConstraints(max_length=120)] = Field(
        examples=["演示园区清洁生产整体审核创新试点"]
    )


class DescribeIn(Sent):
    name: Annotated[str, StringConstraints(max_length=120)]
    object_form: Annotated[str, StringConstraints(max_length=40)] = Field(examples=["park"])
    object_name: Annotated[str, StringConstraints(max_length=160)]
    region_code: RegionCode = Field(examples=["410300"])
    sectors: list[Key] = Field(max_length=100, examples=[["electroplating"]])
    pollutants: list[Annotated[str, StringConstraints(max_length=60)]] = Field(
        [], max_length=100, description="通知所列污染物的编号，或自行选取的名称", examples=[["nh3-n"]]
    )


class AnswersIn(Sent):
    """Question id -> answer. A number with decimals and a date are sent as text."""

    answers: dict[Key, Answer] = Field(examples=[{"park_boundary": True, "park_body_name": "演示管委会"}])


class ChapterIn(Sent):
    html: str = Field(examples=["<p>试点对象位于……</p>"])
    revision: int = Field(
        ge=0, le=2**31 - 1, description="您读到的本章版本；其间有人保存过则 409，并给出两份文字"
    )


class ScopeRowIn(Sent):
    name: Annotated[str, StringConstraints(max_length=120)]
    credit_code: Annotated[str, StringConstraints(max_length=40)]
    sector: Annotated[str, StringConstraints(max_length=40)] = ""
    note: Annotated[str, StringConstraints(max_length=200)] = ""
    sector_code: Annotated[str, StringConstraints(max_length=12)] = Field("", examples=["2614"])
    size: Literal["", "large", "medium", "small", "micro"] = ""
    permit: Literal["", "key", "simplified", "registered"] = ""
    last_audit: date | None = None
    pollutants: Annotated[str, StringConstraints(max_length=200)] = ""
    prefecture: Annotated[str, StringConstraints(max_length=50)] = ""
    county: Annotated[str, StringConstraints(max_length=50)] = ""


class ScopeIn(Sent):
    rows: list[ScopeRowIn] = Field(max_length=5000)


class KnownIn(Sent):
    """企业库中已有企业的统一社会信用代码。"""

    codes: list[Annotated[str, StringConstraints(max_length=18)]] = Field(min_length=1, max_length=200)
    sector: Annotated[str, StringConstraints(max_length=40)] = ""


class TargetRowIn(Sent):
    indicator: Annotated[str, StringConstraints(max_length=80)]
    unit: Annotated[str, StringConstraints(max_length=30)] = ""
    baseline_year: int | None = Field(None, ge=1900, le=2100)
    baseline: Figure | None = None
    target: Figure | None = None
    note: Annotated[str, StringConstraints(max_length=300)] = ""
    measure_id: Annotated[str, StringConstraints(max_length=40)] = ""
    indicator_id: Annotated[str, StringConstraints(max_length=40)] = ""
    formula: Annotated[str, StringConstraints(max_length=300)] = ""
    share: Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)] | None = None
    key: Annotated[str, StringConstraints(max_length=40)] = ""


class TargetRowSent(TargetRowIn):
    """A row as it was read may be sent back: what the platform works out itself is passed over."""

    change: str | None = Field(None, description="由平台计算，传入的值不用")
    percent: str | None = Field(None, description="由平台计算，传入的值不用")


class TargetsIn(Sent):
    rows: list[TargetRowSent] = Field(max_length=500)


class MilestoneIn(Sent):
    """实施计划的一个阶段；起止两天都算在内。"""

    title: Annotated[str, StringConstraints(max_length=80)]
    starts: date
    ends: date
    outputs: Annotated[str, StringConstraints(max_length=300)] = ""
    responsible: Annotated[str, StringConstraints(max_length=120)] = ""


class ScheduleIn(Sent):
    term_start: date
    term_end: date
    rows: list[MilestoneIn] = Field(max_length=60)


class OutputIn(Sent):
    """预期产出；`target_key` 为目标表中一行的 `key`。"""

    title: Annotated[str, StringConstraints(max_length=80)]
    benefit: Annotated[str, StringConstraints(max_length=300)] = ""
    target_key: Annotated[str, StringConstraints(max_length=40)] = ""


class OutputsIn(Sent):
    rows: list[OutputIn] = Field(max_length=60)


class RemarkIn(Sent):
    remark: Remark = Field("", examples=["已核对，同意。"])


class ReasonIn(Sent):
    """A return or a withdrawal says why."""

    remark: Remark = Field(min_length=1, examples=["数据有误，改正后再报。"])


class ChapterRemarkIn(Sent):
    """What a reviewer or signer of the applicant wants changed in a chapter."""

    text: Remark = Field(min_length=1, examples=["请写明基准年。"])


class RemarkReplyOut(Schema):
    text: str
    at: datetime


class ChapterRemarkOut(Schema):
    """`from_receiver`: said by the receiving side with a 退回补充完善; `replies`: the thread below it."""

    id: int
    chapter: str
    text: str
    at: datetime
    resolved_at: datetime | None
    from_receiver: bool
    replies: list[RemarkReplyOut]


class SignIn(Sent):
    no_state_secrets: StrictBool = Field(description="确认材料不含国家秘密", examples=[True])
    remark: Remark = Field("", examples=["同意上报。"])
