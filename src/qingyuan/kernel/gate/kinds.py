"""What a file is, told from its content alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 4096
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how people call it, and (where it is refused) why and how to mend it."""

    key: str
    title: str
    code: str = "wrong_kind"
    mend: str = ""
    media_type: str = "application/octet-stream"
    extensions: tuple[str, ...] = ()


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED = {
    kind.key: kind
    for kind in (
        Kind("docx", "Word 文档（docx）", media_type=_WORD, extensions=("docx",)),
        Kind("xlsx", "Excel 工作簿（xlsx）", media_type=_SHEET, extensions=("xlsx",)),
        Kind("pdf", "PDF 文档", media_type="application/pdf", extensions=("pdf",)),
        Kind("ofd", "OFD 版式文档", media_type="application/ofd", extensions=("ofd",)),
        Kind("png", "PNG 图片", media_type="image/png", extensions=("png",)),
        Kind("jpg", "JPEG 图片", media_type="image/jpeg", extensions=("jpg", "jpeg", "jpe", "jfif")),
        Kind(
            "geojson", "GeoJSON 地理数据", media_type="application/geo+json", extensions=("geojson", "json")
        ),
    )
}

_PROGRAM = "程序文件可能损害审阅者的电脑，一律不收。请核对是否选错了文件，只上传材料本身。"
_SCRIPT = "这类文件可以携带并运行脚本，一律不收。请打印或另存为 PDF 后上传。"
_ARCHIVE = "请解压后把里面的文件逐个上传，平台会自动打包。"
_OLD = "旧格式可以暗藏宏，无法可靠检查。请用 Office 或 WPS 打开，另存为 {} 后上传。"
_MACRO = "启用宏的文件打开时可能运行程序，一律不收。请另存为不带宏的 {} 后上传。"
_PICTURE = "请用“画图”等看图软件另存为 PNG 或 JPG 后上传。"
REFUSED = {
    kind.key: kind
    for kind in (
        Kind("exe", "Windows 程序（exe/dll）", "program", _PROGRAM),
        Kind("elf", "Linux 程序", "program", _PROGRAM),
        Kind("macho", "macOS 程序或 Java 类文件", "program", _PROGRAM),
        Kind(
            "lnk", "Windows 快捷方式", "program", "快捷方式可以启动程序，一律不收。请上传它指向的文件本身。"
        ),
        Kind("jar", "Java 或安卓程序包（jar/apk）", "program", _PROGRAM),
        Kind("script", "脚本程序", "script", _SCRIPT),
        Kind("html", "网页（HTML）", "script", _SCRIPT),
        Kind("mht", "网页归档（MHT）或邮件", "script", _SCRIPT),
        Kind("svg", "SVG 图形", "script", "SVG 可以携带脚本，一律不收。请导出为 PNG 或 PDF 后上传。"),
        Kind("rar", "RAR 压缩包", "archive", _ARCHIVE),
        Kind("7z", "7z 压缩包", "archive", _ARCHIVE),
        Kind("gz", "gzip/bzip2/xz/tar/cab 压缩包", "archive", _ARCHIVE),
        Kind("zip", "ZIP 压缩包", "archive", _ARCHIVE),
        Kind(
            "locked",
            "加了打开密码的 Office 文件",
            "encrypted",
            "加密后平台和审阅者都无法查看。请打开后在“文件→信息→保护文档”中去掉密码，保存后上传。",
        ),
        Kind("doc", "旧版 Word 或 WPS 文字文档（doc/wps）", mend=_OLD.format("docx")),
        Kind("xls", "旧版 Excel 或 WPS 表格（xls/et）", mend=_OLD.format("xlsx")),
        Kind("ppt", "旧版演示文稿（ppt/dps）", mend="请导出为 PDF 后上传。"),
        Kind("ole", "OLE 复合文件", mend="请用原来的软件打开，另存为 docx、xlsx 或 PDF 后上传。"),
        Kind("docm", "启用宏的 Word 文档（docm）", "macros", _MACRO.format("docx")),
        Kind("xlsm", "启用宏的 Excel 工作簿（xlsm）", "macros", _MACRO.format("xlsx")),
        Kind("xlsb", "二进制 Excel 工作簿（xlsb）", mend="请另存为 xlsx 后上传。"),
        Kind("dotx", "Word 模板（dotx）", mend="请用它新建文档，另存为 docx 后上传。"),
        Kind("xltx", "Excel 模板（xltx）", mend="请用它新建工作簿，另存为 xlsx 后上传。"),
        Kind("pptx", "演示文稿（pptx）", mend="请导出为 PDF 后上传。"),
        Kind("odf", "OpenDocument 文档（odt/ods）", mend="请另存为 docx、xlsx 或 PDF 后上传。"),
        Kind("rtf", "RTF 文档", mend="请另存为 docx 或 PDF 后上传。"),
        Kind("ps", "PostScript 文件", "script", "请转换为 PDF 后上传。"),
        Kind("gif", "GIF 图片", mend=_PICTURE),
        Kind("webp", "WebP 图片", mend=_PICTURE),
        Kind("tiff", "TIFF 图片", mend=_PICTURE),
        Kind("bmp", "BMP 图片", mend=_PICTURE),
        Kind("heic", "HEIC/AVIF 图片", mend="请在手机或看图软件中另存为 JPG 后上传。"),
        Kind("video", "音频或视频", mend="平台不收音视频。请上传文字材料或图片。"),
        Kind("dwg", "CAD 图纸（dwg）", mend="请在 CAD 软件中打印为 PDF 后上传。"),
        Kind("caj", "CAJ 文献", mend="请转换为 PDF 后上传。"),
        Kind("kml", "KML 地理数据", mend="请转换为 GeoJSON 后上传。"),
        Kind("shp", "Shapefile 地理数据", mend="请转换为 GeoJSON 后上传。"),
        Kind("xml", "XML 文件", mend="请打印或另存为 PDF 后上传。"),
        Kind("text", "纯文本", mend="请另存为 docx 或 PDF 后上传；表格请另存为 xlsx。"),
        Kind(
            "unknown",
            "无法识别的内容",
            "unknown_kind",
            "文件可能已损坏。请用原来的软件打开确认，另存后再上传。",
        ),
    )
}
KINDS = ACCEPTED | REFUSED

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpg"),
    (0, CFB, "ole"),
    (0, b"\x7fELF", "elf"),
    (0, b"\xca\xfe\xba\xbe", "macho"),
    (0, b"\xcf\xfa\xed\xfe", "macho"),
    (0, b"\xce\xfa\xed\xfe", "macho"),
    (0, b"\xfe\xed\xfa\xcf", "macho"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "lnk"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b\x08", "gz"),
    (0, b"\xfd7zXZ\x00", "gz"),
    (0, b"\x28\xb5\x2f\xfd", "gz"),
    (4, b"1AY&SY", "gz"),
    (0, b"MSCF\x00\x00\x00\x00", "gz"),
    (257, b"ustar", "gz"),
    (0, b"{\\rt", "rtf"),
    (0, b"%!PS", "ps"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (4, b"ftyphei", "heic"),
    (4, b"ftypmif1", "heic"),
    (4, b"ftypavif", "heic"),
    (4, b"ftyp", "video"),
    (8, b"AVI ", "video"),
    (8, b"WAVE", "video"),
    (0, b"ID3", "video"),
    (0, b"OggS", "video"),
    (0, b"\x1aE\xdf\xa3", "video"),
    (0, b"AC10", "dwg"),
    (0, b"CAJ\x00", "caj"),
    (0, b"\x00\x00\x27\x0a", "shp"),
)
_TEXTUAL: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"#!|@echo off|<\?php|<%|on error resume next|powershell", re.IGNORECASE), "script"),
    (re.compile(rb"mime-version:|from:|received:|return-path:", re.IGNORECASE), "mht"),
)
_ROOT = re.compile(
    rb"<(?![!?])(?:[A-Za-z0-9_.-]+:)?([A-Za-z0-9_.-]+)",
)
_HTML = re.compile(rb"<!doctype\s+html|<(?:html|head|body|script|iframe|table|meta)[\s>/]", re.IGNORECASE)


