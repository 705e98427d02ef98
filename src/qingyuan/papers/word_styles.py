"""Fonts, styles and page of Chinese official papers (GB/T 9704-2012) as the fixed parts of a Word file.

Sizes are half points (三号 = 32), lengths are twips (1 cm = 567). The fonts of official papers are often missing
outside of offices, so the font table names what may stand in for each.
"""

from __future__ import annotations

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

LATIN = "Times New Roman"
TITLE, HEI, KAI, FANG, SONG = "方正小标宋_GBK", "黑体", "楷体", "仿宋", "宋体"
_STAND_INS = {
    TITLE: "方正小标宋简体,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,Noto Serif CJK SC",
    HEI: "SimHei,Noto Sans CJK SC",
    KAI: "楷体_GB2312,KaiTi,华文楷体",
    FANG: "仿宋_GB2312,FangSong,华文仿宋",
    SONG: "SimSun,Noto Serif CJK SC",
}

GUIDANCE = "填写说明"
"""Name of the style of help texts in the outline; who reads a plan back drops them."""
AUTO_NUMBER = "AutoNumber"
"""Style of the part of a caption that the platform wrote: the number, and a title where the author gave none."""

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1588, 1474  # 3.7, 3.5, 2.8 and 2.6 cm
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_CENTER = '<w:jc w:val="center"/>'


def fonts(east_asia: str) -> str:
    """Run fonts: digits and Latin in Times, Chinese in `east_asia`, as official papers do."""
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{east_asia}" w:cs="{LATIN}"/>'


def page(*, numbered: bool, start: int | None = None, orientation: str = "portrait") -> str:
    """Section properties of an A4 page; `numbered` sections carry the page number footers rIdOdd and rIdEven."""
    wide = orientation == "landscape"
    size = (PAGE_HEIGHT, PAGE_WIDTH) if wide else (PAGE_WIDTH, PAGE_HEIGHT)
    footers = (
        '<w:footerReference w:type="default" r:id="rIdOdd"/><w:footerReference w:type="even" r:id="rIdEven"/>'
        if numbered
        else '<w:footerReference w:type="default" r:id="rIdNone"/><w:footerReference w:type="even" r:id="rIdNone"/>'
    )
    count = "" if start is None else f'<w:pgNumType w:start="{start}"/>'
    return (
        f'<w:sectPr>{footers}<w:type w:val="nextPage"/><w:pgSz w:w="{size[0]}" w:h="{size[1]}"'
        f"{' w:orient=' + chr(34) + 'landscape' + chr(34) if wide else ''}/>"
        f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="851" w:footer="1588" w:gutter="0"/>'
        f"{count}</w:sectPr>"
    )


def _style(
    style_id: str,
    name: str,
    *,
    font: str = FANG,
    size: int = 32,
    paragraph: str = "",
    run: str = "",
    base: str = "Normal",
    following: str = "",
) -> str:
    based = f'<w:basedOn w:val="{base}"/>' if style_id != base else ""
    after = f'<w:next w:val="{following}"/>' if following else ""
    default = ' w:default="1"' if style_id == "Normal" else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"{default}><w:name w:val="{name}"/>{based}{after}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr>"
        f'<w:rPr>{fonts(font)}{run}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _exact(twips: int, *, before: int = 0, after: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{twips}" w:lineRule="exact"/>'


def _heading(level: int, font: str, *, bold: bool) -> str:
    return _style(
        f"Heading{level}",
        f"heading {level}",
        font=font,
        paragraph=f'<w:keepNext/><w:keepLines/>{_exact(560)}{_INDENT}<w:outlineLvl w:val="{level - 1}"/>',
        run="<w:b/><w:bCs/>" if bold else "",
        following="BodyText",
    )


def _contents(level: int) -> str:
    tabs = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/></w:tabs>'
    indent = f'<w:ind w:left="{(level - 1) * 420}"/>'
    return _style(
        f"TOC{level}",
        f"toc {level}",
        size=28,
        font=HEI if level == 1 else FANG,
        paragraph=f"{tabs}{_exact(520)}{indent}",
    )


