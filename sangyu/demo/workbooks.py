"""Two rosters as offices keep them: the bureau's big one with all its oddities, and one of another make."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sangyu.demo.people import (
    CONSULTATIVE,
    SEED,
    TAX,
    InventedPerson,
    invent_people,
    invent_strays,
)
from sangyu.kit.identity_number import CHECK_DIGITS

MAIN_TITLE = "嘉峪关市离退休干部党员花名册（截至2018年5月）"
SECOND_TITLE = "市政协办公室离退休干部党支部党员信息登记表（截至2018年5月）"
MAIN_SHEET = "花名册"
IMPOSSIBLE_DAY = "1971年2月30日"

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("序号", ()),
    ("所在支部", ()),
    ("基本情况", ("姓  名", "性别", "民族", "出生年月", "身份证号码")),
    ("党组织情况", ("入党时间", "党员类别", "党内职务", "转入时间")),
    ("现在情况", ("职级", "居住地", "身体状况", "联系电话")),
    ("备注", ()),
)
SECOND_HEADERS = (
    "序号", "公民身份号码", "党员姓名", "性别", "出生日期", "职级", "党内职务", "入党日期", "转入时间", "手机",
    "居住情况", "身体状况", "学历",
)  # fmt: skip

SEXES = {"male": "男", "female": "女"}
RANKS = {
    "prefecture": ("地级", "副厅级", "正厅级"),
    "county": ("县处级", "正县级", "副处级"),
    "section": ("正科级", "副科级", "科级"),
    "other": ("工勤", "其他"),
    "": ("",),
}
RESIDENCES = {"here": ("本地", "", "本市"), "away": ("外地", "居住外地（兰州）", "异地"), "abroad": ("国外",)}
MOBILITIES = {
    "well": ("健康", "良好", "", "一般"),
    "frail": ("体弱", "行动不便"),
    "housebound": ("重病无法外出", "卧床", "生活不能自理"),
}
POSTS = {"secretary": "书记", "deputy_secretary": "副书记", "": ""}
COMMITTEE_POSTS = ("组织委员", "宣传委员")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")

Cell = str | float | date


@dataclass(frozen=True)
class _Line:
    """A person with the cells that are to stand in the roster instead of the true ones."""

    person: InventedPerson
    joined_party: str = ""


def write_main_roster(path: Path, seed: int = SEED) -> None:
    """Write the bureau's roster of all branches but the consultative office's, with four rows that can't come in:
    a repeated member, a wrong check digit, an impossible date, a branch that nobody knows.
    """
    with Workbook(path) as book:
        sheet = book.add_worksheet(MAIN_SHEET)
        day_format = book.add_format({"num_format": "yyyy/m/d"})
        headers = _write_main_header(book, sheet)
        row = 3
        for number, line in enumerate(main_lines(seed), start=1):
            row += number % 40 == 0
            _write_row(sheet, row, _main_cells(number, line), day_format)
            row += 1
        sheet.write_row(row + 1, 0, ["合计", f"{number}人"])
        sheet.write(row + 2, 0, "填表人：（盖章）　　　　审核人：　　　　填表日期：2018年6月1日")
        sheet.write_blank(row + 20, headers + 3, None, day_format)
        sheet.set_column(0, headers, 14)


def write_second_roster(path: Path, seed: int = SEED) -> None:
    """Write the consultative office's own workbook: other columns, real date cells, the sheet named by the branch."""
    people = [person for person in invent_people(seed) if person.branch == CONSULTATIVE]
    with Workbook(path) as book:
        sheet = book.add_worksheet(CONSULTATIVE)
        day_format = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, len(SECOND_HEADERS) - 1, SECOND_TITLE, _centred(book))
        sheet.write_row(1, 0, SECOND_HEADERS, _centred(book))
        for number, person in enumerate(people, start=1):
            _write_row(sheet, number + 1, _second_cells(number, person), day_format)
        sheet.set_column(0, len(SECOND_HEADERS) - 1, 14)


def main_lines(seed: int = SEED) -> Iterator[_Line]:
    """The main roster's rows in order, right and wrong."""
    misread, impossible, unknown = invent_strays(seed)
    people = [person for person in invent_people(seed) if person.branch != CONSULTATIVE]
    for place, person in enumerate(people):
        yield _Line(person)
        follows = people[place + 1].branch if place + 1 < len(people) else ""
        if person.branch == misread.branch != follows:
            yield _Line(replace(misread, id_number=_with_wrong_check_digit(misread.id_number)))
        if person.branch == TAX != follows:
            yield _Line(people[0])
            yield _Line(impossible, joined_party=IMPOSSIBLE_DAY)
    yield _Line(unknown)


