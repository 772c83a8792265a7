"""The figures that the documents tell, as data: what must come out of the records, where, for which period."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sangyu.kit.period import Period

FILE = Path(__file__).parent / "figures.csv"
BOUNDS = {
    "exact": "{}", "at_least": "不少于{}", "nearly": "近{}", "about": "约{}", "rounded": "约{}（四舍五入）",
    "target": "目标{}",
}  # fmt: skip
UNITS = {
    "people": "人", "organizations": "个", "activities": "次", "CNY": "元", "venues": "处", "honours": "项",
    "years": "年", "teams": "支", "percent": "%", "cases": "件", "batches": "批", "attendances": "人次", "works": "部",
    "visits": "人次", "uses": "次", "unit": "个", "themes": "个", "subjects": "门", "reports": "篇", "proposals": "条",
    "projects": "个", "m2": "平方米", "lectures": "场", "items": "项", "issues": "期", "fields": "个",
    "documents": "项", "contacts": "次", "branches": "个",
}  # fmt: skip
PERIODS = {"a year": "每年", "a month": "每月", "next year": "下一年", "period": "同期"}
YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


@dataclass(frozen=True, slots=True)
class Expected:
    """One figure of the documents: `value` in `unit`, as `bound` says, of `metric` over `scope` in `period`."""

    id: str
    source: str
    place: str
    scope: str
    label: str
    metric: str
    value: int
    bound: str
    unit: str
    period: str
    note: str

    @property
    def words(self) -> str:
        """不少于20次."""
        return BOUNDS[self.bound].format(f"{self.value}{UNITS[self.unit]}")

    @property
    def about(self) -> str:
        """What it is told of: 支部联盟, 机关工委支部, 第1-2批, or the whole place."""
        kind, _, name = self.scope.partition(":")
        return f"第{name}批" if kind.startswith("batch") else name or self.place

    @property
    def period_words(self) -> str:
        """2018年, 2019年至2021年, 截至2021年."""
        years = re.findall(r"\d{4}", self.period)
        if not years:
            return PERIODS[self.period]
        words = "年至".join(years) + "年"
        return f"截至{words}" if "to " in self.period else words

    @property
    def span(self) -> Period | None:
        """The whole years of the period; None where the documents do not say which."""
        found = YEARS.fullmatch(self.period)
        return Period(date(int(found[1]), 1, 1), date(int(found[2] or found[1]) + 1, 1, 1)) if found else None

    def is_met_by(self, value: int) -> bool:
        """Whether a counted value is what the documents say: nearly is 90 to 100 %, about 10 % either way."""
        match self.bound:
            case "at_least" | "target":
                return value >= self.value
            case "nearly":
                return self.value * 9 <= value * 10 <= self.value * 10
            case "about":
                return abs(value - self.value) * 10 <= self.value
            case _:
                return value == self.value


@cache
def expected_figures() -> tuple[Expected, ...]:
    """All of them, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Expected(
                row["id"],
                row["source"],
                row["place"],
                row["scope"],
                row["label_zh"],
                row["metric"],
                int(row["value"]),
                row["bound"],
                row["unit"],
                row["period"],
                row["note"],
            )
            for row in csv.DictReader(file)
        )
