"""The printed page says all that the record book asks, for one branch."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table

from sangyu.activities import ledger_page
from sangyu.activities.ledger_page import LedgerPage
from sangyu.kit import clock

NAMES = [f"{surname}{given}" for surname in "王李张刘陈杨赵黄周吴徐" for given in ("建国", "秀英", "德", "玉珍")]
FULL = LedgerPage(
    branch="市人社局离退休干部党支部",
    kinds=["支部党员大会", "主题党日", "党课"],
    title="学习全会精神",
    planned_start=datetime(2026, 11, 12, 9, 0, tzinfo=clock.SHANGHAI),
    planned_end=datetime(2026, 11, 12, 11, 5, tzinfo=clock.SHANGHAI),
    place="三楼会议室",
    chair="王建国",
    recorder="李秀英",
    expected=52,
    present=44,
    online=3,
    sent_home=2,
    present_names=NAMES,
    online_names=["甲一", "乙二", "丙三"],
    sent_home_names=["丁四", "阿卜杜拉·买买提"],
    leave=[("张三", "住院"), ("李四", "探亲")],
    absent=[("王五", "")],
    observers=["赵科长"],
    agenda=["学习", "讨论"],
    minutes="第一段。\n\n第二段。",
    resolutions=["同意每月送学两次"],
    joint="与“支部联盟”10个支部联合开展，各支部分别点名、分别记录",
    corrections=["2026年11月13日 更正：张三 由缺席改为请假"],
    closed_at=datetime(2026, 11, 12, 9, 30, tzinfo=UTC),
)
EMPTY = LedgerPage(
    branch="",
    kinds=[],
    title="",
    planned_start=FULL.planned_start,
    planned_end=FULL.planned_end,
    place="",
    chair="",
    recorder="",
    expected=0,
    present=0,
)


def opened(content: bytes) -> WordDocument:
    return Document(BytesIO(content))


def table_of(page: LedgerPage) -> Table:
    return opened(ledger_page.render(page)).tables[0]


def fields(page: LedgerPage) -> dict[str, str]:
    """The content beside each label, blanks in labels left out."""
    return {row.cells[0].text.replace("　", ""): row.cells[1].text for row in table_of(page).rows}


def counts(page: LedgerPage) -> dict[str, str]:
    rows = table_of(page).rows
    at = next(at for at, row in enumerate(rows) if row.cells[1].text == "应到")
    pairs = zip(rows[at].cells[1:], rows[at + 1].cells[1:], strict=True)
    return {name.text: number.text for name, number in pairs}


def test_the_head_says_what_when_where_and_who() -> None:
    said = fields(FULL)
    assert said["支部名称"] == "市人社局离退休干部党支部"
    assert said["活动名称"] == "学习全会精神"
    assert said["会议类型"] == "支部党员大会、主题党日、党课"
    assert said["时间"] == "2026年11月12日（星期四）9:00—11:05"
    assert said["地点"] == "三楼会议室"
    assert said["主 持 人"] == "王建国"
    assert "李秀英" in [cell.text for row in table_of(FULL).rows for cell in row.cells]


def test_the_roll_is_counted() -> None:
    assert counts(FULL) == {"应到": "52", "实到": "44", "线上": "3", "送学上门": "2", "请假": "2", "缺席": "1"}


def test_every_one_of_44_names_is_there_whole() -> None:
    assert fields(FULL)["到场人员"].split() == NAMES
    assert fields(FULL)["线上参加"].split() == ["甲一", "乙二", "丙三"]
    assert fields(FULL)["送学上门"].split() == ["丁四", "阿卜杜拉·买买提"]


def test_who_was_away_has_a_reason() -> None:
    assert fields(FULL)["请假"] == "张三（住院）；李四（探亲）"
    assert fields(FULL)["缺席"] == "王五（未写明事由）"


def test_the_record_has_paragraphs_resolutions_and_corrections() -> None:
    said = fields(FULL)
    assert said["议题议程"] == "1. 学习\n2. 讨论"
    assert said["会议记录"] == "第一段。\n第二段。"
    assert said["决议"] == "同意每月送学两次"
    assert said["联合开展"] == FULL.joint
    assert said["更正"] == FULL.corrections[0]
    assert said["归档时间"] == "2026年11月12日17:30"
    assert said["列席人员"] == "赵科长"


def test_what_is_empty_is_said_to_be_none() -> None:
    said = fields(EMPTY)
    for label in ("支部名称", "活动名称", "会议类型", "地点", "主 持 人", "到场人员", "请假", "缺席", "列席人员"):
        assert said[label] == "无"
    for label in ("联合开展", "议题议程", "会议记录", "决议", "更正"):
        assert said[label] == "无"
    assert said["归档时间"] == "尚未归档"
    assert set(counts(EMPTY).values()) == {"0"}


def test_three_people_sign() -> None:
    texts = [cell.text for cell in table_of(FULL).rows[-1].cells]
    for words in ("主持人签字：", "记录人签字：", "上级审阅："):
        assert any(text.startswith(words) for text in texts)


def test_the_head_is_repeated_and_only_long_rows_may_break() -> None:
    rows = table_of(replace(FULL, minutes="会议记录。" * 400)).rows
    marks = [{mark.tag for mark in row._tr.trPr} if row._tr.trPr is not None else set() for row in rows]
    assert [at for at, marked in enumerate(marks) if qn("w:tblHeader") in marked] == [0, 1]
    breaking = [row.cells[0].text for row, marked in zip(rows, marks, strict=True) if qn("w:cantSplit") not in marked]
    assert breaking == ["会议记录"]


def test_the_page_has_the_official_margins_and_typefaces() -> None:
    document = opened(ledger_page.render(FULL))
    section = document.sections[0]
    measures = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    for measure, wanted in zip(measures, (37, 35, 28, 26), strict=True):
        assert measure is not None and measure.mm == pytest.approx(wanted, abs=1)
    for name, font in (("Title", "方正小标宋简体"), ("纪实栏目", "黑体"), ("纪实内容", "仿宋_GB2312")):
        assert document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert document.paragraphs[0].text == "三会一课纪实"


def test_the_table_is_bordered_and_as_wide_as_the_text() -> None:
    table = table_of(FULL)
    assert table._tbl.tblPr.xpath("./w:tblBorders/w:insideH")
    assert sum(column.width or 0 for column in table.columns) / 36000 == pytest.approx(156, abs=0.5)


def test_an_activity_over_midnight_names_both_days() -> None:
    late = replace(FULL, planned_end=datetime(2026, 11, 13, 0, 30, tzinfo=clock.SHANGHAI))
    assert fields(late)["时间"] == "2026年11月12日（星期四）9:00—2026年11月13日0:30"


def test_times_are_printed_in_chinese_time() -> None:
    from_database = replace(FULL, planned_start=datetime(2026, 11, 11, 23, 0, tzinfo=UTC))
    assert fields(from_database)["时间"] == "2026年11月12日（星期四）7:00—11:05"


def test_a_long_name_pushes_the_next_to_a_new_line_rather_than_being_cut() -> None:
    said = fields(replace(FULL, present_names=["甲一", "乙二", "丙三", "丁四", "阿卜杜拉·买买提"]))["到场人员"]
    assert said.splitlines() == ["甲一\t乙二\t丙三\t丁四", "阿卜杜拉·买买提"]


def test_a_pasted_control_character_does_not_spoil_the_page() -> None:
    assert fields(replace(FULL, minutes="甲\x00乙\x0b丙"))["会议记录"] == "甲乙\n丙"


def test_a_month_lists_its_activities_and_gives_each_a_new_sheet() -> None:
    document = opened(ledger_page.render_many("2026年11月纪实", [FULL, EMPTY, FULL]))
    assert len(document.tables) == 3
    breaks = [paragraph.text for paragraph in document.paragraphs if paragraph.paragraph_format.page_break_before]
    assert breaks == ["三会一课纪实"] * 3
    assert [paragraph.text for paragraph in document.paragraphs[:4]] == [
        "2026年11月纪实",
        "共3次活动。",
        "1. 学习全会精神：2026年11月12日，支部党员大会、主题党日、党课，应到52人，实到44人。",
        "2. 无：2026年11月12日，无，应到0人，实到0人。",
    ]


def test_a_month_without_activities_says_so() -> None:
    document = opened(ledger_page.render_many("2026年11月纪实", []))
    assert [paragraph.text for paragraph in document.paragraphs][:2] == ["2026年11月纪实", "本期没有活动记录。"]
    assert document.tables == []