def magic(head: bytes) -> str | None:
    """The key of a binary kind by its magic numbers, or None."""
    for offset, mark, key in _MAGIC:
        if head.startswith(mark, offset):
            return key
    if head[:2] == b"MZ":
        return "exe"
    if head[:2] == b"BM" and len(head) > 18 and head[6:10] == b"\0\0\0\0":
        return "bmp"
    return None


def is_program(head: bytes) -> bool:
    """Stricter than `magic`: for members of a document, where two chance bytes may read MZ."""
    if magic(head) in {"elf", "macho", "lnk"}:
        return True
    at = int.from_bytes(head[60:64], "little") if head[:2] == b"MZ" else len(head)
    return head[at : at + 4] == b"PE\0\0"


def sniff(file: BinaryIO) -> str:
    """The key of the kind of `file`; "zip" and "json" are decided further by those who read them."""
    file.seek(0)
    head = file.read(HEAD)
    key = magic(head)
    if key == "ole":
        return _compound(file, head)
    if key:
        return key
    return _textual(head)


def _compound(file: BinaryIO, head: bytes) -> str:
    """Which old Office kind a compound file is, by the names in its directory's first sectors."""
    shift = int.from_bytes(head[30:32], "little")
    first = int.from_bytes(head[48:52], "little")
    names = b""
    if shift in {9, 12} and first < 1 << 24:
        file.seek((first + 1) << shift)
        names = file.read(HEAD)
    for name, key in (
        ("EncryptedPackage", "locked"),
        ("EncryptionInfo", "locked"),
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("PowerPoint", "ppt"),
    ):
        if name.encode("utf-16-le") in names:
            return key
    return "ole"


def _textual(head: bytes) -> str:
    wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[:4] in {b"<\0?\0", b"\0<\0?"}
    body = head.replace(b"\0", b"") if wide else head
    for mark in _BOMS:
        body = body.removeprefix(mark)
    body = body.lstrip(b" \t\r\n\f\0")
    if key := next((key for pattern, key in _TEXTUAL if pattern.match(body)), None):
        return key
    # A page that also carries a PDF mark is still a page; so markup is judged before PDF.
    if body.startswith(b"<"):
        return _markup(body)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if body.startswith((b"{", b"[")) and not wide:
        return "json"
    if b"\0" not in body and _HTML.search(body):
        return "html"
    return "text" if wide or _is_text(body) else "unknown"


def _markup(body: bytes) -> str:
    root = _ROOT.search(body)
    name = root[1].lower() if root else b""
    if name == b"svg":
        return "svg"
    if _HTML.search(body):
        return "html"
    if name == b"kml":
        return "kml"
    return "xml" if body.startswith(b"<?xml") or root else "unknown"


def _is_text(body: bytes) -> bool:
    if not body or b"\0" in body:
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in body[:512])
    if control:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            body[:-4].decode(encoding) if len(body) > 64 else body.decode(encoding)
        except UnicodeDecodeError as error:
            # The head may cut the last character in two.
            if error.start < len(body) - 8:
                continue
        return True
    return False
