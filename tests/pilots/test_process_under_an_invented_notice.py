"""An invented notice whose options are on: the return and the bureau's comment come from the file, not from code."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from qingyuan.calls import actions as calls
from qingyuan.calls.models import Call
from qingyuan.calls.notices import known_notices
from qingyuan.kernel import clock
from qingyuan.pilots import actions
from tests.pilots.workspace import parsed, signed_in

FILES = Path(__file__).parents[1] / "catalogue" / "files"


@pytest.fixture
def call(world, settings, tmp_path):
    """The notice of the demonstration as one that Henan issues."""
    text = (FILES / "demo-2027.yaml").read_text("utf-8")
    text = text.replace("id: demo-2027\n", "id: demo-henan-2027\n", 1)
    text = text.replace("level: national\n", 'level: provincial\nparent: demo-2027\nregion: "410000"\n', 1)
    text = text.replace("  level: province\n", '  level: prefecture\n  within: "410000"\n', 1)
    (tmp_path / "demo-henan-2027.yaml").write_text(text, "utf-8")
    shutil.copy(FILES / "demo-2027.yaml", tmp_path)
    shutil.copytree(FILES / "text", tmp_path / "text")
    settings.QINGYUAN_NOTICES = [str(tmp_path)]
    notice = known_notices()["demo-henan-2027"]
    with clock.at("2027-03-02T09:00:00+08:00"):
        call = calls.prepare(
            world.joint["henan"],
            by=world.province_handler,
            notice_id=notice.id,
            opens_at=notice.opens.at,
            closes_at=notice.closes.ends,
            addressees=[world.luoyang_ecology],
        )
        calls.send_for_cosign(call, by=world.province_handler)
        calls.consent(call, by=world.reform_signer)
        calls.publish(call, by=world.province_signer)
        yield Call.objects.get(pk=call.pk)


def test_options_of_the_file_open_both_ways(call, world):
    assert call.options == {"prefecture_comment": True, "return_for_supplement": True, "publicity": True}
    pilot = actions.create(
        call, by=world.park_handler, applicant=world.park, category_id="park", name="演示新批次"
    )
    assert actions.request_supplement.may.test(world.province_handler, pilot)
    assert actions.comment.may.test(world.prefecture_handler, pilot)
    page = signed_in(world.prefecture_handler).get(f"/area/{pilot.pk}/")
    assert page.status_code == 200
    parsed(page)
    assert datetime.fromisoformat("2027-04-15T17:00:00+08:00") == call.closes_at