_TIGHT = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
STYLES = (
    f"{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANG)}<w:kern w:val='0'/><w:sz w:val='32'/>"
    '<w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    f"<w:pPrDefault/></w:docDefaults>"
    + _style("Normal", "Normal", paragraph=_exact(560))
    + _style("BodyText", "Body Text", paragraph=f'{_exact(560)}{_INDENT}<w:jc w:val="both"/>')
    + _style("Title", "Title", font=TITLE, size=44, paragraph=f"{_exact(760)}{_CENTER}")
    + _style("Subtitle", "Subtitle", font=KAI, paragraph=f"{_exact(600)}{_CENTER}")
    + _style("Cover", "Cover", font=FANG, paragraph=f"{_exact(640)}{_CENTER}")
    + "".join(
        _heading(level, font, bold=level == 3)
        for level, font in enumerate((HEI, KAI, FANG, FANG, FANG), start=1)
    )
    + _style("TOCHeading", "TOC Heading", font=HEI, size=36, paragraph=f"{_exact(640, after=240)}{_CENTER}")
    + _contents(1)
    + _contents(2)
    + _style(
        "Caption",
        "caption",
        font=HEI,
        size=24,
        paragraph=f"<w:keepNext/>{_exact(400, before=120)}{_CENTER}",
        following="BodyText",
    )
    + _style(
        "FigureCaption",
        "Figure Caption",
        font=HEI,
        size=24,
        paragraph=f"{_exact(400, after=120)}{_CENTER}",
        following="BodyText",
    )
    + _style(
        "Picture",
        "Picture",
        paragraph=f'<w:keepNext/><w:spacing w:before="120" w:line="240" w:lineRule="auto"/>{_CENTER}',
        following="FigureCaption",
    )
    + _style(
        "Guidance",
        GUIDANCE,
        font=KAI,
        size=24,
        paragraph=f"{_exact(400)}<w:ind w:firstLineChars='200' w:firstLine='480'/>",
        run='<w:color w:val="767676"/>',
        following="BodyText",
    )
    + _style(
        "FootnoteText",
        "footnote text",
        size=18,
        paragraph='<w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto"/>',
    )
    + _style("TableText", "Table Text", size=21, paragraph=_TIGHT)
    + _style("TableHead", "Table Head", font=HEI, size=21, paragraph=f"{_TIGHT}{_CENTER}")
    + _style("TableGap", "Table Gap", size=16, paragraph=_exact(240))
    + _style("TableNote", "Table Note", size=21, paragraph=_exact(320, after=160))
    + _style("ListParagraph", "List Paragraph", paragraph=f'{_exact(560)}<w:jc w:val="both"/>')
    + _style(
        "Quote",
        "Quote",
        font=KAI,
        paragraph=f'{_exact(560)}<w:ind w:left="640" w:right="320"/><w:jc w:val="both"/>',
    )
    + _style("Footer", "footer", font=SONG, size=28, paragraph='<w:spacing w:line="240" w:lineRule="auto"/>')
    + '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:u w:val="single"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    f'<w:style w:type="character" w:styleId="{AUTO_NUMBER}"><w:name w:val="{AUTO_NUMBER}"/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style></w:styles>"
)

FONT_TABLE = (
    f"{HEAD}<w:fonts {W}>"
    f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in _STAND_INS.items()
    )
    + "</w:fonts>"
)

SETTINGS = (
    f'{HEAD}<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>%(update)s<w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)


def field(code: str, shown: str, *, properties: str = "") -> str:
    """A field of Word with the text it shows until it is updated."""
    run = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return (
        f'<w:r>{run}<w:fldChar w:fldCharType="begin"/></w:r><w:r>{run}<w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r>{run}<w:fldChar w:fldCharType="separate"/></w:r><w:r>{run}<w:t>{shown}</w:t></w:r>'
        f'<w:r>{run}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def footer(side: str) -> str:
    """A footer part: the page number as — 1 —, one character in from the outer edge; empty for `side` none."""
    if side == "none":
        return f'{HEAD}<w:ftr {W}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr></w:p></w:ftr>'
    indent = (
        '<w:ind w:rightChars="100" w:right="280"/>'
        if side == "right"
        else '<w:ind w:leftChars="100" w:left="280"/>'
    )
    return (
        f'{HEAD}<w:ftr {W}><w:p><w:pPr><w:pStyle w:val="Footer"/>{indent}<w:jc w:val="{side}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">— </w:t></w:r>{field("PAGE", "1")}<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
    )


def _level(depth: int, form: str, text: str) -> str:
    left = 640 + 420 * (depth + 1)
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="420"/></w:pPr><w:rPr>{fonts(FANG)}</w:rPr></w:lvl>'
    )


_ORDERED = (("decimal", "%{}."), ("decimal", "(%{})"), ("decimalEnclosedCircle", "%{}"))
ABSTRACT_NUMBERS = (
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>'
    + "".join(_level(depth, "bullet", "•◦▪"[depth % 3]) for depth in range(9))
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/>'
    + "".join(
        _level(depth, _ORDERED[depth % 3][0], _ORDERED[depth % 3][1].format(depth + 1)) for depth in range(9)
    )
    + "</w:abstractNum>"
)
