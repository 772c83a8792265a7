"""A roster's rows to correct as a workbook: reasons first, then the row as it stood, fit to be uploaded again."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook

from sangyu.members.models import RosterLine
from sangyu.members.roster.columns import LABELS

OWN_HEADERS = ("原工作表", "原行号", "需要改正的地方")
WIDTHS = (14, 8, 60)
# What stands in a roster is never taken for a formula, a link or a number.
PLAIN = {
    "in_memory": True,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_faults(lines: Sequence[RosterLine], columns: Mapping[str, Mapping[str, str]]) -> bytes:
    """The workbook. `columns`: sheet -> field -> header, as the roster was read."""
    names = {field: name for headers in columns.values() for field, name in headers.items()}
    fields = [field for field in LABELS if field in names]
    buffer = BytesIO()
    with Workbook(buffer, PLAIN) as book:
        sheet = book.add_worksheet("需要改正的行")
        for column, width in enumerate((*WIDTHS, *(18 for _ in fields))):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        rows = [[*OWN_HEADERS, *(names[field] for field in fields)], *(_cells(line, fields) for line in lines)]
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for place, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(place, column, text, wrapped)
    return buffer.getvalue()


def _cells(line: RosterLine, fields: Sequence[str]) -> list[str]:
    reasons = "\n".join(f"{column}：{reason}" for column, reason in line.problems)
    return [line.sheet, str(line.number), reasons, *(line.text.get(field, "") for field in fields)]
