"""The page and the styles of Annex 2 in Word as GB/T 9704 has them; fonts are named, so Word and WPS take those they have."""

from __future__ import annotations

from typing import Final

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

BODY: Final = "仿宋_GB2312"
HEI: Final = "黑体"
TITLE_FONT: Final = "方正小标宋简体"
TEXT_WIDTH: Final = 8844  # twentieths of a point: 156 mm
_KAI, _SONG, _LATIN = "楷体_GB2312", "宋体", "Times New Roman"
_W = nsdecls("w")
_LINE = 578  # 28.9 points
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_KEEP = "<w:keepNext/><w:keepLines/>"
_LEADER = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/></w:tabs>'
_CENTRED = '<w:jc w:val="center"/>'
_LINKED = ("Heading1Char", "Heading2Char", "TitleChar", "SubtitleChar", "BodyTextChar", "FooterChar")
_WORD_2013 = "15"
_FOOTER_FROM_EDGE = 22.0  # mm; the number then stands 7 mm below the text


def set_page(document: Document) -> None:
    """Make the (only) section A4 with the margins of official papers."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(_FOOTER_FROM_EDGE)


def set_styles(document: Document) -> None:
    """Define every style that the report uses, and take the theme's fonts, which would win, from all others."""
    root = document.styles.element
    for fonts in root.iter(qn("w:rFonts")):
        for name in [each for each in fonts.attrib if "heme" in each]:
            del fonts.attrib[name]
    defaults = root.find(qn("w:docDefaults"))
    root.replace(defaults, parse_xml(f"<w:docDefaults {_W}>{_DEFAULTS}</w:docDefaults>"))
    known = {style.get(qn("w:styleId")): style for style in root.findall(qn("w:style"))}
    for gone in _LINKED:
        if gone in known:
            root.remove(known[gone])
    for identity, xml in _styles().items():
        style = parse_xml(xml)
        if identity in known:
            root.replace(known[identity], style)
        else:
            root.append(style)


def set_settings(document: Document) -> None:
    """Let Word open the file as one of its own time and language, not in its compatibility mode."""
    root = document.settings.element
    for setting in root.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), _WORD_2013)
    for languages in root.iter(qn("w:themeFontLang")):
        languages.set(qn("w:eastAsia"), "zh-CN")


def run_properties(font: str, half_points: int) -> str:
    """Return what makes a run stand in a font and size."""
    fonts = f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{font}" w:cs="{_LATIN}"/>'
    return f'{fonts}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_DEFAULTS = (
    f'<w:rPrDefault><w:rPr>{run_properties(BODY, 32)}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
    "</w:rPrDefault><w:pPrDefault/>"
)


def _styles() -> dict[str, str]:
    """Return the XML of the styles by id."""
    return {
        "Normal": _style("Normal", "Normal", BODY, 32, _spacing(_LINE), is_default=True),
        "Title": _style("Title", "Title", TITLE_FONT, 44, _spacing(720) + _CENTRED),
        "Subtitle": _style("Subtitle", "Subtitle", BODY, 32, _spacing(_LINE) + _CENTRED),
        "Heading1": _heading(1, HEI),
        "Heading2": _heading(2, _KAI),
        "BodyText": _style("BodyText", "Body Text", BODY, 32, _spacing(_LINE) + _INDENT + '<w:jc w:val="both"/>'),
        "Caption": _style("Caption", "caption", HEI, 24, f"<w:keepLines/>{_spacing(440)}{_CENTRED}"),
        "TOCHeading": _style("TOCHeading", "TOC Heading", HEI, 32, _spacing(_LINE, after=200) + _CENTRED),
        "TOC1": _style("TOC1", "toc 1", HEI, 28, _LEADER + _spacing(480)),
        "TOC2": _style("TOC2", "toc 2", BODY, 28, _LEADER + _spacing(480) + '<w:ind w:left="560"/>'),
        "Footer": _style("Footer", "footer", _SONG, 28, _spacing(320)),
        "AnnexTable": _style("AnnexTable", "表格文字", BODY, 21, _spacing(300)),
        "AnnexFigure": _style(
            "AnnexFigure",
            "图",
            BODY,
            32,
            '<w:keepNext/><w:spacing w:before="160" w:after="0" w:line="240" w:lineRule="auto"/>' + _CENTRED,
        ),
        "AnnexNote": _style("AnnexNote", "表注", BODY, 21, _spacing(320, before=80, after=80)),
        "AnnexEnd": _style("AnnexEnd", "落款", BODY, 32, f'{_KEEP}{_spacing(_LINE)}<w:jc w:val="right"/>'),
    }


def _heading(level: int, font: str) -> str:
    outline = f'<w:outlineLvl w:val="{level - 1}"/>'
    paragraph = _KEEP + _spacing(_LINE) + _INDENT + outline
    return _style(f"Heading{level}", f"heading {level}", font, 32, paragraph, following="BodyText")


def _style(
    identity: str,
    name: str,
    font: str,
    half_points: int,
    paragraph: str,
    *,
    following: str = "",
    is_default: bool = False,
) -> str:
    based = "" if is_default else '<w:basedOn w:val="Normal"/>'
    after = f'<w:next w:val="{following}"/>' if following else ""
    default = ' w:default="1"' if is_default else ""
    return (
        f'<w:style {_W} w:type="paragraph"{default} w:styleId="{identity}"><w:name w:val="{name}"/>{based}{after}'
        f'<w:uiPriority w:val="1"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f"<w:rPr>{run_properties(font, half_points)}</w:rPr></w:style>"
    )


def _spacing(line: int, before: int = 0, after: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="exact"/>'
