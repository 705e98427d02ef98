"""Forms: labels, 必填 in words, help and errors tied to their control."""

from __future__ import annotations

import html5lib
import pytest

from qingyuan.ui.forms import dress
from tests.ui.sample_urls import SampleForm


@pytest.fixture
def tree():
    def render(data):
        parser = html5lib.HTMLParser(
            tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False, strict=True
        )
        page = f"<!DOCTYPE html><html lang=zh><head><title>x</title></head><body>{SampleForm(data)}</body></html>"
        return parser.parse(page)

    return render


def test_every_control_has_its_label(tree):
    found = tree(None)
    labelled = {label.get("for") for label in found.findall(".//label")}
    controls = [*found.findall(".//input"), *found.findall(".//select"), *found.findall(".//textarea")]
    assert controls
    assert {control.get("id") for control in controls} <= labelled
    assert [legend.text for legend in found.findall(".//legend")] == ["类别", "行业"]


def test_required_is_said_in_words(tree):
    marks = tree(None).findall(".//span[@class='q-required']")
    assert [mark.text for mark in marks] == ["必填", "必填"]


def test_help_and_errors_are_tied_to_the_control(tree):
    found = tree({"name": "", "kind": ""})
    name = found.find(".//input[@name='name']")
    assert name.get("aria-invalid") == "true"
    for identifier in name.get("aria-describedby").split():
        assert "".join(found.find(f".//*[@id='{identifier}']").itertext()).strip()
    assert found.find(".//fieldset[@aria-describedby='id_kind_error']") is not None


def test_summary_links_lead_to_elements_that_exist(tree):
    found = tree({"name": "", "kind": ""})
    identifiers = {element.get("id") for element in found.iter()}
    links = [link.get("href").removeprefix("#") for link in found.findall(".//div[@role='alert']//a")]
    assert len(links) == 2
    assert set(links) <= identifiers


def test_widgets_wear_their_classes(tree):
    found = tree(None)
    assert found.find(".//input[@name='name']").get("class") == "form-control"
    assert found.find(".//select").get("class") == "form-select"
    assert {box.get("class") for box in found.findall(".//input[@name='sectors']")} == {"form-check-input"}
    assert found.find(".//textarea").get("data-rich-text") is not None
    assert found.find(".//input[@name='file']").get("data-max-bytes") == "1000"


def test_dressing_keeps_own_classes_and_leaves_the_widget_alone():
    own = {"class": "mine"}
    widget = {"attrs": own, "type": "text", "template_name": "django/forms/widgets/text.html"}
    dress(widget)
    dress(widget)
    assert widget["attrs"]["class"] == "form-control mine"
    assert own == {"class": "mine"}
