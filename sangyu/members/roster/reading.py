"""Read an office's own Excel roster, however it is laid out: right rows as members, wrong rows with reasons."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

from sangyu.kit.partial_date import PartialDate
from sangyu.members.roster.columns import Header, Synonyms, find_header, guess_header, meaning
from sangyu.members.roster.entry import RosterRefused, RosterRow
from sangyu.members.roster.grids import Grid
from sangyu.members.roster.rows import RowCells, read_entry
from sangyu.members.roster.sheets import cell_text, sheets_of, tidy

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
SAMPLE_ROWS, SAMPLE_COLUMNS = 12, 60


@dataclass(frozen=True)
class _Table:
    """A sheet whose header is understood."""

    grid: Grid
    header: Header

    @property
    def above(self) -> Sequence[Sequence[object]]:
        return self.grid.head[: self.header.last]

    @property
    def texts_above(self) -> list[str]:
        return [tidy(cell) for row in self.above for cell in row if tidy(cell)]


@dataclass(frozen=True)
class RosterFile:
    """A workbook as it is understood. `columns` maps each sheet's fields to its headers; its rows can be read once.

    `unclear` are sheets that lack a column nobody can do without while they have columns nobody understands; `samples`
    are all sheets. Both show the first rows, the row that is or may be the header, and what is understood of it.
    """

    title: str
    as_of: date | None
    columns: dict[str, dict[str, str]]
    ignored: tuple[str, ...]
    skipped_sheets: tuple[str, ...]
    samples: tuple[dict[str, Any], ...]
    unclear: tuple[dict[str, Any], ...]
    refusal: str  # what is missing, where something is unclear
    total: int  # rows below the headers, blank ones among them
    rows: Iterable[RosterRow]  # every row about somebody, sheet after sheet


@contextmanager
def opened(content: bytes, today: date, synonyms: Synonyms) -> Iterator[RosterFile]:
    """The file, understood and ready to be read. Raises RosterRefused when it can't be read as a whole.

    Dates may not lie after the day in the title (截至2018年5月: its last day), nor after `today`. `synonyms`: what the
    office has said of its columns; it goes before what the reader knows.
    """
    with sheets_of(content) as grids:
        yield _understood(grids, today, synonyms)


def _understood(grids: Sequence[Grid], today: date, synonyms: Synonyms) -> RosterFile:
    headers = {grid.name: find_header(grid.head, synonyms) for grid in grids}
    tables = [_Table(grid, header) for grid in grids if (header := headers[grid.name]) and not header.missing]
    guesses = {grid.name: headers[grid.name] or guess_header(grid.head, synonyms) for grid in grids}
    asked = headers if tables else guesses
    unclear = [grid for grid in grids if (header := asked[grid.name]) and header.missing and header.unknown]
    if not tables and not unclear:
        first = next((grid for grid in grids if headers[grid.name]), grids[0])
        raise RosterRefused(_no_header(first, headers[first.name]))
    title, as_of = _title(tables) if tables else ("", None)
    names = {table.grid.name for table in tables}
    return RosterFile(
        title=title,
        as_of=as_of,
        columns={table.grid.name: table.header.texts for table in tables},
        ignored=tuple(dict.fromkeys(text for table in tables for text in table.header.ignored)),
        skipped_sheets=tuple(grid.name for grid in grids if grid.name not in names),
        samples=tuple(_sample(grid, guesses[grid.name]) for grid in grids),
        unclear=tuple(_sample(grid, asked[grid.name]) for grid in unclear),
        refusal=_no_header(unclear[0], asked[unclear[0].name]) if unclear else "",
        total=sum(table.grid.height - table.header.last - 1 for table in tables),
        rows=_all_rows(grids, {table.grid.name: table for table in tables}, min(as_of or today, today)),
    )


def _sample(grid: Grid, header: Header | None) -> dict[str, Any]:
    """The sheet's first rows, for a person to say what its columns mean."""
    rows = [[cell_text(cell) for cell in row[:SAMPLE_COLUMNS]] for row in grid.head[:SAMPLE_ROWS]]
    return {
        "sheet": grid.name,
        "rows": rows,
        "header": header.last if header else None,
        "labels": list(header.labels[:SAMPLE_COLUMNS]) if header else [],
        "understood": {str(column): field for field, column in header.places.items()} if header else {},
    }


def _no_header(grid: Grid, header: Header | None) -> str:
    if header is None or not header.places:
        return f"工作表“{grid.name}”里没有找到表头，请在名单上方加一行列名，至少要有“姓名”，以及“身份证号”或“出生年月”"
    return (
        f"工作表“{grid.name}”的表头里缺少{'、'.join(header.missing)}，请补上这一列再上传；"
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


def _all_rows(grids: Sequence[Grid], tables: Mapping[str, _Table], latest: date) -> Iterator[RosterRow]:
    """No date in a row may lie after `latest`."""
    for grid in grids:
        if table := tables.get(grid.name):
            yield from _rows(table, latest)
        for _ in grid.rest:  # a sheet that is passed over stands before the next one
            pass


def _rows(table: _Table, latest: date) -> Iterator[RosterRow]:
    places, last = table.header.places, table.header.last
    headings = {tidy(row[places["name"]]) for row in table.grid.head[: last + 1]} - {""}
    branch = _branch_of_sheet(table)
    below = islice(chain(table.grid.head, table.grid.rest), last + 1, None)
    for number, row in enumerate(below, start=last + 2):
        if heading := _section(row):
            branch = _branch_in(heading) or branch
            continue
        cells = RowCells({field: row[column] for field, column in places.items()})
        if cells.plain["name"] in headings or _is_footer(row, cells) or not any(map(cells.says, TELLING)):
            continue
        entry, problems = read_entry(cells, table.header.texts, branch=branch, latest=latest)
        yield RosterRow(table.grid.name, number, cells.texts, entry, problems, branch)


def _branch_of_sheet(table: _Table) -> str:
    """The branch for rows that name none: in the sheet's name or the title, else a telling name of the sheet."""
    name = tidy(table.grid.name)
    if _branch_in(name):
        return name
    if titled := next(filter(None, map(_branch_in, table.texts_above)), ""):
        return titled
    return "" if "branch" in table.header.places or PLAIN_SHEET_NAME.fullmatch(name) else name


def _branch_in(text: str) -> str:
    if meaning([text], {}):
        return ""
    match = BRANCH.search(re.sub(r"^[一二三四五六七八九十0-9]+[、.]", "", text))
    return match[0] if match else ""


def _section(row: Sequence[object]) -> str:
    """The text of a heading merged across the table between its rows; '' for any other row."""
    first, width = "", 0
    for text in map(tidy, row):
        if text and first and text != first:
            return ""
        first, width = first or text, width + bool(text)
    return first if width >= SECTION_WIDTH else ""


def _is_footer(row: Sequence[object], cells: RowCells) -> bool:
    if cells.plain.get("id_number", ""):
        return False
    first = next((text for text in map(tidy, row) if text), "")
    return FOOTER.match(first) is not None
