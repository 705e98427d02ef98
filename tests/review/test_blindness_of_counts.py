"""Blind until submitted, sealed until opened: whatever others have scored, what one reads is the same to the letter.

No list of forbidden words: everything that a viewer can open is read twice, with different scores, comments and verdicts
of the others in the database, and must not differ. So no count, average, order, colour or file can tell anything.
"""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.urls import reverse

from qingyuan.kernel import todos
from qingyuan.kernel.models import Mail
from qingyuan.review import actions, urls
from qingyuan.review.models import Assessment
from tests.api.conftest import ApiClient, token_of
from tests.assessment_maker import Panel, content_of, drafted, submitted
from tests.people.strict import client_of

pytestmark = pytest.mark.django_db
# What is another on every reading, and says nothing: form tokens and keys.
FRESH = re.compile(
    r'name="(?:csrfmiddlewaretoken|key|salt|secret|draw_id)" value="[^"]*"|hx-headers=\'[^\']*\''
)
HIDDEN = re.compile(r'<input type="hidden"[^>]*>|value="[0-9a-f]{64}"')


@pytest.fixture
def panel(review):
    """Two of three have submitted; the third has not begun. Another case has a panel of its own."""
    made = Panel(review.world, review.cases[0])
    for assignment, score in zip(made.assignments[:2], (5, 4), strict=True):
        submitted(assignment, score, opinion="演示意见")
    made.other = Panel(review.world, review.cases[1], first=11)
    return made


def addresses(panel):
    """Every address of the review that hangs on these objects."""
    objects = {
        "case": panel.case.pk,
        "round": panel.case.round_id,
        "assignment": panel.assignments[2].pk,
        "appointment": panel.assignments[2].appointment_id,
        "assessment": panel.assignments[0].assessment.pk,
    }
    found = [reverse("home"), reverse("review:rounds"), reverse("review:my"), reverse("review:lists")]
    for pattern in urls.urlpatterns:
        wanted = set(pattern.pattern.converters)
        if wanted and wanted <= set(objects):
            found.append(reverse(f"review:{pattern.name}", kwargs={name: objects[name] for name in wanted}))
    return found


def programs(panel):
    case, round_ = panel.case.pk, panel.case.round_id
    sheets = [f"/assessments/{one.assessment.pk}" for one in panel.assignments[:2]]
    tasks = [f"/assignments/{one.pk}/assessment" for one in panel.assignments]
    reads = ["", "/panel", "/checks", "/form-checks"]
    lists = ["/cases", "/ranking", "/appointments", "/decisions", "/draws", "/visits"]
    return [
        *sheets,
        *tasks,
        *(f"/cases/{case}{part}" for part in reads),
        *(f"/rounds/{round_}{part}" for part in lists),
        "/me/assignments",
        "/me/appointments",
    ]


def text_of(response):
    """Words of a page, names and words inside a zip or a paper; what differs on every reading is cut out."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return [(name, book.read(name)) for name in sorted(book.namelist())]
    return HIDDEN.sub("", FRESH.sub("", body.decode()))


def seen_by(user, panel):
    client, told = client_of(user), ApiClient(panel.tokens[user.pk])
    found = {}
    for address in addresses(panel):
        response = client.get(address)
        found[address] = (response.status_code, text_of(response))
    for address in programs(panel):
        response = told.get(address)
        found[f"api {address}"] = (response.status_code, response.content)
    found["to-dos"] = [(one.title, one.detail, one.url) for one in todos.of(user)]
    found["mails"] = list(Mail.objects.filter(address=user.email).values_list("subject", "body"))
    return found


def otherwise(panel):
    """Other scores, comments and verdicts of the others; nothing else of the world changes."""
    for assignment in panel.assignments[:2]:
        sheet = Assessment.objects.get(assignment=assignment)
        content = content_of(sheet.sheet, 1, overall=sheet.sheet.overall[-1].id, opinion="完全另一种演示意见")
        Assessment.objects.filter(pk=sheet.pk).update(
            **{name: getattr(content, name) for name in content.__dataclass_fields__}
        )


def differing(panel, users):
    panel.tokens = {user.pk: token_of(user) for user in users}
    before = {user.pk: seen_by(user, panel) for user in users}
    otherwise(panel)
    after = {user.pk: seen_by(user, panel) for user in users}
    return [
        (user.username, address)
        for user in users
        for address, found in before[user.pk].items()
        if found != after[user.pk][address]
    ]


@pytest.mark.clause("H3")
def test_who_has_not_submitted_reads_the_same_whatever_the_others_scored(panel):
    begun = drafted(panel.other.assignments[0])
    assert begun.stage == Assessment.Stage.DRAFT
    assert differing(panel, [panel.users[2], panel.other.users[0]]) == []


@pytest.mark.clause("H3")
def test_a_draft_of_ones_own_opens_nothing_of_the_others(panel):
    drafted(panel.assignments[2])
    assert differing(panel, [panel.users[2]]) == []


@pytest.mark.clause("H3")
def test_the_departments_read_the_same_until_the_scores_are_opened(panel, review):
    assert differing(panel, [review.province_handler, review.reform_handler, review.park_handler]) == []


def test_the_check_itself_sees_a_difference_once_the_scores_are_open(panel, review):
    """Proof that the comparison is not blind: opened, the same change shows on the ranking."""
    submitted(panel.assignments[2], 3)
    actions.open_scores(panel.case.round, by=review.province_handler, reason="演示：已到期")
    found = differing(panel, [review.province_handler])
    assert any("ranking" in address for _who, address in found)
    assert any("/panel" in address for _who, address in found)
