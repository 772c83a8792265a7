"""Find the header of a sheet and what each of its columns means."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sangyu.members.roster.sheets import tidy

# Field -> the names offices give it, best first: of two columns for one field the earlier name wins.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "党员姓名", "名字", "老干部姓名", "老同志姓名", "老党员姓名", "人员姓名"),
    "sex": ("性别",),
    "born": ("出生年月", "出生年月日", "出生日期", "出生时间", "生日", "出生"),
    "id_number": (
        "身份证号", "身份证号码", "公民身份号码", "公民身份证号", "公民身份证号码", "居民身份证号", "居民身份证号码",
        "身份号码", "身份证", "证件号码", "证件号",
    ),
    "joined_party": (
        "入党时间", "入党日期", "入党年月", "入党年月日", "加入党组织日期", "加入党组织时间", "参加党组织时间",
        "加入中共时间", "入党",
    ),
    "status": ("党员类别", "党员类型", "党员身份", "人员类别", "政治面貌", "党员性质", "类别"),
    "phone": (
        "手机", "手机号", "手机号码", "移动电话", "本人手机", "联系手机", "联系电话", "联系方式", "电话", "电话号码",
        "本人电话", "固定电话", "座机", "住宅电话", "家庭电话", "宅电",
    ),
    "branch": (
        "所在支部", "所在党支部", "所属支部", "所属党支部", "支部名称", "党支部名称", "党支部", "支部", "所在党组织",
        "所属党组织", "所在党组织名称", "党组织名称", "组织关系所在支部", "组织关系所在党支部", "组织关系所在党组织",
    ),
    "since": (
        "转入时间", "转入日期", "转入年月", "转入本支部时间", "转入支部时间", "加入本支部时间", "进入本支部时间",
        "进入支部时间", "进入党支部日期", "组织关系转入时间", "到支部时间",
    ),
    "rank": (
        "职级", "行政级别", "级别", "职务级别", "原职级", "退休职级", "退休时职级", "退休前职级", "现享受待遇",
        "享受待遇", "职级待遇", "待遇级别",
    ),
    "residence": ("居住情况", "居住状况", "居住地", "现居住地", "常住地", "现居地", "居住地点", "居住地类型"),
    "mobility": ("身体状况", "身体情况", "健康状况", "健康情况", "身体健康状况", "行动能力"),
    "post": (
        "党内职务", "支部职务", "党支部职务", "党组织职务", "支委职务", "现任党内职务", "支部任职", "党内任职",
    ),
}  # fmt: skip
LABELS = {field: names[0] for field, names in SYNONYMS.items()}
SERIAL = frozenset({"序号", "编号", "序", "号", "No", "NO", "No.", "NO."})

MEANING = {name: (field, place) for field, names in SYNONYMS.items() for place, name in enumerate(names)}
# Names the table does not list, such as 本人身份证号码; they come after every listed one.
HINTS = (
    (re.compile("身份证|身份号码"), "id_number"),
    (re.compile("出生"), "born"),
    (re.compile("入党"), "joined_party"),
    (re.compile("手机|电话"), "phone"),
)
LAST_PLACE = 100
# These speak of someone or something else: 介绍人姓名, 家属电话, 出生地, 申请入党时间.
ELSEWHERE = re.compile("配偶|家属|子女|联系人|紧急|介绍人|出生地|申请|单位|地址|住址|有效期|志愿书")

REMARK = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|[*:/、_\-]")
DEEPEST_HEADER_ROW = 30
FEWEST_COLUMNS = 2
FEWEST_UNKNOWN_COLUMNS = 3
LONGEST_LABEL = 80  # of members.models.RosterColumn
PASSED_OVER = ""

Synonyms = Mapping[str, str]  # plain label -> field, or PASSED_OVER: what an office has said of its own columns


@dataclass(frozen=True)
class Header:
    """Rows `first` to `last` (0-based) of a sheet: where each field stands and how its column is called.

    `labels` has the name of every column; `unknown` are those that neither the reader nor the office understands.
    """

    first: int
    last: int
    places: dict[str, int]
    texts: dict[str, str]
    labels: tuple[str, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns without which no row can be read, in the words of the office."""
        name = () if "name" in self.places else ("姓名",)
        identity = () if {"id_number", "born"} & set(self.places) else ("身份证号（或出生年月）",)
        return name + identity


