"""The paper ledger: one branch's 三会一课纪实 page of one activity, as Word.

A joint activity has one page per branch, each with its own roll: an alliance does not merge memberships.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from sangyu.kit import clock, official_word

HEADING = "三会一课纪实"
NONE = "无"
WEEKDAYS = "一二三四五六日"

LABEL, TEXT, PROSE, ROLL, CLOSING = "纪实栏目", "纪实内容", "纪实正文", "纪实名单", "纪实末行"
LABEL_SIZE, TEXT_SIZE, LINE = Pt(12), Pt(14), Pt(22)
SIGNATURE_HEIGHT = Mm(24)
KEPT_WHOLE = 220  # characters, about ten lines: a longer row may break between sheets

# A column of labels and six of contents fill the 156 mm between the margins.
COLUMN_WIDTHS: tuple[Length, ...] = (Mm(24), *(Mm(22) for _ in range(6)))
LAST = len(COLUMN_WIDTHS) - 1
CELL_MARGIN = Mm(1.5)
NAMES_PER_LINE = 5
CHARACTERS_PER_NAME = 5  # between two tab stops, the gap included
NAME_STEP = Length((sum(COLUMN_WIDTHS[1:]) - 2 * CELL_MARGIN) // NAMES_PER_LINE)

TABLE_LOOK = f"""<w:tblPr {nsdecls("w")}>
<w:tblW w:w="{Length(sum(COLUMN_WIDTHS)).twips}" w:type="dxa"/>
<w:jc w:val="center"/>
<w:tblBorders>
<w:top w:val="single" w:sz="8" w:color="000000"/><w:left w:val="single" w:sz="8" w:color="000000"/>
<w:bottom w:val="single" w:sz="8" w:color="000000"/><w:right w:val="single" w:sz="8" w:color="000000"/>
<w:insideH w:val="single" w:sz="4" w:color="000000"/><w:insideV w:val="single" w:sz="4" w:color="000000"/>
</w:tblBorders>
<w:tblLayout w:type="fixed"/>
<w:tblCellMar>
<w:top w:w="57" w:type="dxa"/><w:left w:w="{CELL_MARGIN.twips}" w:type="dxa"/>
<w:bottom w:w="57" w:type="dxa"/><w:right w:w="{CELL_MARGIN.twips}" w:type="dxa"/>
</w:tblCellMar>
</w:tblPr>"""

Reasons = Sequence[tuple[str, str]]  # names, each with why the person was not there


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """What the printed record book asks of one activity in one branch; an empty value is printed as 无."""

    branch: str
    kinds: Sequence[str]  # 支部党员大会、主题党日、党课…, several at once
    title: str
    planned_start: datetime
    planned_end: datetime
    place: str
    chair: str
    recorder: str
    expected: int  # 应到
    present: int  # 实到, in the room
    online: int = 0
    sent_home: int = 0  # 送学上门
    present_names: Sequence[str] = ()
    online_names: Sequence[str] = ()
    sent_home_names: Sequence[str] = ()
    leave: Reasons = ()
    absent: Reasons = ()
    observers: Sequence[str] = ()
    agenda: Sequence[str] = ()
    minutes: str = ""  # paragraphs are divided by line ends
    resolutions: Sequence[str] = ()
    joint: str = ""  # with whom, if several branches held it together
    corrections: Sequence[str] = ()  # sentences: what was put right after closing
    closed_at: datetime | None = None


def render(page: LedgerPage) -> bytes:
    """The page as a .docx file; it runs on to a second sheet where it must, under the same head."""
    document = _new_document(f"{page.branch}{HEADING}")
    _add_page(document, page)
    return _finished(document)


def render_many(title: str, pages: Sequence[LedgerPage]) -> bytes:
    """One branch's month as a .docx file: a sheet with title and list, then each activity on a sheet of its own."""
    document = _new_document(title)
    official_word.add_title(document, title)
    official_word.add_body(document, f"共{len(pages)}次活动。" if pages else "本期没有活动记录。")
    for number, page in enumerate(pages, start=1):
        held = f"{_day(page.planned_start)}，{_joined(page.kinds)}，应到{page.expected}人，实到{page.present}人。"
        official_word.add_body(document, f"{number}. {page.title or NONE}：{held}")
    for page in pages:
        _add_page(document, page).paragraph_format.page_break_before = True
    return _finished(document)


