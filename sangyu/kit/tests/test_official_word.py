"""Official papers have the measures of GB/T 9704-2012."""

from datetime import datetime
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle

from sangyu.kit import clock, official_word


def paper() -> WordDocument:
    document = official_word.new_document("情况报告")
    official_word.add_title(document, "关于离退休干部工作的报告")
    official_word.add_heading(document, "一、基本情况", 1)
    official_word.add_heading(document, "（一）组织", 2)
    official_word.add_body(document, "全市共有“银发先锋”10支。")
    return Document(BytesIO(official_word.to_bytes(document)))


def style(document: WordDocument, name: str) -> ParagraphStyle:
    found = document.styles[name]
    assert isinstance(found, ParagraphStyle)
    return found


def test_the_paper_is_a4_with_the_margins_of_the_norm() -> None:
    section = paper().sections[0]
    measures = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    for measure, wanted in zip(measures, (210, 297, 37, 35), strict=True):
        assert measure is not None and measure.mm == pytest.approx(wanted, abs=0.5)
    assert section.left_margin is not None and section.left_margin.mm == pytest.approx(28, abs=0.5)
    assert section.right_margin is not None and section.right_margin.mm == pytest.approx(26, abs=0.5)


@pytest.mark.parametrize(
    ("name", "font", "size"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Footer", "宋体", 14),
    ],
)
def test_each_part_has_its_typeface_for_chinese_too(name: str, font: str, size: float) -> None:
    found = style(paper(), name)
    fonts = found.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {font}
    assert not [key for key in fonts.attrib if "heme" in key]
    assert found.font.size is not None and found.font.size.pt == size
    assert not found.font.bold


def test_a_line_is_28_95_points_so_that_22_fill_the_page() -> None:
    layout = style(paper(), "Normal").paragraph_format
    assert layout.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert isinstance(layout.line_spacing, int)
    assert layout.line_spacing / 12700 == pytest.approx(28.95, abs=0.05)
    assert 22 * 28.95 <= 225 / 25.4 * 72 < 23 * 28.95


def test_the_title_is_centred_without_a_line_under_it() -> None:
    title = style(paper(), "Title")
    assert title.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert title.element.xpath(".//w:pBdr") == []


def test_a_paragraph_begins_two_characters_in() -> None:
    body = paper().paragraphs[-1]
    assert body.text == "全市共有“银发先锋”10支。"
    assert body.paragraph_format.first_line_indent is not None
    assert body.paragraph_format.first_line_indent.pt == 32


def test_page_numbers_stand_outside_odd_right_and_even_left() -> None:
    document = paper()
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert section.even_page_footer.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.LEFT
    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[0].text == "— 1 —"
        assert [field.text for field in footer._element.iter(qn("w:instrText"))] == [" PAGE "]


def test_the_properties_name_the_paper_and_nobody_else() -> None:
    with clock.at(datetime(2026, 11, 12, 9, 0, tzinfo=clock.SHANGHAI)):
        properties = paper().core_properties
    assert (properties.title, properties.author, properties.comments) == ("情况报告", "", "")
    assert properties.created is not None and properties.created.replace(tzinfo=None) == datetime(2026, 11, 12, 1, 0)


def test_a_pasted_control_character_does_not_spoil_the_paper() -> None:
    document = official_word.new_document("a\x00b")
    official_word.add_body(document, "甲\x0b乙\x1f丙")
    assert Document(BytesIO(official_word.to_bytes(document))).paragraphs[0].text == "甲乙丙"
