"""Word documents in the layout of Chinese official papers (GB/T 9704-2012).

Typefaces are only named in the file: the reader's office has them.
"""

from datetime import UTC
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat

from sangyu.kit import clock

FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONGTI = "宋体"
XIAOBIAOSONG = "方正小标宋简体"

BODY_SIZE = Pt(16)  # 三号
TITLE_SIZE = Pt(22)  # 二号
PAGE_NUMBER_SIZE = Pt(14)  # 四号
BODY_LINE = Pt(28.95)  # 22 lines in the 225 mm of the type area
CONTROLS = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF))
ORNAMENTS = "./w:pPr/w:pBdr | ./w:pPr/w:contextualSpacing | ./w:rPr/w:spacing | ./w:rPr/w:kern"

HEADING_FONTS = {1: HEITI, 2: KAITI}  # 一、 and （一）

# The number's dash stands 7 mm below the type area, so its line ends 25 mm above the paper's edge.
FOOTER_DISTANCE = Mm(25)


def new_document(title: str) -> WordDocument:
    """An empty A4 document with the margins, styles and page numbers of the norm; `title` is its property only."""
    document = Document()
    document.settings.odd_and_even_pages_header_footer = True
    _set_paper(document.sections[0])
    _set_styles(document)
    _number_pages(document.sections[0])
    properties = document.core_properties
    properties.title, properties.author, properties.comments = legible(title), "", ""
    properties.language = "zh-CN"
    # The file format keeps UTC and knows no zone.
    properties.created = properties.modified = clock.now().astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return document


def add_title(document: WordDocument, text: str) -> Paragraph:
    """小标宋 22 pt, centred; a line end in the text divides a long title by sense."""
    return document.add_paragraph(legible(text), style="Title")


def add_heading(document: WordDocument, text: str, level: int) -> Paragraph:
    """Level 1 (一、) is 黑体, level 2 (（一）) is 楷体; the text brings its own number."""
    return document.add_paragraph(legible(text), style=f"Heading {level}")


def add_body(document: WordDocument, text: str) -> Paragraph:
    """仿宋 16 pt, first line two characters in."""
    paragraph = document.add_paragraph(legible(text))
    indent_two_characters(paragraph.paragraph_format, BODY_SIZE)
    return paragraph


def to_bytes(document: WordDocument) -> bytes:
    """The document as a .docx file."""
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def legible(text: str) -> str:
    """The text without control characters: XML cannot hold them, and one pasted in would spoil the whole file."""
    return text.translate(CONTROLS)


def add_table_style(document: WordDocument, name: str, font: str, size: Length, line: Length) -> ParagraphStyle:
    """A paragraph style for tables: `size` and the exact `line` height in points, no indent."""
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = document.styles["Normal"]
    set_font(style, font, size)
    exact_line(style.paragraph_format, line)
    return style


def set_font(style: ParagraphStyle, font: str, size: Length) -> None:
    """One typeface for all scripts, black, upright.

    Latin has the same one on purpose: Word takes Chinese quotation marks from the Latin one, where they are narrow.
    """
    style.font.name, style.font.size = font, size
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's typeface would win over the named one
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)


def exact_line(layout: ParagraphFormat, line: Length) -> None:
    """Every line exactly this high, nothing before or after the paragraph."""
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = line
    layout.space_before = layout.space_after = Pt(0)


def indent_two_characters(layout: ParagraphFormat, size: Length) -> None:
    """First line two characters of `size` in; told in characters too, so that it survives a change of size."""
    layout.first_line_indent = Length(2 * size)
    layout.element.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")


def _set_paper(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = FOOTER_DISTANCE
    section.gutter = Mm(0)


def _set_styles(document: WordDocument) -> None:
    _speak_chinese(document)
    _style(document, "Normal", FANGSONG, BODY_SIZE)
    _style(document, "Title", XIAOBIAOSONG, TITLE_SIZE).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for level, font in HEADING_FONTS.items():
        indent_two_characters(_style(document, f"Heading {level}", font, BODY_SIZE).paragraph_format, BODY_SIZE)
    _style(document, "Footer", SONGTI, PAGE_NUMBER_SIZE).paragraph_format.line_spacing = 1


def _style(document: WordDocument, name: str, font: str, size: Length) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    set_font(style, font, size)
    exact_line(style.paragraph_format, BODY_LINE)
    for ornament in style.element.xpath(ORNAMENTS):  # lines and kerning of the stock styles
        ornament.getparent().remove(ornament)
    return style


def _speak_chinese(document: WordDocument) -> None:
    """Chinese rules for where a line may break: without them a comma can start one."""
    for language in document.styles.element.xpath("./w:docDefaults//w:lang"):
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")


def _number_pages(section: Section) -> None:
    """— 1 —, odd pages on the right, even ones on the left, one character in (GB/T 9704-2012, 7.5)."""
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "Footer"
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = PAGE_NUMBER_SIZE
        paragraph.add_run("— ")
        _add_page_field(paragraph)
        paragraph.add_run(" —")


def _add_page_field(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._r.append(instruction)
