"""The submission package: whole, checkable by anyone, the same for the same input, safe to unpack on Windows."""

import datetime as dt
import hashlib
import io
import json
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.papers.canonical import canonical_bytes
from qingyuan.papers.package import (
    Member,
    MemberChanged,
    clean_path,
    package_name,
    verify_package,
    write_package,
)

AT = dt.datetime(2022, 6, 30, 9, 59, 58, tzinfo=dt.UTC)


def member(name, data, **changes):
    facts = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), **changes}
    return Member(name=name, open=lambda: io.BytesIO(data), **facts)


def packed(*members, **extra):
    target = io.BytesIO()
    sealed = write_package(target, members, manifest_extra=extra, at=AT)
    return target, sealed


@pytest.mark.clause("H1")
def test_the_package_holds_every_file_and_a_list_that_anyone_can_check():
    plan, note = b"PK plan" * 999, "说明\n".encode() * 500
    target, sealed = packed(
        member("实施方案.docx", plan), member("附件/说明.txt", note), project="某某园区（演示）"
    )
    archive = zipfile.ZipFile(target)
    assert archive.namelist() == ["实施方案.docx", "附件/说明.txt", "文件清单.txt", "manifest.json"]
    assert archive.read("实施方案.docx") == plan
    assert archive.getinfo("实施方案.docx").compress_type == zipfile.ZIP_STORED
    assert archive.getinfo("附件/说明.txt").compress_size < len(note) / 10
    assert sealed.sha256 == hashlib.sha256(target.getvalue()).hexdigest()
    assert sealed.size == len(target.getvalue())
    body = archive.read("manifest.json")
    assert body == canonical_bytes(sealed.manifest)
    assert json.loads(body)["files"][0] == {
        "name": "实施方案.docx",
        "size": len(plan),
        "sha256": hashlib.sha256(plan).hexdigest(),
    }
    assert json.loads(body)["project"] == "某某园区（演示）"
    assert "2022年6月30日 17:59:58（北京时间）" in archive.read("文件清单.txt").decode("utf-8-sig")
    assert archive.testzip() is None
    assert verify_package(target) == []


def test_same_input_same_bytes():
    assert packed(member("a.txt", b"x" * 5000))[1].sha256 == packed(member("a.txt", b"x" * 5000))[1].sha256


def test_unknown_hashes_are_computed():
    _, sealed = packed(member("a.pdf", b"x", sha256=None))
    assert sealed.manifest["files"][0]["sha256"] == hashlib.sha256(b"x").hexdigest()


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"size": 3}, {"size": 9}])
def test_a_file_that_changed_since_it_was_registered_is_named(wrong):
    with pytest.raises(MemberChanged, match="方案"):
        packed(member("方案.docx", b"12345", **wrong))


def test_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"):
        write_package(io.BytesIO(), [], manifest_extra={}, at=dt.datetime(2022, 6, 30))  # noqa: DTZ001


def test_names_stay_inside_unique_and_acceptable_to_windows():
    names = [
        "../../etc/passwd",
        "C:\\windows\\x.txt",
        "a.txt",
        "A.TXT",
        "manifest.json",
        "con.docx",
        "图\u202excod.exe",
        "尾. ",
        "/",
        "?*.pdf",
    ]
    target, _ = packed(*(member(name, b"x") for name in names))
    found = zipfile.ZipFile(target).namelist()
    assert found[:-2] == [
        "etc/passwd", "C：/windows/x.txt", "a.txt", "A(2).TXT", "manifest(2).json", "_con.docx", "图xcod.exe", "尾", "未命名", "？＊.pdf",
    ]  # fmt: skip
    assert verify_package(target) == []


@given(st.text())
def test_any_name_becomes_a_safe_path(name):
    path = clean_path(name)
    assert path
    assert not path.startswith("/")
    for part in path.split("/"):
        assert part not in {"", ".", ".."}
        assert len(part.encode()) <= 200
        assert not set(part) & set('<>:"\\|?*\x00\n')
    assert clean_path(path) == path


def test_memory_stays_flat():
    class Endless(io.RawIOBase):
        left = 30 << 20

        def read(self, size=-1):
            size = min(size, self.left)
            self.left -= size
            return b"\0" * size

    class Nowhere(io.RawIOBase):
        def write(self, data):
            return len(data)

    tracemalloc.start()
    write_package(Nowhere(), [Member(name="大.pdf", open=Endless, size=30 << 20)], manifest_extra={}, at=AT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def rezipped(target, change):
    """The package again, after `change` had its way with the names and contents."""
    source, result = zipfile.ZipFile(target), io.BytesIO()
    contents = {name: source.read(name) for name in source.namelist()}
    change(contents)
    with zipfile.ZipFile(result, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return result


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda contents: contents.update({"a.pdf": b"changed!"}), "a.pdf：SHA-256 与清单不符"),
        (
            lambda contents: contents.update({"a.pdf": b"longer than before"}),
            "a.pdf：大小应为 8 字节，实为 更大",
        ),
        (lambda contents: contents.pop("a.pdf"), "a.pdf：清单中有，包内没有"),
        (lambda contents: contents.update({"b.pdf": b""}), "b.pdf：清单中没有这个文件"),
        (lambda contents: contents.pop("manifest.json"), "缺少 manifest.json 或其中的文件清单"),
        (lambda contents: contents.update({"manifest.json": b"[["}), "manifest.json 无法读取或格式不对"),
    ],
)
def test_verification_names_every_change(change, problem):
    target, _ = packed(member("a.pdf", b"original"))
    assert verify_package(rezipped(target, change)) == [problem]


def test_verification_of_what_is_no_zip_or_is_torn():
    target, _ = packed(member("a.pdf", b"original" * 100))
    assert "不是完整的 zip" in verify_package(io.BytesIO(b"hello"))[0]
    assert "不是完整的 zip" in verify_package(io.BytesIO(target.getvalue()[:-40]))[0]
    flipped = bytearray(target.getvalue())
    flipped[100] ^= 1
    assert "a.pdf" in verify_package(io.BytesIO(bytes(flipped)))[0]


@pytest.mark.clause("H1")
def test_the_name_that_the_notice_asks_for():
    fields = {"year": "2022", "project": "某某园区清洁生产审核创新试点项目", "applicant": "某某园区管委会"}
    assert (
        package_name("{year}+{project}+{applicant}.zip", fields)
        == "2022+某某园区清洁生产审核创新试点项目+某某园区管委会.zip"
    )


@given(st.text(), st.text())
def test_a_package_name_fits_any_file_system(project, applicant):
    name = package_name("2022+{project}+{applicant}.zip", {"project": project, "applicant": applicant})
    assert name.startswith("2022+")
    assert name.endswith(".zip")
    assert len(name.encode()) <= 200
    assert not set(name) & set('<>:"/\\|?*\n\x00')


def test_a_long_name_is_cut_at_its_longest_field():
    name = package_name("{a}+{b}.zip", {"a": "短", "b": "长" * 200})
    assert name.startswith("短+长长")
    assert name.endswith("长.zip")
    assert 195 <= len(name.encode()) <= 200
