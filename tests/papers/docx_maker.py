"""Word files as Word, WPS and LibreOffice build them, from raw parts: what the corpus of the reader is made of."""

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACES = (
    f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def style(identity, name, *, based="", level=None, number=""):
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if based else "")
        + "<w:pPr>"
        + (f'<w:numPr><w:numId w:val="{number}"/></w:numPr>' if number else "")
        + (f'<w:outlineLvl w:val="{level}"/>' if level is not None else "")
        + "</w:pPr></w:style>"
    )


# Word numbers its style ids in Chinese editions; WPS keeps 标题 N; LibreOffice derives styles of its own.
WORD = (
    style("1", "heading 1", level=0)
    + style("2", "heading 2", level=1)
    + style("3", "heading 3")
    + style("a", "Normal")
)
WPS = style("2", "标题 1") + style("3", "标题 2") + style("4", "标题 3")
OFFICE = (
    style("Heading", "Heading")
    + style("Kapitel", "一级标题", based="Heading")
    + style("Teil", "Teil", based="Heading", level=1)
)
NUMBERS = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
)


def p(text="", *, style="", properties="", runs=""):
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{r(text) if text else ''}{runs}</w:p>"


def r(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(*content, span=1, merge=None):
    merged = "" if merge is None else f'<w:vMerge w:val="{merge}"/>' if merge else "<w:vMerge/>"
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merged}</w:tcPr>{"".join(content) or p()}</w:tc>'


def tbl(*rows, head=0):
    made = "".join(
        f"<w:tr><w:trPr>{'<w:tblHeader/>' if index < head else ''}</w:trPr>{''.join(cells)}</w:tr>"
        for index, cells in enumerate(rows)
    )
    return f"<w:tbl><w:tblPr/>{made}</w:tbl>"


def inline_picture(identity="rIdP", alt="", kind="inline"):
    return (
        f'<w:r><w:drawing><wp:{kind}><wp:docPr id="1" name="x" descr="{alt}"/><a:graphic><a:graphicData><a:blip r:embed="{identity}"/>'
        f"</a:graphicData></a:graphic></wp:{kind}></w:drawing></w:r>"
    )


def build(*body, styles=WORD, numbers=NUMBERS, notes="", media=None, links=None):
    """An open file with a document of the given body elements."""
    relations = [
        ("rIdS", "styles", "styles.xml", ""),
        ("rIdN", "numbering", "numbering.xml", ""),
        ("rIdF", "footnotes", "footnotes.xml", ""),
    ]
    relations += [
        (identity, "image", f"media/{name}", "") for identity, (name, _data) in (media or {}).items()
    ]
    relations += [
        (identity, "hyperlink", url, ' TargetMode="External"') for identity, url in (links or {}).items()
    ]
    rels = "".join(
        f'<Relationship Id="{i}" Type="{RELATION}/{kind}" Target="{target}"{mode}/>'
        for i, kind, target, mode in relations
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            f"<w:document {SPACES}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>",
        )
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{PACKAGE}">{rels}</Relationships>'
        )
        archive.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
        archive.writestr("word/numbering.xml", f"<w:numbering {W}>{numbers}</w:numbering>")
        archive.writestr("word/footnotes.xml", f"<w:footnotes {SPACES}>{notes}</w:footnotes>")
        for name, data in (media or {}).values():
            archive.writestr(f"word/media/{name}", data)
    target.seek(0)
    return target