def plain_label(text: str) -> str:
    """A column's name as it is compared and remembered: half-width, without blanks, remarks and marks."""
    return REMARK.sub("", tidy(text))[:LONGEST_LABEL]


def find_header(rows: Sequence[Sequence[object]], synonyms: Synonyms) -> Header | None:
    """The row, or two rows with groups above, that names most columns; None when fewer than two are understood."""
    best: Header | None = None
    for first, last in _spans(rows):
        header = _read_header(rows, first, last, synonyms)
        if best is None or len(header.places) > len(best.places):
            best = header
    return best if best and len(best.places) >= FEWEST_COLUMNS else None


def guess_header(rows: Sequence[Sequence[object]], synonyms: Synonyms) -> Header | None:
    """Where nothing is understood: the row with most different names and no number, if at least three."""
    best: tuple[int, int] | None = None
    for place, row in enumerate(rows[:DEEPEST_HEADER_ROW]):
        texts = [text for text in map(tidy, row) if text]
        if any(character.isdecimal() for text in texts for character in text):
            continue
        if len(set(texts)) >= max(FEWEST_UNKNOWN_COLUMNS, best[1] + 1 if best else 0):
            best = (place, len(set(texts)))
    return _read_header(rows, best[0], best[0], synonyms) if best else None


def meaning(labels: Sequence[str], synonyms: Synonyms) -> tuple[str, int] | None:
    """The field that a column's label stands for, and how good a name it is (-1 what the office said, 0 the best).

    `labels`: the column's own name, then with its group before it. The field may be PASSED_OVER.
    """
    for label in labels:
        if (said := synonyms.get(plain_label(label))) is not None:
            return said, -1
    for label in labels:
        if found := MEANING.get(REMARK.sub("", label)):
            return found
    if not ELSEWHERE.search(labels[0]):
        for hint, field in HINTS:
            if hint.search(labels[0]):
                return field, LAST_PLACE
    return None


def _spans(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, int]]:
    # The single row comes first, so that two rows win only by naming more columns.
    for last in range(min(len(rows), DEEPEST_HEADER_ROW)):
        yield last, last
        if last:
            yield last - 1, last


def _read_header(rows: Sequence[Sequence[object]], first: int, last: int, synonyms: Synonyms) -> Header:
    labels = [_labels(rows, column, first, last) for column in range(len(rows[last]))]
    meanings = [meaning(names, synonyms) if names else None for names in labels]
    ranked: dict[str, tuple[int, int]] = {}
    for column, found in enumerate(meanings):
        if found and found[0] != PASSED_OVER:
            field, place = found
            ranked[field] = min(ranked.get(field, (place, column)), (place, column))
    places = {field: column for field, (_, column) in ranked.items()}
    used = set(places.values())
    names = [(column, label[0]) for column, label in enumerate(labels) if label and label[0] not in SERIAL]
    return Header(
        first,
        last,
        places,
        {field: labels[column][0] for field, column in places.items()},
        tuple(label[0] if label else "" for label in labels),
        tuple(dict.fromkeys(name for column, name in names if column not in used)),
        tuple(dict.fromkeys(name for column, name in names if meanings[column] is None)),
    )


def _labels(rows: Sequence[Sequence[object]], column: int, first: int, last: int) -> list[str]:
    """The column's own name, then with its group before it; a name standing only in the upper row counts as its own."""
    own, group = tidy(rows[last][column]), tidy(rows[first][column])
    if not own or own == group:
        return [own or group] if own or group else []
    return [own, group + own] if first != last else [own]
