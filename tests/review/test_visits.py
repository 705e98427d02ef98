"""A site visit: from the sealed application to both signatures; secret until the notice, nothing lost on the way."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.urls import reverse

from qingyuan.kernel import clock, storage, todos
from qingyuan.kernel.actions import Invalid, KeyReused, NotAllowed, WrongStage
from qingyuan.kernel.gate import exif
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.people.models import Expert, Interest
from qingyuan.review import actions, fieldwork
from qingyuan.review.itinerary import Stop, nearest_order, over_days
from qingyuan.review.models import Appointment, Visit, VisitPhoto, VisitSync
from qingyuan.review.queries import visits as queries
from tests.draw_maker import conduct
from tests.house.test_route_matrix import body_of
from tests.visit_maker import answer_all, as_file, fresh, members, photo_file, take

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
JSON = {"Accept": "application/json"}


@pytest.fixture
def visit(review):
    """Notified: the team can write."""
    return take(review, review.cases[0], until="notified")


def writing(**changes):
    return fieldwork.Writing(**{"answer": "consistent", "note": "演示", "base": 0, "key": "k", **changes})


def text_of(response):
    with ZipFile(io.BytesIO(response.content)) as book:
        return book.read("word/document.xml").decode()


# --- the checklist


@pytest.mark.clause("H3")
def test_the_checklist_is_made_of_what_was_sealed(review):
    visit = take(review, review.cases[0], until="planned")
    claims = [(item.group, item.claim) for item in visit.items.all()]
    groups = {group for group, _claim in claims}
    assert {"对象与边界", "规模", "基线", "申报条件 N5.2", "申报条件 N5.3"} <= groups
    text = "".join(claim for _group, claim in claims)
    assert "共 3 家" in text
    assert "1200.5" in text  # the money of the object
    assert "现状值" in text


def test_what_the_applicant_changes_later_does_not_change_the_checklist(review):
    case = review.cases[0]
    type(case.pilot).objects.filter(pk=case.pilot_id).update(object_name="演示后来改名")
    visit = take(review, case, until="planned")
    assert "演示后来改名" not in "".join(visit.items.values_list("claim", flat=True))


# --- order of travel


def test_always_on_to_the_nearest():
    stops = [
        Stop("far", "410500", (36.1, 114.4)),
        Stop("near", "410300", (34.62, 112.45)),
        Stop("middle", "410700", (35.3, 113.9)),
        Stop("unknown", "410302"),
    ]
    order = [one.key for one in nearest_order(stops, start=(34.7, 112.4))]
    assert order == ["near", "unknown", "middle", "far"]
    days = [date(2022, 7, 6), date(2022, 7, 7)]
    assert over_days(stops, days, start=(34.7, 112.4)) == [
        ("near", days[0], 1),
        ("unknown", days[0], 2),
        ("middle", days[1], 1),
        ("far", days[1], 2),
    ]


@pytest.mark.clause("N9")
def test_drawn_sites_are_planned_once_and_arranged(review, client):
    draw = conduct(review, review.round, take=2)
    actions.plan_drawn(draw, by=review.province_handler)
    actions.plan_drawn(draw, by=review.province_handler)
    visits = list(queries.visits_of(review.round))
    assert sorted(visit.case.label for visit in visits) == sorted(draw.selected)
    actions.arrange_visits(
        review.round, by=review.province_handler, days=[date(2022, 7, 6), date(2022, 7, 7)], start=None
    )
    assert [visit.day for visit in queries.visits_of(review.round)] == [date(2022, 7, 6), date(2022, 7, 7)]
    client.force_login(review.province_handler, backend=BACKEND)
    page = client.get(reverse("review:visits", args=[review.round.pk]))
    assert visits[0].case.title in page.content.decode()
    order = client.get(reverse("review:travel-order", args=[review.round.pk]))
    assert visits[0].case.title in text_of(order)


def test_arranging_names_every_problem(review):
    with pytest.raises(Invalid) as caught:
        actions.arrange_visits(review.round, by=review.province_handler, days=[date(2020, 1, 1)], start=None)
    assert len(caught.value.problems) == 2


# --- the team


def test_an_expert_without_promises_does_not_go(review):
    visit = actions.plan_visit(review.cases[0], by=review.province_handler, reason="演示")
    people = members(review)
    Appointment.objects.update(declared_at=None)
    with pytest.raises(Invalid) as caught:
        actions.set_team(visit, by=review.province_handler, members=people, lead=review.reform_handler)
    assert "尚未接受本轮聘请" in caught.value.problems[0].message


def test_who_must_stay_away_cannot_be_chosen(review):
    case = review.cases[0]
    visit = actions.plan_visit(case, by=review.province_handler, reason="演示")
    people = members(review)
    expert = Expert.objects.get(code="E-001")
    Interest.objects.create(
        expert=expert, organisation=review.park, relation="consulting", declared_at=clock.now()
    )
    with pytest.raises(Invalid) as caught:
        actions.set_team(visit, by=review.province_handler, members=people, lead=review.reform_handler)
    assert "须回避" in caught.value.problems[0].message
    assert caught.value.problems[0].where == "experts"


def test_an_expert_whose_conflict_comes_up_later_sees_nothing_any_more(review, visit, client):
    client.force_login(review.expert, backend=BACKEND)
    assert client.get(reverse("review:visit-field", args=[visit.pk])).status_code == 200
    expert = Expert.objects.get(code="E-001")
    Interest.objects.create(expert=expert, organisation=review.park, relation="kin", declared_at=clock.now())
    assert client.get(reverse("review:visit-field", args=[visit.pk])).status_code == 404
    assert client.get(visit.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        fieldwork.answer(fresh(visit), 1, writing(), by=review.expert)


# --- who learns when


@pytest.mark.clause("N9")
@pytest.mark.parametrize(
    "who", ["park_handler", "park_signer", "park_lead", "consultant", "city_all", "stranger"]
)
def test_before_the_notice_the_site_learns_nothing(review, client, who):
    visit = take(review, review.cases[0], until="planned")
    person = getattr(review, who)
    client.force_login(person, backend=BACKEND)
    for name in ("visit", "visit-field", "visit-notice", "visit-report", "visit-schedule", "visit-reply"):
        assert client.get(reverse(f"review:{name}", args=[visit.pk])).status_code == 404
    texts = "".join(
        client.get(path, follow=True).content.decode()
        for path in ("/", "/pilots/", f"/pilots/{visit.case.pilot_id}/", "/calls/", "/draws/", "/ledger/")
    )
    for told in (str(visit.pk), "现场调查通知", "演示：专家建议核实", str(visit.case_id)):
        assert told not in texts
    assert not any("现场" in todo.title for todo in todos.of(person))
    assert not Mail.objects.filter(verb__startswith="visit.").exists()


def test_the_notice_is_the_moment(review, client):
    visit = take(review, review.cases[0], until="notified")
    letter = Mail.objects.get(verb="visit.notify")
    assert "现场实际情况与申报内容是否相符" in letter.body
    assert any("现场调查通知" in todo.title for todo in todos.of(review.park_handler))
    client.force_login(review.park_handler, backend=BACKEND)
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "演示路 1 号" in page
    assert "E-001" in page
    assert "演示专家" not in page  # experts as codes
    assert "专家建议核实" not in page  # why, is not for the site
    assert "核对单" not in page
    assert client.get(reverse("review:visit-field", args=[visit.pk])).status_code == 404
    assert client.get(reverse("review:visit-report", args=[visit.pk])).status_code == 409
    assert "现场调查通知" in text_of(client.get(reverse("review:visit-notice", args=[visit.pk])))


def test_no_notice_without_day_place_and_team(review):
    visit = actions.plan_visit(review.cases[0], by=review.province_handler, reason="演示")
    with pytest.raises(Invalid) as caught:
        actions.notify_visit(visit, by=review.province_handler)
    assert len(caught.value.problems) == 2


def test_a_cancelled_visit_can_be_planned_again(review):
    case = review.cases[0]
    visit = take(review, case, until="notified")
    with pytest.raises(Invalid):
        actions.plan_visit(case, by=review.province_handler, reason="演示")
    actions.cancel_visit(visit, by=review.province_handler, reason="演示：改期")
    assert Mail.objects.filter(verb="visit.cancel").count() == 1
    actions.plan_visit(case, by=review.province_handler, reason="演示：改期后")


# --- writing on the site


@pytest.mark.sqlite
def test_a_change_sent_twice_counts_once(review, visit):
    first = fieldwork.answer(visit, 1, writing(), by=review.reform_handler)
    again = fieldwork.answer(visit, 1, writing(), by=review.reform_handler)
    assert first == again
    assert visit.items.get(position=1).revision == 1
    with pytest.raises(KeyReused):
        fieldwork.answer(visit, 1, writing(note="演示：别的"), by=review.reform_handler)


@pytest.mark.sqlite
def test_a_late_answer_never_overwrites_a_newer_one(review, visit):
    fieldwork.answer(visit, 1, writing(note="演示：先到"), by=review.province_handler)
    late = writing(answer="inconsistent", note="演示：后到", key="late")
    with pytest.raises(fieldwork.Conflict) as caught:
        fieldwork.answer(visit, 1, late, by=review.reform_handler)
    assert caught.value.theirs["note"] == "演示：先到"
    assert caught.value.yours["note"] == "演示：后到"
    assert visit.items.get(position=1).note == "演示：先到"
    chosen = writing(answer="inconsistent", note="演示：后到", key="chosen", base=1)
    assert fieldwork.answer(visit, 1, chosen, by=review.reform_handler)["revision"] == 2


def test_two_who_say_the_same_do_not_conflict(review, visit):
    fieldwork.answer(visit, 1, writing(), by=review.province_handler)
    assert fieldwork.answer(visit, 1, writing(key="other"), by=review.reform_handler)["revision"] == 1


def test_over_http_a_conflict_says_both_and_a_form_keeps_what_was_typed(review, visit, client):
    fieldwork.answer(visit, 1, writing(note="演示：先到"), by=review.province_handler)
    client.force_login(review.reform_handler, backend=BACKEND)
    address = reverse("review:visit-answer", args=[visit.pk, 1])
    data = {"answer": "inconsistent", "note": "演示：后到", "revision": "0", "key": "a"}
    program = client.post(address, data, headers=JSON)
    assert program.status_code == 409
    assert program.json()["theirs"]["note"] == "演示：先到"
    person = client.post(address, {**data, "key": "b"})
    assert person.status_code == 409
    assert "演示：先到" in person.content.decode()
    assert "演示：后到" in person.content.decode()
    assert client.post(address, {**data, "key": "c", "revision": "1"}).status_code == 302


def test_only_the_team_writes_and_only_while_the_visit_is_on(review, visit, client):
    client.force_login(review.province_signer, backend=BACKEND)
    address = reverse("review:visit-answer", args=[visit.pk, 1])
    assert client.post(address, {"answer": "consistent", "key": "a"}, headers=JSON).status_code == 403
    answer_all(visit)
    actions.conclude_visit(visit, by=review.reform_handler, conclusion="演示")
    with pytest.raises(WrongStage):
        fieldwork.answer(fresh(visit), 1, writing(key="late"), by=review.reform_handler)


# --- photos


def shot(**changes):
    return fieldwork.Shot(
        **{"data": photo_file(), "name": "照片.jpg", "key": "p", "consent": True, **changes}
    )


def test_with_consent_a_photo_keeps_time_and_place(review, visit):
    fieldwork.add_photo(visit, 1, shot(), by=review.reform_handler)
    photo = VisitPhoto.objects.get()
    assert (photo.latitude, photo.longitude) == (Decimal("34.619700"), Decimal("112.454000"))
    assert f"{photo.taken_at:%H:%M}" == "01:15"
    with storage.open_blob(photo.upload.sha256) as handle:
        assert handle.read() == photo_file()


def test_without_consent_not_even_the_file_says_where(review, visit):
    fieldwork.add_photo(
        visit, 1, shot(consent=False, place=(Decimal(1), Decimal(2))), by=review.reform_handler
    )
    photo = VisitPhoto.objects.get()
    assert photo.latitude is None
    assert photo.taken_at is not None
    with storage.open_blob(photo.upload.sha256) as handle:
        assert exif.read(handle.read()) == exif.Facts()


def test_a_photo_sent_twice_is_one_photo(review, visit):
    one = fieldwork.add_photo(visit, 1, shot(), by=review.reform_handler)
    assert fieldwork.add_photo(visit, 1, shot(), by=review.reform_handler) == one
    assert VisitPhoto.objects.count() == 1
    assert VisitSync.objects.count() == 1


def test_what_is_no_picture_does_not_pass_the_gate(review, visit, client):
    client.force_login(review.reform_handler, backend=BACKEND)
    address = reverse("review:visit-add-photo", args=[visit.pk, 1])
    refused = client.post(address, {"photo": as_file(b"MZ program", "a.jpg"), "key": "x"}, headers=JSON)
    assert refused.status_code == 422
    assert not VisitPhoto.objects.exists()
    assert client.post(address, {"photo": as_file(photo_file()), "key": "y"}).status_code == 302
    photo = VisitPhoto.objects.get()
    shown = client.get(reverse("review:visit-photo", args=[photo.pk]))
    assert shown.status_code == 200
    assert body_of(shown)
    client.force_login(review.park_handler, backend=BACKEND)
    assert client.get(reverse("review:visit-photo", args=[photo.pk])).status_code == 404


# --- conclusion, reply, signatures


def test_a_visit_ends_only_with_every_claim_looked_at(review, visit):
    visit.items.filter(position=1).update(answer="unverifiable", note="")
    with pytest.raises(Invalid) as caught:
        actions.conclude_visit(visit, by=review.reform_handler, conclusion=" ")
    places = {problem.where for problem in caught.value.problems}
    assert {"conclusion", "item-1", "item-2"} <= places
    assert len(caught.value.problems) == visit.items.count() + 1


@pytest.mark.clause("H3")
def test_findings_reply_and_both_signatures(review, client):
    visit = take(review, review.cases[0], until="done")
    client.force_login(review.park_handler, backend=BACKEND)
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "演示：实为 2 家" in page
    actions.reply_to_visit(visit, by=review.park_handler, reply="演示：已改正")
    actions.sign_applicant(visit, by=review.park_signer)
    assert fresh(visit).stage == "replied"
    actions.sign_team(visit, by=review.reform_handler)
    signed = fresh(visit)
    assert signed.stage == "signed"
    assert signed.content_sha256 == queries.content_hash(signed)
    for verb in ("visit.sign_team", "visit.sign_applicant"):
        payload = LedgerEntry.objects.get(verb=verb).content["payload"]
        assert payload["content_sha256"] == signed.content_sha256
    report = text_of(client.get(reverse("review:visit-report", args=[visit.pk])))
    for word in (
        "现场调查报告",
        "演示：已改正",
        "不符",
        "演示：实为 2 家",
        signed.content_sha256,
        "专家 E-001",
    ):
        assert word in report


def test_the_pages_of_every_step_open_for_those_whose_step_it_is(review, client):
    case = review.cases[0]
    client.force_login(review.province_handler, backend=BACKEND)
    plan = reverse("review:plan-visit", args=[case.pk])
    assert client.post(plan, {"reason": "演示：核实", "key": "1"}).status_code == 302
    visit = Visit.objects.get()
    assert "打开现场调查" in client.get(reverse("review:case-visit", args=[case.pk])).content.decode()
    day = (clock.local(clock.now()) + timedelta(days=3)).date()
    wrong = {"day": "2020-01-01", "position": 1, "address": "演示路", "place": "112.4 34"}
    schedule = reverse("review:visit-schedule", args=[visit.pk])
    assert "纬度应在" in client.post(schedule, wrong).content.decode()
    right = {"day": day.isoformat(), "position": 1, "address": "演示路", "place": "34.6, 112.4"}
    assert client.post(schedule, right).status_code == 302
    members(review)
    team = {
        "officers": [str(review.reform_handler.pk)],
        "experts": [str(Expert.objects.get().pk)],
        "lead": str(review.reform_handler.pk),
    }
    assert client.post(reverse("review:visit-team", args=[visit.pk]), team).status_code == 302
    assert client.post(reverse("review:visit-notify", args=[visit.pk])).status_code == 302
    client.force_login(review.reform_handler, backend=BACKEND)
    field = client.get(reverse("review:visit-field", args=[visit.pk]))
    assert "geolocation=(self)" in field.headers["Permissions-Policy"]
    answer_all(visit)
    conclude = reverse("review:visit-conclude", args=[visit.pk])
    assert client.post(conclude, {"conclusion": "演示：相符"}).status_code == 302
    client.force_login(review.park_handler, backend=BACKEND)
    assert client.post(reverse("review:visit-reply", args=[visit.pk]), {"reply": "无意见"}).status_code == 302
    client.force_login(review.park_signer, backend=BACKEND)
    assert client.post(reverse("review:visit-sign-applicant", args=[visit.pk])).status_code == 302
    assert fresh(visit).applicant_signed_at


def test_the_worker_stands_where_it_may_serve_the_checklist(client, db):
    response = client.get(reverse("review:visit-worker"))
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert reverse("review:visit-worker").rpartition("/")[0] == "/review/visits"


def test_the_ledger_of_a_visit_names_nobody(review):
    visit = take(review, review.cases[0], until="signed")
    text = "".join(LedgerEntry.objects.filter(subject_id=str(visit.pk)).values_list("body", flat=True))
    for hidden in ("演示", "E-001", "路"):
        assert hidden not in text
    assert json.loads(LedgerEntry.objects.get(verb="visit.conclude").body)["payload"]["items"] > 5