def _new_document(title: str) -> WordDocument:
    document = official_word.new_document(title)
    official_word.add_table_style(document, LABEL, official_word.HEITI, LABEL_SIZE, LINE)
    official_word.add_table_style(document, TEXT, official_word.FANGSONG, TEXT_SIZE, LINE)
    prose = official_word.add_table_style(document, PROSE, official_word.FANGSONG, TEXT_SIZE, LINE)
    official_word.indent_two_characters(prose.paragraph_format, TEXT_SIZE)
    roll = official_word.add_table_style(document, ROLL, official_word.FANGSONG, TEXT_SIZE, LINE)
    for stop in range(1, NAMES_PER_LINE):
        roll.paragraph_format.tab_stops.add_tab_stop(Length(stop * NAME_STEP))
    official_word.add_table_style(document, CLOSING, official_word.FANGSONG, Pt(1), Pt(1))
    return document


def _finished(document: WordDocument) -> bytes:
    # A document cannot end in a table. The paragraph it wants is made too small to open an empty sheet.
    document.add_paragraph(style=CLOSING)
    return official_word.to_bytes(document)


def _add_page(document: WordDocument, page: LedgerPage) -> Paragraph:
    """The heading and the table; returns the heading's paragraph."""
    heading = official_word.add_title(document, HEADING)
    heading.paragraph_format.space_after = Pt(8)
    table = document.add_table(rows=0, cols=len(COLUMN_WIDTHS))
    table._tbl.replace(table._tbl.tblPr, parse_xml(TABLE_LOOK))
    for column, width in zip(table.columns, COLUMN_WIDTHS, strict=True):
        column.width = width
    _add_head(table, page)
    _add_roll(table, page)
    _add_record(table, page)
    _add_signatures(table)
    return heading


def _add_head(table: Table, page: LedgerPage) -> None:
    for row in (_add_field(table, "支部名称", [page.branch]), _add_field(table, "活动名称", [page.title])):
        _mark(row, "w:tblHeader")  # repeated on every sheet, so that a loose one still says where it belongs
    _add_field(table, "会议类型", [_joined(page.kinds)])
    _add_field(table, "时　　间", [_span(page.planned_start, page.planned_end)])
    _add_field(table, "地　　点", [page.place])
    row = _add_row(table)
    _write(row.cells[0], LABEL, ["主 持 人"])
    _write(row.cells[1].merge(row.cells[2]), TEXT, [page.chair])
    _write(row.cells[3], LABEL, ["记 录 人"])
    _write(row.cells[4].merge(row.cells[LAST]), TEXT, [page.recorder])


def _add_roll(table: Table, page: LedgerPage) -> None:
    counts = {
        "应到": page.expected,
        "实到": page.present,
        "线上": page.online,
        "送学上门": page.sent_home,
        "请假": len(page.leave),
        "缺席": len(page.absent),
    }
    names, numbers = _add_row(table), _add_row(table)
    _write(names.cells[0].merge(numbers.cells[0]), LABEL, ["出席情况", "（人）"])
    for at, (name, number) in enumerate(counts.items(), start=1):
        _write(names.cells[at], LABEL, [name])
        _write(numbers.cells[at], TEXT, [str(number)], centred=True)
    _keep_with_next(names)
    _add_field(table, "到场人员", _name_lines(page.present_names), ROLL)
    for label, people in (("线上参加", page.online_names), ("送学上门", page.sent_home_names)):
        if people:  # the counts above already say 0, and an ordinary meeting should fit on one sheet
            _add_field(table, label, _name_lines(people), ROLL)
    _add_field(table, "请　　假", [_with_reasons(page.leave)])
    _add_field(table, "缺　　席", [_with_reasons(page.absent)])
    _add_field(table, "列席人员", _name_lines(page.observers), ROLL)