def _with_wrong_check_digit(number: str) -> str:
    return number[:17] + CHECK_DIGITS[(CHECK_DIGITS.index(number[17]) + 1) % 11]


def _centred(book: Workbook) -> Format:
    return book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})


def _write_main_header(book: Workbook, sheet: Worksheet) -> int:
    """Title, groups and names in the first three rows; the number of columns."""
    centred = _centred(book)
    column = 0
    for group, names in GROUPS:
        if not names:
            sheet.merge_range(1, column, 2, column, group, centred)
            column += 1
            continue
        sheet.merge_range(1, column, 1, column + len(names) - 1, group, centred)
        sheet.write_row(2, column, names, centred)
        column += len(names)
    sheet.merge_range(0, 0, 0, column - 1, MAIN_TITLE, centred)
    return column


def _write_row(sheet: Worksheet, row: int, cells: Sequence[Cell], day_format: Format) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(row, column, cell, day_format)
        else:
            sheet.write(row, column, cell)


def _main_cells(number: int, line: _Line) -> list[Cell]:
    person = line.person
    return [
        float(number),
        person.branch + " " * (number % 6 == 1),
        _spaced(person.name) if number % 3 else person.name,
        SEXES[person.sex],
        "汉",
        _day_in_some_form(person.born, number),
        _number_in_some_form(person.id_number, number),
        line.joined_party or _day_in_some_form(person.joined_party, number + 3),
        "正式党员" if number % 4 else "正式",
        _post(person, number),
        _month_in_some_form(person.since, number),
        _one_of(RANKS[person.rank], number),
        _one_of(RESIDENCES[person.residence], number),
        _one_of(MOBILITIES[person.mobility], number),
        float(person.phone) if number % 3 == 0 else _spaced_phone(person.phone, number),
        "",
    ]


def _second_cells(number: int, person: InventedPerson) -> list[Cell]:
    return [
        float(number),
        person.id_number,
        person.name,
        SEXES[person.sex],
        person.born,
        _one_of(RANKS[person.rank], number),
        _post(person, number),
        person.joined_party,
        person.since,
        float(person.phone),
        _one_of(RESIDENCES[person.residence], number),
        _one_of(MOBILITIES[person.mobility], number),
        "大专",
    ]


def _one_of(words: Sequence[str], number: int) -> str:
    return words[number % len(words)]


def _post(person: InventedPerson, number: int) -> str:
    return _one_of(COMMITTEE_POSTS, number) if person.post == "committee" else POSTS[person.post]


def _spaced(name: str) -> str:
    """Two-character names drawn out to the width of three, as clerks like them."""
    return name[0] + "　" + name[1] if len(name) == 2 else name


def _day_in_some_form(day: date, number: int) -> Cell:
    year, month = day.year, day.month
    forms: tuple[Cell, ...] = (
        f"{year}年{month}月",
        f"{year}.{month:02d}",
        f"{year}年{month}月{day.day}日",
        f"{year}.{month:02d}.{day.day:02d}",
        f"{year}-{month}",
        f"{year}/{month}/{day.day}",
        float(f"{year}{month:02d}{day.day:02d}"),
        f"{year}{month:02d}",
        f"{year}年{month}月".translate(FULL_WIDTH),
        day,
        # 1951.1 might be January or October, which only a text can tell.
        f"{year}.{month}" if month in (1, 10) else float(f"{year}.{month}"),
    )
    return forms[number % len(forms)]


def _month_in_some_form(day: date, number: int) -> str:
    return (f"{day.year}年{day.month}月", f"{day.year}.{day.month:02d}", f"{day.year}-{day.month}")[number % 3]


def _number_in_some_form(number: str, row: int) -> str:
    forms = (
        number,
        number.lower(),
        number.translate(FULL_WIDTH),
        number + "  ",
        f"{number[:6]} {number[6:14]} {number[14:]}",
    )
    return forms[row % len(forms)]


def _spaced_phone(phone: str, number: int) -> str:
    return f"{phone[:3]}-{phone[3:7]}-{phone[7:]}" if number % 3 == 1 else phone
