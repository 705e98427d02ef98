"""A strict content security policy holds only if no template of any room needs an exception."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "qingyuan"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
DIST = SOURCE / "ui" / "static" / "ui" / "dist"
ICONS = {line.strip() for line in (ROOT / "frontend" / "icons.txt").read_text("utf-8").splitlines()}

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "an htmx handler": re.compile(r"\s(?:data-)?hx-on", re.IGNORECASE),
    "a <style> block": re.compile(r"<style\b", re.IGNORECASE),
    "a script address": re.compile(r"""(?:href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE),
    "something from another site": re.compile(
        r"""<(?:script|link|img|iframe)[^>]*\s(?:src|href)=["']?(?:https?:)?//""", re.IGNORECASE
    ),
    "escaping switched off": re.compile(r"autoescape off"),
}
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 40


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_template_holds_no_inline_code(template):
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", template.read_text("utf-8"), flags=re.DOTALL)
    for name, pattern in FORBIDDEN.items():
        found = pattern.search(text)
        assert not found, (
            f"{template.relative_to(ROOT)} holds {name}: {text[max(found.start() - 30, 0) : found.end() + 30]!r}"
        )
    for attributes in SCRIPT.findall(text):
        assert "src=" in attributes or "application/json" in attributes, (
            f"{template.relative_to(ROOT)}: <script> without src"
        )


def test_every_icon_that_is_named_is_in_the_sprite():
    named: dict[str, Path] = {}
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        named |= dict.fromkeys(re.findall(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""", text), path)
        named |= dict.fromkeys(
            re.findall(r"""ui/parts/empty\.html["'][^%]*\bicon=["']([a-z0-9-]+)""", text), path
        )
    for path in SOURCE.glob("*/navigation.py"):
        named |= dict.fromkeys(re.findall(r"""icon=["']([a-z0-9-]+)["']""", path.read_text("utf-8")), path)
    missing = {name: str(path.relative_to(ROOT)) for name, path in named.items() if name not in ICONS}
    assert not missing, f"add these to frontend/icons.txt: {missing}"


def built(name: str) -> str:
    path = DIST / name
    assert path.is_file(), (
        f"{path.relative_to(ROOT)} is missing: run `pip install -e .`, whose build hook makes it"
    )
    return path.read_text("utf-8")


@pytest.mark.parametrize("name", ["app.css", "editor.css"])
def test_style_sheets_fetch_nothing_from_elsewhere(name):
    text = built(name)
    assert "@import" not in text
    addresses = re.findall(r"""url\(\s*["']?([^"')]{0,60})""", text)
    assert [address for address in addresses if not address.startswith(("data:", "#"))] == []


@pytest.mark.parametrize("name", ["app.js", "editor.js"])
def test_scripts_name_no_other_site_to_load_from(name):
    text = built(name)
    assert not re.search(r"""(?:import\(|fetch\(|src\s*=\s*)["'`]https?://""", text)
    assert "sourceMappingURL" not in text


def test_licences_of_what_is_bundled_are_listed():
    text = built("THIRD-PARTY.txt")
    for package in ["@tabler/core", "@tabler/icons", "@tiptap/core 3.32.2", "htmx.org", "prosemirror-view"]:
        assert f"\n{package}" in text
    assert "GPL" not in text


def test_sprite_holds_exactly_the_listed_icons():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', built("icons.svg")))
    assert drawn == {name for name in ICONS if name and not name.startswith("#")}


def test_lock_file_pins_content_and_names_no_server():
    import json

    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text("utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    addresses = {facts["resolved"] for facts in packages.values() if "resolved" in facts}
    assert all(address.startswith("https://registry.npmjs.org/") for address in addresses)
    tiptap = {
        facts["version"] for name, facts in packages.items() if name.startswith("node_modules/@tiptap/")
    }
    assert tiptap == {"3.32.2"}
