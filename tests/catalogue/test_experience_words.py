"""The outline of summary reports and the words of the case library."""

from __future__ import annotations

from qingyuan.catalogue import experience


def test_the_outline_tells_what_the_notice_wants_summed_up():
    titles = [heading.title for heading in experience.outline()]
    assert titles == ["试点概况", "组织方式", "做法与创新", "成效", "产出成果", "问题与建议", "推广计划"]
    assert all(heading.guidance for heading in experience.outline())


def test_what_no_authority_wrote_says_so():
    found = experience.experience()
    assert not found.verified
    assert "自拟" in found.source


def test_words_are_found_by_their_ids():
    assert experience.measures()["energy-cascade"] == "能源梯级利用"
    assert experience.pollutants()["nh3-n"] == "氨氮"
