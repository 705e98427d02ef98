"""统计: published facts alone, the same cost for many, unchanged pages told so, charts with their tables."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qingyuan.delivery.models import Project, ScopeEnterprise
from qingyuan.site import statistics
from tests.delivery_maker import conclude, project_in
from tests.people.strict import strict
from tests.review_maker import case_in


def page(client, **more):
    return client.get(reverse("statistics"), **more)


def test_with_nothing_published_the_page_says_so(world, client):
    response = page(client)
    strict(response)
    assert "还没有公布的结果" in response.content.decode()
    assert client.get(reverse("statistics-chart", args=["province"])).status_code == 404
    assert client.get(reverse("statistics-chart", args=["nothing"])).status_code == 404


def test_what_was_not_published_is_not_counted(maker):
    """Applications were received and one was recommended, but no list is public yet."""
    case_in(maker, "recommended")
    found = statistics.statistics()
    assert (found.applications, found.recommended, found.approved, found.passed) == (0, 0, 0, 0)
    assert found.by_province == ()


def test_a_pilot_counts_as_approved_and_then_as_passed_with_its_enterprises(delivery, client):
    found = statistics.statistics()
    assert (found.approved, found.passed, found.enterprises) == (1, 0, 0)
    assert [row.name for row in found.by_province] == ["河南省"]
    scope = list(ScopeEnterprise.objects.filter(project=delivery.project).select_related("enterprise"))
    left_out = [{"credit_code": scope[0].enterprise.credit_code, "reason": "演示：停产"}]
    conclude(delivery.maker, delivery.project, exclusions=left_out)
    found = statistics.statistics()
    assert (found.passed, found.enterprises) == (1, len(scope) - 1)
    assert found.by_year[0].name == "2022"
    response = page(client)
    strict(response)
    text = response.content.decode()
    assert "河南省" in text


def test_a_failed_pilot_is_not_on_the_passed_list(delivery):
    project_in(delivery.maker, "failed")
    found = statistics.statistics()
    assert (found.approved, found.passed, found.enterprises) == (1, 0, 0)


def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(delivery, client):
    first = page(client)
    assert page(client, headers={"If-None-Match": first["ETag"]}).status_code == 304
    conclude(delivery.maker, delivery.project)
    assert page(client, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("chart", statistics.CHARTS)
def test_every_chart_is_a_picture_with_words(delivery, client, chart):
    response = client.get(reverse("statistics-chart", args=[chart]))
    assert response["Content-Type"] == "image/svg+xml"
    drawn = response.content.decode()
    assert "<title>" in drawn
    assert "<script" not in drawn
    again = client.get(reverse("statistics-chart", args=[chart]), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_the_page_costs_the_same_with_many_pilots(delivery, client, django_assert_max_num_queries):
    project_in(delivery.maker, "passed")
    page(client)
    with django_assert_max_num_queries(11) as one:
        page(client)
    more(delivery, 50)
    assert statistics.statistics().passed == 51
    with django_assert_max_num_queries(len(one)):
        page(client)


def more(delivery, number):
    """Copies of the pilot's rows: what they are counted by stays the same."""
    from qingyuan.delivery.models import Conclusion

    project = Project.objects.get(pk=delivery.project.pk)
    case, pilot, conclusion = project.case, project.pilot, project.conclusion
    for count in range(number):
        case.pk, case.number = None, 100 + count
        case._state.adding = True
        case.pilot, case.submission = None, None
        case.save()
        pilot.pk, pilot.name = None, f"演示{count}"
        pilot._state.adding = True
        pilot.save()
        project.pk = None
        project._state.adding = True
        project.case, project.pilot = case, pilot
        project.save()
        Conclusion.objects.create(
            project=project, outcome="passed", listed_on=conclusion.listed_on, source="recorded",
            document_number="演示", evidence=conclusion.evidence, recorded_at=conclusion.recorded_at,
            recorded_by=conclusion.recorded_by,
        )  # fmt: skip
