"""Why a file is refused: one code for programs, one Chinese sentence for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

# Every code the gate can give. The table of docs/security/upload-gate.md lists the same.
CODES = {
    # what the file is
    "empty": "no content at all",
    "unknown_kind": "content of no kind that the gate knows",
    "wrong_kind": "a known kind that the platform does not take",
    "not_allowed_here": "a kind that the platform takes, but not at this place",
    "name_mismatch": "the extension of the name contradicts the content",
    "program": "an executable program or library",
    "script": "a script or a page that can run script",
    "archive": "an archive where a document is expected",
    "encrypted": "a document locked with a password",
    # zip containers
    "archive_damaged": "truncated, wrong check sum, inconsistent directory",
    "archive_bomb": "unpacks to far more than it claims or than is sane",
    "archive_too_many": "too many entries",
    "archive_path": "an entry's name leaves the folder or is not portable",
    "archive_duplicate": "two entries of one name",
    "archive_link": "a symbolic link or special file",
    "archive_encrypted": "an encrypted entry",
    "archive_overlap": "entries share bytes",
    "archive_zip64": "64-bit zip structures, which no honest document of this size needs",
    "archive_method": "a compression other than stored or deflate",
    "archive_nested": "an archive inside the document",
    "extra_data": "bytes before, between or after what belongs to the format",
    # XML
    "xml_dtd": "a document type or entity declaration",
    "xml_malformed": "XML that cannot be read",
    "xml_encoding": "XML in an encoding that hides its content",
    "too_complex": "more elements or a longer token than any honest document",
    # Office
    "office_damaged": "parts that every Office file has are missing or contradictory",
    "macros": "VBA, Excel 4.0 macro sheets or macro-enabled content types",
    "ole_object": "an embedded or linked OLE object",
    "embedded_file": "another file embedded as a whole",
    "activex": "an ActiveX control",
    "dde": "a DDE field, link or formula",
    "hidden_field": "a field whose instruction is assembled so that it cannot be read",
    "remote_field": "a field that fetches a remote picture or text",
    "remote_template": "a template on another machine",
    "remote_image": "a picture outside the file",
    "external_relationship": "any other reference that is fetched from outside",
    "hyperlink_scheme": "a hyperlink that starts a program or script",
    "custom_ui": "custom ribbon, toolbar or key map",
    "alt_chunk": "imported content in another format (altChunk)",
    "web_extension": "an Office add-in that loads remote content",
    "mail_merge": "a mail merge data source",
    "connections": "a data connection or query",
    "dangerous_formula": "a formula that reaches outside the workbook",
    "svg_active": "an SVG picture with script or outside references",
    # PDF
    "pdf_damaged": "header or end missing",
    "pdf_encrypted": "an encrypted PDF",
    "pdf_javascript": "JavaScript",
    "pdf_launch": "an action that starts programs or opens other files",
    "pdf_embedded": "embedded files",
    "pdf_media": "rich media or renditions",
    "pdf_xfa": "an XFA form",
    "pdf_obscured": "an object stream that cannot be looked into",
    # pictures
    "image_damaged": "the picture's structure does not hold together",
    "image_too_large": "too many pixels",
    # GeoJSON
    "geojson_invalid": "not GeoJSON, or a structure that does not hold together",
    "geojson_too_large": "too large or too deep",
    "geojson_range": "coordinates out of range",
}

_SHOWN = 3


class RefusedContent(Exception):  # noqa: N818  # the contract's name: what happened, not a fault of the program
    """The file is refused; `reason` says in Chinese what was found, why that is refused and how to mend it.

    `codes` holds every code found (the first is `code`), for statistics and tests.
    """

    def __init__(self, code: str, reason: str, codes: tuple[str, ...] = ()) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason
        self.codes = codes or (code,)
        assert all(each in CODES for each in self.codes), self.codes

    def __str__(self) -> str:
        return self.reason


class Findings:
    """Collects all problems of one file, so that its owner can mend them in one go."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self._found: dict[str, tuple[str, list[str]]] = {}

    def refuse(self, code: str, reason: str, where: str = "") -> None:
        places = self._found.setdefault(code, (reason, []))[1]
        if where and where not in places:
            places.append(where)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def conclude(self) -> list[str]:
        """Raise RefusedContent if anything was refused; otherwise give the warnings."""
        if self._found:
            codes = tuple(self._found)
            raise RefusedContent(codes[0], "".join(self._sentences()), codes)
        return self.warnings

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Turn a RefusedContent of one part into a finding and go on with the next part."""
        try:
            yield
        except RefusedContent as refused:
            self.refuse(refused.code, refused.reason)

    def _sentences(self) -> Iterator[str]:
        many = len(self._found) > 1
        for number, (reason, places) in enumerate(self._found.values(), 1):
            shown = "、".join(places[:_SHOWN])
            rest = f" 等 {len(places)} 处" if len(places) > _SHOWN else ""
            yield (f"（{number}）" if many else "") + reason + (f"（位置：{shown}{rest}）" if places else "")