def _add_record(table: Table, page: LedgerPage) -> None:
    _add_field(table, "联合开展", [page.joint])
    _add_field(table, "议题议程", _numbered(page.agenda))
    _add_field(table, "会议记录", [line for line in page.minutes.splitlines() if line.strip()], PROSE)
    _add_field(table, "决　　议", _numbered(page.resolutions))
    _add_field(table, "更　　正", list(page.corrections))
    closed = "尚未归档" if page.closed_at is None else f"{_day(page.closed_at)}{_hour(page.closed_at)}"
    _keep_with_next(_add_field(table, "归档时间", [closed]))


def _add_signatures(table: Table) -> None:
    row = _add_row(table)
    row.height, row.height_rule = SIGNATURE_HEIGHT, WD_ROW_HEIGHT_RULE.AT_LEAST
    _write(row.cells[0], LABEL, ["签　　字"])
    for first, words in ((1, "主持人签字："), (3, "记录人签字："), (5, "上级审阅：")):
        cell = row.cells[first].merge(row.cells[first + 1])
        _write(cell, LABEL, [words, "", "年　　月　　日"])
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
        cell.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_field(table: Table, label: str, lines: Sequence[str], style: str = TEXT) -> _Row:
    """A label and its content over the rest of the row."""
    row = _add_row(table, longest=sum(map(len, lines)))
    _write(row.cells[0], LABEL, [label])
    _write(row.cells[1].merge(row.cells[LAST]), style, lines)
    if style == PROSE:
        row.cells[0].vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP  # the middle may be on another sheet
    return row


def _add_row(table: Table, longest: int = 0) -> _Row:
    """A row that stays whole unless its longest cell, in characters, is too long for that."""
    add: Callable[[], _Row] = table.add_row  # which comes without types
    row = add()
    if longest <= KEPT_WHOLE:
        _mark(row, "w:cantSplit")
    return row


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _keep_with_next(row: _Row) -> None:
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _write(cell: _Cell, style: str, lines: Sequence[str], centred: bool = False) -> None:
    """One paragraph for each line, 无 if none says anything; labels stand in the middle."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    written = [official_word.legible(line).strip() for line in lines]
    if not any(written):
        written, style = [NONE], TEXT
    for at, line in enumerate(written):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.style = style
        paragraph.add_run(line)
        if style == LABEL or centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _name_lines(names: Sequence[str]) -> list[str]:
    """Names in columns, so that none is cut at a line's end; a long one takes several columns."""
    lines: list[list[str]] = []
    free = 0
    for name in filter(None, map(str.strip, names)):
        wanted = min(-(-(len(name) + 1) // CHARACTERS_PER_NAME), NAMES_PER_LINE)
        if wanted > free:
            lines.append([])
            free = NAMES_PER_LINE
        lines[-1].append(name)
        free -= wanted
    return ["\t".join(line) for line in lines]


def _with_reasons(people: Reasons) -> str:
    return "；".join(f"{name}（{reason.strip() or '未写明事由'}）" for name, reason in people)


def _numbered(items: Sequence[str]) -> list[str]:
    """1. 2. 3., unless there is only one."""
    said = [item.strip() for item in items if item.strip()]
    return said if len(said) < 2 else [f"{number}. {item}" for number, item in enumerate(said, start=1)]


def _joined(words: Sequence[str]) -> str:
    return "、".join(words) or NONE


def _span(start: datetime, end: datetime) -> str:
    """2026年11月12日（星期四）9:00—11:00, with both days if it lasted over midnight."""
    start, end = _local(start), _local(end)
    first = f"{_day(start)}（星期{WEEKDAYS[start.weekday()]}）{_hour(start)}"
    return f"{first}—{_hour(end)}" if start.date() == end.date() else f"{first}—{_day(end)}{_hour(end)}"


def _day(moment: datetime) -> str:
    local = _local(moment)
    return f"{local.year}年{local.month}月{local.day}日"


def _hour(moment: datetime) -> str:
    local = _local(moment)
    return f"{local.hour}:{local.minute:02}"


def _local(moment: datetime) -> datetime:
    """Chinese time; a naive moment is taken to be that already."""
    return moment.astimezone(clock.SHANGHAI) if moment.tzinfo else moment
