"""Invented rosters of any size for measuring: plain columns, one row in a hundred wrong in one way or another."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from xlsxwriter import Workbook

from sangyu.demo.people import AREA, MEN_FIRST, MEN_LAST, PHONE_PREFIX, SURNAMES
from sangyu.kit.identity_number import CHECK_DIGITS, check_digit

HEADERS = (
    "所在支部", "姓名", "性别", "出生年月", "身份证号码", "入党时间", "党员类别", "党内职务", "转入时间", "职级",
    "居住地", "身体状况", "联系电话",
)  # fmt: skip
TITLE = "离退休干部党员花名册（截至2018年5月）"
BRANCH_SIZE = 100
FIRST_BIRTH, BIRTHS = date(1932, 1, 1), 9000  # days
WRONG_EACH = 100
SPOILED = ("身份证号码", "入党时间", "所在支部", "联系电话")
NUMBER, JOINED, BRANCH, PHONE = (HEADERS.index(name) for name in SPOILED)


def branch_name(number: int) -> str:
    return f"第{number}离退休干部党支部"


def branches_of(people: int) -> list[str]:
    """Names of the branches that a roster of so many people has."""
    return [branch_name(number) for number in range(-(-people // BRANCH_SIZE))]


def write_roster(path: Path, people: int, offset: int = 0) -> int:
    """A workbook of so many rows; how many of them are right. With another offset they are other people."""
    right = 0
    with Workbook(path) as book:  # shared strings, as Excel itself writes
        sheet = book.add_worksheet("花名册")
        sheet.write_string(0, 0, TITLE)
        sheet.write_row(1, 0, HEADERS)
        for place, (row, is_right) in enumerate(_rows(people, offset), start=2):
            right += is_right
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(place, column, text)
    return right


def _rows(people: int, offset: int) -> Iterator[tuple[list[str], bool]]:
    before: list[str] = []
    for place in range(people):
        row = _row(place, offset + place)
        is_right = place % WRONG_EACH != WRONG_EACH - 1
        if not is_right:
            _spoil(row, place // WRONG_EACH, before)
        before = row if is_right else before
        yield row, is_right


def _row(place: int, number: int) -> list[str]:
    born = FIRST_BIRTH + timedelta(days=number % BIRTHS)
    first17 = f"{AREA}{born:%Y%m%d}{number // BIRTHS:03d}"
    is_man = number // BIRTHS % 2
    joined = born + timedelta(days=9000 + number % 3000)
    first, last = MEN_FIRST[number // 7 % len(MEN_FIRST)], MEN_LAST[number // 113 % len(MEN_LAST)]
    name = SURNAMES[number % len(SURNAMES)] + first + (last if number % 7 else "")
    return [
        branch_name(place // BRANCH_SIZE),
        name,
        "男" if is_man else "女",
        f"{born.year}年{born.month}月",
        first17 + check_digit(first17),
        f"{joined.year}.{joined.month:02d}.{joined.day:02d}",
        "正式党员",
        "书记" if place % BRANCH_SIZE == 0 else "",
        "2018年5月",
        ("县处级", "正科级", "副科级", "其他")[number % 4],
        "外地（兰州）" if number % 10 == 0 else "本地",
        "体弱" if number % 6 == 0 else "健康",
        f"{PHONE_PREFIX}{number % 1_000_000:06d}",
    ]


def _spoil(row: list[str], kind: int, before: list[str]) -> None:
    """A wrong check digit, a day that is not, a branch nobody knows, a telephone cut short, somebody a second time."""
    digit = CHECK_DIGITS[(CHECK_DIGITS.index(row[NUMBER][17]) + 1) % 11]
    wrong = ((NUMBER, row[NUMBER][:17] + digit), (JOINED, "1971年2月30日"), (BRANCH, "无此支部"), (PHONE, "1990000"))
    if kind % 5 < len(wrong):
        column, text = wrong[kind % 5]
        row[column] = text
    else:
        row[:] = before
