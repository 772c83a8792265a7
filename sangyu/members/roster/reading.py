"""Read an office's own Excel roster, however it is laid out: right rows as members, wrong rows with reasons."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sangyu.kit.partial_date import PartialDate
from sangyu.members.roster.columns import Header, find_header, meaning
from sangyu.members.roster.entry import Problem, Roster, RosterRefused, RosterRow
from sangyu.members.roster.rows import read_entry
from sangyu.members.roster.sheets import Sheet, cell_text, read_sheets, tidy
from sangyu.members.roster.words import is_blank

AS_OF = re.compile(r"((?:19|20)[0-9]{2})[年.\-/]([0-9]{1,2})(?:[月.\-/](?:([0-9]{1,2})日?)?)?")
FOOTER = re.compile(
    r"(合计|总计|小计|共计)|"
    r"(制表|填表|填报|审核|审批|单位负责|负责|经办|联系|统计)[人者]?(日期|时间|单位|电话)?(\(.*\))?[:]|(备注|说明|注)[:]"
)
PLAIN_SHEET_NAME = re.compile(r"(sheet|工作表|表)[0-9]*|.*(花名册|名册|名单|信息|汇总|统计|总表)表?", re.IGNORECASE)
BRANCH = re.compile(r"\w{2,}?(?:党?支部|党?总支部?)")
# A row without any of these speaks of nobody, even if a serial number or a pre-filled choice stands in it.
TELLING = ("name", "id_number", "born", "joined_party", "phone")
SECTION_WIDTH = 3


@dataclass(frozen=True)
class _Table:
    """A sheet whose header is understood."""

    sheet: Sheet
    header: Header

    @property
    def above(self) -> Sequence[Sequence[object]]:
        return self.sheet.rows[: self.header.last]

    @property
    def texts_above(self) -> list[str]:
        return [tidy(cell) for row in self.above for cell in row if tidy(cell)]


def read_roster(content: bytes, today: date) -> Roster:
    """Every row of every sheet that has a header. Raises RosterRefused when the file as a whole can't be read.

    Dates may not lie after the day in the title (截至2018年5月: its last day), nor after `today`.
    """
    sheets = read_sheets(content)
    tables = _understood(sheets)
    title, as_of = _title(tables)
    latest = min(as_of or today, today)
    rows = [row for table in tables for row in _rows(table, latest)]
    names = {table.sheet.name for table in tables}
    return Roster(
        title=title,
        as_of=as_of,
        columns={table.sheet.name: table.header.texts for table in tables},
        ignored=tuple(dict.fromkeys(text for table in tables for text in table.header.ignored)),
        skipped_sheets=tuple(sheet.name for sheet in sheets if sheet.name not in names),
        rows=tuple(_without_repeats(rows, {table.sheet.name: table.header for table in tables})),
    )


def _understood(sheets: Sequence[Sheet]) -> list[_Table]:
    headers = [(sheet, find_header(sheet.rows)) for sheet in sheets]
    tables = [_Table(sheet, header) for sheet, header in headers if header and not header.missing]
    if not tables:
        found = [(sheet, header) for sheet, header in headers if header]
        raise RosterRefused(_no_header(*found[0]) if found else _no_header(sheets[0], None))
    return tables


def _no_header(sheet: Sheet, header: Header | None) -> str:
    if header is None:
        return f"工作表“{sheet.name}”里没有找到表头，请在名单上方加一行列名，至少要有“姓名”，以及“身份证号”或“出生年月”"
    return (
        f"工作表“{sheet.name}”的表头里缺少{'、'.join(header.missing)}，请补上这一列再上传；"
        f"已认出的列有：{'、'.join(header.texts.values())}"
    )


def _title(tables: Sequence[_Table]) -> tuple[str, date | None]:
    texts = [text for table in tables for text in table.texts_above]
    days = [day for text in sorted(texts, key=lambda text: "截" not in text) if (day := _as_of(text))]
    # A title stands alone in its row; a row of column groups does not.
    alone = ({cell_text(cell) for cell in row} - {""} for row in tables[0].above)
    title = next((texts.pop() for texts in alone if len(texts) == 1), "")
    return title, (days[0] if days else None)


def _as_of(text: str) -> date | None:
    match = AS_OF.search(text, max(text.find("截"), 0))
    if not match:
        return None
    try:
        if match[3]:
            return date(int(match[1]), int(match[2]), int(match[3]))
        return PartialDate(date(int(match[1]), int(match[2]), 1), "month").last_day
    except ValueError:
        return None


def _rows(table: _Table, latest: date) -> Iterator[RosterRow]:
    places = table.header.places
    headings = {tidy(row[places["name"]]) for row in table.sheet.rows[: table.header.last + 1]} - {""}
    branch = _branch_of_sheet(table)
    for number, row in enumerate(table.sheet.rows[table.header.last + 1 :], start=table.header.last + 2):
        if heading := _section(row):
            branch = _branch_in(heading) or branch
            continue
        cells = {field: row[column] for field, column in places.items()}
        if tidy(cells["name"]) in headings or _is_footer(row, cells) or _is_empty(cells):
            continue
        entry, problems = read_entry(cells, table.header.texts, branch=branch, latest=latest)
        text = {field: cell_text(cell) for field, cell in cells.items()}
        yield RosterRow(table.sheet.name, number, text, entry, problems)


def _branch_of_sheet(table: _Table) -> str:
    """The branch for rows that name none: in the sheet's name or the title, else a telling name of the sheet."""
    name = tidy(table.sheet.name)
    if _branch_in(name):
        return name
    if titled := next(filter(None, map(_branch_in, table.texts_above)), ""):
        return titled
    return "" if "branch" in table.header.places or PLAIN_SHEET_NAME.fullmatch(name) else name


def _branch_in(text: str) -> str:
    if meaning(text):
        return ""
    match = BRANCH.search(re.sub(r"^[一二三四五六七八九十0-9]+[、.]", "", text))
    return match[0] if match else ""


def _section(row: Sequence[object]) -> str:
    """The text of a heading merged across the table between its rows; '' for any other row."""
    texts = [tidy(cell) for cell in row if tidy(cell)]
    return texts[0] if len(texts) >= SECTION_WIDTH and len(set(texts)) == 1 else ""


def _is_footer(row: Sequence[object], cells: Mapping[str, object]) -> bool:
    first = next((text for text in map(tidy, row) if text), "")
    return not tidy(cells.get("id_number", "")) and FOOTER.match(first) is not None


def _is_empty(cells: Mapping[str, object]) -> bool:
    return all(is_blank(tidy(cells.get(field, ""))) for field in TELLING)


def _without_repeats(rows: Sequence[RosterRow], headers: Mapping[str, Header]) -> Iterator[RosterRow]:
    """The rows, each second one with an identity number seen before turned into a problem."""
    seen: dict[str, RosterRow] = {}
    for row in rows:
        first = seen.setdefault(row.entry.id_number, row) if row.entry and row.entry.id_number else row
        if first is row:
            yield row
            continue
        column = headers[row.sheet].texts["id_number"]
        where = f"工作表“{first.sheet}”第{first.number}行（{first.text['name']}）"
        reason = f"与{where}的身份证号相同，请核对；是同一人就删去这一行"
        yield replace(row, entry=None, problems=(*row.problems, Problem(column, reason)))
