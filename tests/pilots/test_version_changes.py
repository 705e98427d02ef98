"""Two versions side by side, for the applicant and the departments that received them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from qingyuan.pilots import actions, drafts, seal
from tests.house.cases.pilots import targets
from tests.pilot_maker import credit_code
from tests.pilots.workspace import HOSTILE, parsed, signed_in


@pytest.fixture
def second(maker, world):
    """A second version in which a little of everything changed."""
    pilot = maker("park", stage="submitted")
    actions.reopen(pilot, by=world.park_handler)
    chapter = pilot.chapters.get(outline_id="goals")
    drafts.save_chapter(
        maker.fresh(pilot),
        outline_id="goals",
        html=chapter.html.replace("内容", "新内容") + "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        revision=chapter.revision,
        by=world.park_handler,
    )
    actions.add_enterprise(
        maker.fresh(pilot), by=world.park_handler, name=HOSTILE, credit_code=credit_code(990)
    )
    entry = pilot.scope.first()
    actions.remove_enterprise(maker.fresh(pilot), by=world.park_handler, entry_id=entry.pk)
    rows = [replace(r, baseline=Decimal(300), target=Decimal(111)) for r in targets(None, pilot)]
    actions.set_targets(maker.fresh(pilot), by=world.park_handler, rows=rows)
    upload = maker.upload(by=world.park_handler, name="补充.pdf")
    actions.attach(maker.fresh(pilot), by=world.park_handler, upload=upload, purpose="other")
    actions.hand_in(maker.fresh(pilot), by=world.park_handler)
    actions.pass_review(maker.fresh(pilot), by=world.park_reviewer)
    actions.sign(maker.fresh(pilot), by=world.park_signer, no_state_secrets=True)
    pilot = maker.fresh(pilot)
    return actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))


def test_words_targets_scope_and_files_are_shown(second, world):
    for who in (world.park_handler, world.reform_signer):
        client = signed_in(who)
        assert "/changes/" in client.get(f"/submissions/{second.pk}/").content.decode()
        page = client.get(f"/submissions/{second.pk}/changes/")
        parsed(page)
        text = page.content.decode()
        assert "<ins>新</ins>内容" in text
        assert "<script>alert" not in text
        assert "目标 111" in text
        assert credit_code(990) in text
        assert credit_code(1) in text
        assert "补充.pdf" in text
        assert "从第 1 版到第 2 版" in text


def test_the_other_way_round_and_strangers(second, world):
    first = second.pilot.submissions.get(version=1)
    page = signed_in(world.park_handler).get(f"/submissions/{first.pk}/changes/?from=2")
    parsed(page)
    assert "<del>新</del>内容" in page.content.decode()
    alone = signed_in(world.park_handler).get(f"/submissions/{first.pk}/changes/?from=x")
    assert "只有一个版本" in alone.content.decode()
    assert signed_in(world.city_handler).get(f"/submissions/{second.pk}/changes/").status_code == 404
