"""Photos of a visit by programs: the page's gate, once a key, never to the applicant; and many visits cost as one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingyuan.kernel import clock, todos
from qingyuan.kernel.models import Upload
from qingyuan.people.models import Interest, User
from qingyuan.review.models import Visit, VisitMember, VisitPhoto
from qingyuan.review.queries import visits as queries
from tests.api.conftest import ApiClient, token_of
from tests.visit_maker import photo_file, take

pytestmark = pytest.mark.django_db
CONSENT = {"consent": "true"}


@pytest.fixture
def visit(review):
    return take(review, review.cases[0], until="notified")


def test_a_photo_goes_through_the_gate_and_the_same_upload_again_is_one(review, visit, api):
    lead = api(review.reform_handler)
    path = f"/visits/{visit.pk}/items/1/photos"
    made = lead.upload(path, photo_file(), name="照片.jpg", key="photo-0001", **CONSENT)
    assert made.status_code == 201, made.content
    photo = made.json()
    assert (photo["item"], photo["latitude"], photo["longitude"]) == (1, "34.619700", "112.454000")
    assert photo["taken_at"] == "2022-07-06T01:15:30Z"
    assert lead.upload(path, photo_file(), name="照片.jpg", key="photo-0001", **CONSENT).json() == photo
    assert VisitPhoto.objects.count() == 1
    other = lead.upload(f"/visits/{visit.pk}/items/2/photos", photo_file(), name="照片.jpg", key="photo-0001")
    assert other.status_code == 409
    long = lead.upload(path, photo_file(), name="照片.jpg", key="k" * 80)
    assert long.status_code == 201
    assert long.json()["latitude"] is None
    listed = lead.get(f"/visits/{visit.pk}/photos").json()
    assert {one["id"] for one in listed["items"]} == {photo["id"], long.json()["id"]}
    file = lead.get(f"/visits/{visit.pk}/photos/{photo['id']}/file")
    assert b"".join(file.streaming_content) == photo_file()
    # Without consent what is kept says nothing of the place.
    bare = lead.get(f"/visits/{visit.pk}/photos/{long.json()['id']}/file")
    assert b"".join(bare.streaming_content) != photo_file()


def test_what_is_wrong_with_a_photo_is_said(review, visit, api):
    lead = api(review.reform_handler)
    path = f"/visits/{visit.pk}/items/1/photos"
    refused = lead.upload(path, b"%PDF-1.7 not a picture", name="照片.jpg")
    assert refused.status_code == 422
    assert refused.json()["problems"]
    for place in ({"latitude": "134", "longitude": "112"}, {"latitude": "34"}, {"taken_at": "yesterday"}):
        assert lead.upload(path, photo_file(), name="照片.jpg", **place).status_code == 422, place
    assert (
        lead.upload(f"/visits/{visit.pk}/items/999/photos", photo_file(), name="照片.jpg").status_code == 422
    )
    assert not VisitPhoto.objects.exists()


def test_who_does_not_write_on_the_site_uploads_and_reads_nothing(review, visit, api):
    added = api(review.reform_handler).upload(
        f"/visits/{visit.pk}/items/1/photos", photo_file(), name="照片.jpg"
    )
    uploads = Upload.objects.count()
    here = f"/visits/{visit.pk}/items/1/photos"
    for stranger in (review.park_handler, review.state_handler, review.consultant):
        client = api(stranger)
        assert client.upload(here, photo_file(), name="照片.jpg").status_code == 404
        assert client.get(f"/visits/{visit.pk}/photos").status_code == 404
        assert client.get(f"/visits/{visit.pk}/photos/{added.json()['id']}/file").status_code == 404
    # An officer who is not of the team reads, and does not write; nor does anybody before the notice or after the end.
    assert api(review.province_signer).get(f"/visits/{visit.pk}/photos").json()["count"] == 1
    assert api(review.province_signer).upload(here, photo_file(), name="照片.jpg").status_code == 403
    type(visit).objects.filter(pk=visit.pk).update(stage="done")
    assert api(review.reform_handler).upload(here, photo_file(), name="照片.jpg").status_code == 409
    assert Upload.objects.count() == uploads


def led_by_the_expert(review, case):
    """A visit on which the expert leads the team, and which is under way."""
    visit = take(review, case, until="planned")
    VisitMember.objects.filter(visit=visit).update(is_lead=False)
    VisitMember.objects.filter(visit=visit, user=review.expert).update(is_lead=True)
    type(visit).objects.filter(pk=visit.pk).update(stage="notified", notified_at=clock.now())


def test_an_experts_list_of_visits_and_to_dos_cost_the_same_for_three_as_for_one(review):
    counts = []
    for cases in (review.cases[:1], review.cases[1:3]):
        for case in cases:
            led_by_the_expert(review, case)
        user = User.objects.get(pk=review.expert.pk)
        number = Visit.objects.count()
        with CaptureQueriesContext(connection) as listed:
            assert len(queries.my_visits(user)) == number
        with CaptureQueriesContext(connection) as waiting:
            assert sum("结束现场调查" in todo.title for todo in todos.of(user)) == number
        counts.append((len(listed), len(waiting)))
    assert counts[0] == counts[1]
    assert len(ApiClient(token_of(review.expert)).get("/me/visits").json()) == 3


def test_a_conflict_takes_one_visit_out_of_the_list_and_leaves_the_others(review):
    for case in review.cases[:2]:
        led_by_the_expert(review, case)
    client = ApiClient(token_of(review.expert))
    assert len(client.get("/me/visits").json()) == 2
    Interest.objects.create(
        expert=review.expert.expert, organisation=review.park, relation="kin", declared_at=clock.now()
    )
    (left,) = client.get("/me/visits").json()
    assert left["case"] == str(review.cases[1].pk)
    assert review.cases[0].title not in str(left)
    assert not any(review.cases[0].title in todo.title for todo in todos.of(review.expert))
    assert len(queries.my_visits(review.province_handler)) == 2
