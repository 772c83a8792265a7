"""One row of a roster: what its words mean, and the reasons that keep it out."""

import re
from datetime import date

import pytest

from sangyu.members.roster.entry import Problem
from sangyu.members.roster.rows import RowCells, read_entry
from sangyu.members.tests.workbook import TODAY, number_of, read, read_roster, workbook

NUMBER = number_of("19510302")
HEADERS = {
    "name": "姓名", "id_number": "身份证号码", "sex": "性别", "born": "出生年月", "joined_party": "入党时间",
    "since": "转入时间", "phone": "联系电话", "residence": "居住地", "mobility": "身体状况", "status": "党员类别",
}  # fmt: skip


def problems(**cells: object) -> tuple[Problem, ...]:
    """The reasons against a sound row with these cells changed."""
    row: dict[str, object] = {"name": "张建林", "id_number": NUMBER, **cells}
    return read_entry(RowCells(row), HEADERS, branch="", latest=TODAY)[1]


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"name": ""}, "姓名", "没有填姓名"),
        ({"name": "张建林（女）"}, "姓名", "请只写姓名"),
        ({"id_number": "620299195103020"}, "身份证号码", "15位的老号码"),
        ({"id_number": NUMBER[:-1] + "?"}, "身份证号码", "第18位"),
        ({"id_number": "620299195102300013"}, "身份证号码", "不是真实的出生日期"),
        ({"id_number": 620299195103020013.0}, "身份证号码", "无法找回.*“文本”格式"),
        ({"id_number": "6.20299E+17"}, "身份证号码", "无法找回"),
        ({"id_number": "", "born": ""}, "身份证号码", "都没有填"),
        ({"born": "1951年4月"}, "出生年月", "与身份证号不一致：这里是1951年4月，身份证号里是1951年3月2日"),
        ({"born": "1952"}, "出生年月", "与身份证号不一致"),
        ({"born": "1951年2月30日"}, "出生年月", "1951年2月没有30日"),
        ({"sex": "女"}, "性别", "这里是“女”，身份证号里是“男”"),
        ({"sex": "先生"}, "性别", "请写“男”或“女”"),
        ({"joined_party": "1971.13"}, "入党时间", "没有13月"),
        ({"joined_party": "1969年2月"}, "入党时间", "还不满18周岁"),
        ({"joined_party": "2018年7月"}, "入党时间", "2018年7月晚于花名册的日期2018年6月15日"),
        ({"since": "2081年5月"}, "转入时间", "请核对年份"),
        ({"id_number": "", "born": "2018.07"}, "出生年月", "请核对年份"),
        ({"phone": "1990000123"}, "联系电话", "有10位.*手机号应为11位"),
        ({"phone": 199000012345.0}, "联系电话", "有12位"),
        ({"phone": "622000"}, "联系电话", "有6位"),
        ({"phone": "199****1234"}, "联系电话", "数字以外的内容"),
        ({"residence": "兰州"}, "居住地", "请写“本地”“外地”或“国外”"),
        ({"mobility": "不清楚"}, "身体状况", "请写“健康”“体弱”或“卧床”"),
        ({"status": "群众"}, "党员类别", "请写“正式党员”或“预备党员”"),
    ],
)
def test_a_wrong_row_names_the_column_and_what_to_do(cells: dict[str, object], column: str, told: str) -> None:
    (problem,) = problems(**cells)
    assert problem.column == column
    assert re.search(told, problem.reason)


def test_one_fault_does_not_hide_the_next() -> None:
    found = problems(name="", sex="女", phone="1", joined_party="1971.13")
    assert {problem.column for problem in found} == {"姓名", "性别", "联系电话", "入党时间"}


