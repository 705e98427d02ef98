"""The API put together: every room's router, one way to sign in, one shape of refusals."""

from __future__ import annotations

from ninja import NinjaAPI

from qingyuan.api import (
    attachments,
    audit_reviews,
    call_verbs,
    calls,
    datasets,
    datasheets,
    delivery,
    delivery_acceptance,
    delivery_account,
    delivery_archive,
    delivery_commendation,
    delivery_credits,
    delivery_deviations,
    delivery_library,
    delivery_outputs,
    delivery_passed,
    delivery_process,
    delivery_promotion,
    delivery_reports,
    delivery_summary,
    experts,
    extent,
    focus,
    forwardings,
    mails,
    organisations,
    people,
    pilot_verbs,
    pilots,
    problems,
    process,
    process_reads,
    public,
    registry,
    registry_certificates,
    reserve,
    review_assessment,
    review_decisions,
    review_draws,
    review_experts,
    review_formcheck,
    review_panels,
    review_photos,
    review_publicity,
    review_rounds,
    review_state,
    review_visits,
    runs,
    schemes,
    submissions,
    tokens,
)
from qingyuan.api.auth import TokenAuth
from qingyuan.api.reading import Reader
from qingyuan.kernel.guards import public as public_view

DESCRIPTION = """\
清源平台的程序接口：与网页相同的读取和操作，权限与令牌所有人相同。

- 令牌：在“接口令牌”页签发，放在请求头 Authorization: Bearer qy_… 中；吊销立即生效。
- 重试：标明须带 Idempotency-Key 的操作，同一编号重发不会重复执行，返回第一次的结果。
- 并发：If-Match 带上读到的版本号；其间有人改动则 409，什么也不改。
- 错误：一律为 {error, reason, problems: [...]}；看不到的对象一律 404。
- 频率：每个令牌每分钟最多 120 次操作、每小时最多生成 10 个材料包；超过则 429，Retry-After 说明等多久。
- 时刻一律为 UTC；小数一律以文本传送。
"""

api = NinjaAPI(
    title="清源 · 清洁生产审核创新试点平台",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=TokenAuth(),
    parser=Reader(),
    docs_url=None,
    docs_decorator=public_view,
)
problems.install(api)
for room in (
    attachments,
    delivery_acceptance,
    delivery_archive,
    delivery_deviations,
    delivery_credits,
    delivery_account,
    delivery_passed,
    delivery_process,
    extent,
    focus,
    pilot_verbs,
    process,
    process_reads,
    review_photos,
    review_state,
    tokens,
):
    assert room.__doc__, "imported so that their operations are on the routers below"
api.add_router("/me", people.router)
api.add_router("/organisations", organisations.router)
api.add_router("/authorisations", organisations.authorisations_router)
api.add_router("/joint-bodies", organisations.joint_router)
api.add_router("/experts", experts.router)
api.add_router("/mails", mails.router)
api.add_router("/calls", calls.router)
api.add_router("/supplements", call_verbs.supplements_router)
api.add_router("/pilots", pilots.router)
api.add_router("/supplement-requests", process.requests_router)
api.add_router("/forwardings", forwardings.router)
api.add_router("/certificates", process.certificates_router)
api.add_router("/submissions", submissions.router)
api.add_router("", public.router)
api.add_router("/rounds", review_experts.rounds_router)
api.add_router("/cases", review_rounds.cases_router)
api.add_router("/enterprises", registry.router)
api.add_router("/audit-records", registry.records_router)
api.add_router("", registry.public_router)
api.add_router("/datasets", datasets.router)
api.add_router("/runs", runs.router)
api.add_router("", registry_certificates.public_router)
api.add_router("/my-audits", registry_certificates.own_router)
api.add_router("/sheets", datasheets.sheets_router)
api.add_router("/figure-questions", datasheets.questions_router)
api.add_router("/projects", delivery.projects_router)
api.add_router("/changes", delivery.changes_router)
api.add_router("/efforts", delivery_account.efforts_router)
api.add_router("/account-statements", delivery_account.statements_router)
api.add_router("", delivery_account.public_router)
api.add_router("/outputs", delivery_outputs.outputs_router)
api.add_router("/output-files", delivery_outputs.files_router)
api.add_router("/practices", delivery_library.practices_router)
api.add_router("/schemes", schemes.router)
api.add_router("/summaries", delivery_summary.summaries_router)
api.add_router("/progress-reports", delivery_reports.reports_router)
api.add_router("/commendations", delivery_commendation.commendations_router)
api.add_router("/promotions", delivery_promotion.promotions_router)
api.add_router("/supports", delivery_promotion.supports_router)
api.add_router("/filings", delivery_acceptance.filings_router)
api.add_router("/rectifications", delivery_acceptance.rectifications_router)
api.add_router("/reserve", reserve.router)
api.add_router("/audit-reviews", audit_reviews.router)
api.add_router("/form-checks", review_formcheck.checks_router)
api.add_router("/truthfulness", review_formcheck.truth_router)
api.add_router("/consultations", review_formcheck.consultations_router)
api.add_router("/arrivals", review_formcheck.arrivals_router)
api.add_router("/decisions", review_decisions.decisions_router)
api.add_router("/publicities", review_publicity.publicities_router)
api.add_router("/objections", review_publicity.objections_router)
api.add_router("/appointments", review_experts.appointments_router)
api.add_router("/assignments", review_experts.assignments_router)
api.add_router("/draws", review_draws.draws_router)
api.add_router("/visits", review_visits.visits_router)
api.add_router("/assessments", review_assessment.assessments_router)
api.add_router("/panels", review_panels.panels_router)
