"""Rosters as offices lay them out: where the header is, what it means, and which rows are about people."""

from datetime import date

import pytest

from sangyu.kit.partial_date import PartialDate
from sangyu.members.roster.entry import RosterEntry, RosterRefused
from sangyu.members.tests.old_excel import locked_package, xls
from sangyu.members.tests.workbook import TODAY, number_of, read, read_roster, workbook

HEADER = ("姓名", "身份证号")
ZHANG, LI = ("张建林", number_of("19510302")), ("李秀兰", number_of("19490817", "002"))


FULL_ROW: dict[str, object] = {
    "序号": 1,
    "姓名": "张建林",
    "性别": "男",
    "出生年月": "1951年3月",
    "身份证号": ZHANG[1],
    "入党时间": "1975.07",
    "党员类别": "预备党员",
    "手机": 19900001234,
    "所在支部": "文联党支部",
    "转入时间": "2018年5月",
    "职级": "副厅级",
    "居住情况": "居住外地（兰州）",
    "身体状况": "行动不便",
    "党内职务": "副书记",
}


def test_a_full_row_is_read_in_every_column() -> None:
    assert read([tuple(FULL_ROW), tuple(FULL_ROW.values())]).rows[0].entry == RosterEntry(
        name="张建林",
        sex="male",
        born=PartialDate(date(1951, 3, 2), "day"),
        id_number=ZHANG[1],
        joined_party=PartialDate(date(1975, 7, 1), "month"),
        status="probationary",
        phone="19900001234",
        branch="文联党支部",
        since=PartialDate(date(2018, 5, 1), "month"),
        rank="prefecture",
        residence="away",
        mobility="frail",
        post="deputy_secretary",
    )


def test_birth_and_sex_come_from_the_number_when_the_roster_is_silent() -> None:
    entry = read([HEADER, LI]).rows[0].entry
    assert entry and (entry.sex, entry.born) == ("female", PartialDate(date(1949, 8, 17), "day"))


def test_a_birth_date_does_without_a_number() -> None:
    entry = read([("姓名", "出生年月"), ("张建林", "1951年3月")]).rows[0].entry
    assert entry and (entry.id_number, entry.sex, entry.born) == ("", "", PartialDate(date(1951, 3, 1), "month"))


def test_the_text_is_kept_as_it_stood() -> None:
    row = read([("姓 名", "出生日期", "电话"), ("张　林", date(1951, 3, 2), 19900001234)]).rows[0]
    assert row.text == {"name": "张　林", "born": "1951年3月2日", "phone": "19900001234"}
    assert row.number == 2
    assert row.entry and row.entry.name == "张林"


def test_titles_above_a_two_row_header_with_groups_are_passed() -> None:
    roster = read(
        [
            ("花名册（截至2018年5月）",),
            ("序号", "基本情况", None, "党组织情况", "联系方式"),
            (None, "姓名", "身份证号", "入党时间", "手机"),
            (1, *ZHANG, "1975.7", "19900001234"),
        ],
        merges=[(0, 0, 0, 4, "花名册（截至2018年5月）"), (1, 0, 2, 0, "序号"), (1, 1, 1, 2, "基本情况")],
    )
    assert roster.title == "花名册（截至2018年5月）"
    assert roster.rows[0].number == 4
    assert roster.rows[0].entry
    assert roster.columns["Sheet1"] == {
        "name": "姓名", "id_number": "身份证号", "joined_party": "入党时间", "phone": "手机",
    }  # fmt: skip


def test_names_standing_only_in_the_upper_header_row_count() -> None:
    roster = read(
        [("姓名", "身份情况", None, "电话"), (None, "性别", "身份证号"), ("张建林", "男", ZHANG[1], "19900001234")]
    )
    assert set(roster.columns["Sheet1"]) == {"name", "sex", "id_number", "phone"}
    assert len(roster.rows) == 1


def test_a_header_without_title_has_no_title() -> None:
    assert read([("序号", "基本情况", "基本情况"), (None, *HEADER), (1, *ZHANG)]).title == ""


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("党员姓名", "name"),
        ("姓 名", "name"),
        ("公民身份号码", "id_number"),
        ("本人身份证号码（18位）", "id_number"),
        ("出生日期\n（以档案为准）", "born"),
        ("入 党 时 间", "joined_party"),
        ("联系电话*", "phone"),
        ("行政级别", "rank"),
    ],
)
def test_a_column_is_known_by_its_meaning(header: str, field: str) -> None:
    neighbours = [label for label, known in (("姓名", "name"), ("身份证号", "id_number")) if known != field]
    roster = read([(*neighbours, "性别", header), ("张建林", ZHANG[1])])
    assert field in roster.columns["Sheet1"]
    assert roster.ignored == ()


def test_what_is_not_understood_is_told() -> None:
    roster = read([(*HEADER, "民族", "家属电话", "介绍人姓名", "备注", "民族"), (*ZHANG, "汉", "1", "2", "3", "4")])
    assert roster.ignored == ("民族", "家属电话", "介绍人姓名", "备注")