@pytest.mark.parametrize(
    "cells",
    [
        {"born": "1951"},
        {"born": "1951年3月"},
        {"born": "1951年3月9日"},
        {"joined_party": "1969年3月"},
        {"joined_party": "1969"},
        {"joined_party": "2018年6月"},
        {"id_number": "", "born": "1952年2月29日", "joined_party": "1970年3月1日"},
        {"phone": "无", "residence": "", "mobility": "/"},
    ],
)
def test_the_benefit_of_the_doubt(cells: dict[str, object]) -> None:
    assert problems(**cells) == ()


def test_a_roster_from_2018_may_not_hold_what_came_later() -> None:
    header = ("姓名", "身份证号", "转入时间")
    content = workbook({"甲": [("截至2018年5月",), header, ("张建林", NUMBER, "2018年6月")]})
    (row,) = read_roster(content, date(2026, 1, 1)).rows
    assert row.problems == (Problem("转入时间", "2018年6月晚于花名册的日期2018年5月31日，请核对年份"),)


def test_a_wrong_row_does_not_stop_the_others() -> None:
    roster = read([("姓名", "身份证号"), ("张建林", "12"), ("李秀兰", number_of("19490817", "002"))])
    assert [bool(row.entry) for row in roster.rows] == [False, True]


def test_a_corrected_text_is_read_like_a_cell() -> None:
    (row,) = read([("姓名", "身份证号", "入党时间"), ("张建林", NUMBER, "1971年2月30日")]).rows
    entry, left = read_entry(RowCells({**row.text, "joined_party": "1971年2月3日"}), HEADERS, branch="", latest=TODAY)
    assert left == () and entry and str(entry.joined_party) == "1971年2月3日"


MEANINGS = [
    ("rank", "地厅级", "prefecture"),
    ("rank", "正厅", "prefecture"),
    ("rank", "副厅级待遇", "prefecture"),
    ("rank", "县处级", "county"),
    ("rank", "副县", "county"),
    ("rank", "调研员", "county"),
    ("rank", "巡视员", "prefecture"),
    ("rank", "副科级", "section"),
    ("rank", "主任科员", "section"),
    ("rank", "科员", "other"),
    ("rank", "工勤", "other"),
    ("rank", "", ""),
    ("residence", "本市", "here"),
    ("residence", "", "here"),
    ("residence", "居住外地（兰州）", "away"),
    ("residence", "异地", "away"),
    ("residence", "不在本地", "away"),
    ("residence", "国外", "abroad"),
    ("mobility", "良好", "well"),
    ("mobility", "", "well"),
    ("mobility", "无重病", "well"),
    ("mobility", "体弱", "frail"),
    ("mobility", "不健康", "frail"),
    ("mobility", "高血压病", "frail"),
    ("mobility", "重病无法外出", "housebound"),
    ("mobility", "生活不能自理", "housebound"),
    ("mobility", "生活能自理", "well"),
    ("mobility", "长期卧床", "housebound"),
    ("post", "支部书记", "secretary"),
    ("post", "副书记", "deputy_secretary"),
    ("post", "组织委员", "committee"),
    ("post", "原支部书记", ""),
    ("post", "无", ""),
    ("post", "普通党员", ""),
    ("status", "", "full"),
    ("status", "中共党员", "full"),
    ("status", "退休", "full"),
    ("status", "预备", "probationary"),
    ("phone", "0937-6220001", "09376220001"),
    ("phone", "6220001", "6220001"),
    ("phone", "+86 19900001234", "19900001234"),
    ("phone", "１９９００００１２３４", "19900001234"),
    ("phone", "19900001234／6220001", "19900001234"),
    ("name", "张　林", "张林"),
    ("name", "买买提•艾力", "买买提·艾力"),
    ("branch", "文联 党支部 ", "文联党支部"),
]


@pytest.mark.parametrize(("field", "written", "meant"), MEANINGS)
def test_words_mean_what_clerks_mean(field: str, written: str, meant: str) -> None:
    cells = {"name": "张建林", "id_number": NUMBER, field: written}
    entry, found = read_entry(RowCells(cells), HEADERS, branch="", latest=TODAY)
    assert found == ()
    assert getattr(entry, field) == meant