def test_of_two_columns_for_one_field_the_better_name_wins() -> None:
    roster = read([(*HEADER, "固定电话", "手机"), (*ZHANG, "0937-6220001", "19900001234")])
    assert roster.rows[0].entry and roster.rows[0].entry.phone == "19900001234"
    assert roster.ignored == ("固定电话",)


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("花名册（截至2018年5月）", date(2018, 5, 31)),
        ("截至２０１８年２月的名单", date(2018, 2, 28)),
        ("2018年5月15日名单", date(2018, 5, 15)),
        ("党员名单 2018.5", date(2018, 5, 31)),
        ("印发于2017年1月，截至2018年5月", date(2018, 5, 31)),
        ("2018年度花名册", None),
        ("2018年13月花名册", None),
        ("花名册", None),
    ],
)
def test_the_day_of_the_roster_is_read_from_its_title(title: str, day: date | None) -> None:
    assert read([(title,), HEADER, ZHANG]).as_of == day


def test_blank_rows_numbered_rows_headings_and_footers_are_no_people() -> None:
    roster = read(
        [
            ("序号", *HEADER, "居住情况"),
            (1, *ZHANG, "本地"),
            (),
            ("第一党支部（2人）",),
            (2, *LI, ""),
            ("序号", *HEADER, "居住情况"),
            (3, None, None, "本地"),
            ("合 计", "2人"),
            ("填表人：某人", "联系电话：6220001"),
        ],
        merges=[(3, 0, 3, 3, "第一党支部（2人）")],
    )
    assert [(row.number, row.entry and row.entry.branch) for row in roster.rows] == [(2, ""), (5, "第一党支部")]


def test_each_sheet_is_a_branch_where_no_column_names_it() -> None:
    roster = read_roster(workbook({"文联": [HEADER, ZHANG], "科协": [HEADER, LI], "空表": []}), TODAY)
    assert [row.entry and row.entry.branch for row in roster.rows] == ["文联", "科协"]
    assert roster.skipped_sheets == ()


def test_the_title_names_the_branch_where_excel_named_the_sheet() -> None:
    entry = read([("市文联离退休干部党支部党员花名册",), HEADER, ZHANG]).rows[0].entry
    assert entry and entry.branch == "市文联离退休干部党支部"


def test_a_blank_branch_cell_is_no_sheet_name() -> None:
    roster = read([(*HEADER, "所在支部"), (*ZHANG, ""), (*LI, " 文联 党支部 ")], name="2018年")
    assert [row.entry and row.entry.branch for row in roster.rows] == ["", "文联党支部"]


def test_a_branch_merged_over_its_members_belongs_to_each() -> None:
    roster = read([("支部", *HEADER), (None, *ZHANG), (None, *LI)], merges=[(1, 0, 2, 0, "文联党支部")])
    assert [row.entry and row.entry.branch for row in roster.rows] == ["文联党支部", "文联党支部"]


def test_a_sheet_without_a_header_is_skipped_and_told() -> None:
    roster = read_roster(workbook({"填表说明": [("请如实填写",)], "名单": [HEADER, ZHANG]}), TODAY)
    assert roster.skipped_sheets == ("填表说明",)
    assert len(roster.rows) == 1


def test_an_xls_of_before_2007_is_read() -> None:
    roster = read_roster(xls("文联党支部", [("姓名", "出生年月", "手机"), ("张建林", 195103.0, 19900001234.0)]), TODAY)
    entry = roster.rows[0].entry
    assert entry and (entry.branch, str(entry.born), entry.phone) == ("文联党支部", "1951年3月", "19900001234")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "文件是空的"),
        ("姓名,身份证号\n".encode(), "不是Excel工作簿"),
        (b"PK\x03\x04 but no more", "不是Excel工作簿"),
        (locked_package(), "打开密码"),
        (xls("甲", [("姓名", "身份证号")])[:1500], "已损坏"),
        (workbook({"甲": [], "乙": []}), "没有内容"),
        (workbook({"甲": [("请如实填写",)]}), "“甲”里没有找到表头.*“姓名”，以及“身份证号”或“出生年月”"),
        (workbook({"甲": [("姓名", "性别", "电话")]}), "缺少身份证号（或出生年月）.*已认出的列有：姓名、性别、电话"),
        (workbook({"甲": [("性别", "出生年月")]}), "缺少姓名，请补上"),
        (workbook({"甲": [HEADER, ZHANG, *[()] * 300, (*[None] * 16000, "误填")]}), "铺得太开（303行、16001列）"),
    ],
    ids=["empty", "csv", "torn", "locked", "cut", "blank", "no header", "no number", "no name", "stray cell"],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: bytes, told: str) -> None:
    with pytest.raises(RosterRefused, match=told):
        read_roster(content, TODAY)
