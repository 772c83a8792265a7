"""How the demo is seen: steps with progress and findings, and the closing table."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from sangyu.kit.refusals import Refusal

T = TypeVar("T")
DONE, FAILED = "完成", "失败"


class Shortfall(Exception):
    """这一步的结果与应有的不一样。"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended."""

    step: str
    verdict: str
    result: str
    seconds: float


@dataclass
class Stage:
    """Where the demo speaks. `outcomes` fills up step by step."""

    console: Console = field(default_factory=Console)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(outcome.verdict == FAILED for outcome in self.outcomes)

    def play(self, step: str, deed: Callable[[], str]) -> None:
        """Do one step and keep how it ended. A refusal or a shortfall is a failed step; our own mistake is a crash."""
        self.console.rule(step, align="left")
        begun = time.monotonic()
        try:
            verdict, result = DONE, deed()
        except (Refusal, Shortfall) as fell:
            verdict, result = FAILED, str(fell) or (fell.__doc__ or "")
        self.outcomes.append(Outcome(step, verdict, result, time.monotonic() - begun))
        self.say(f"{verdict}：{result}")

    def say(self, sentence: str) -> None:
        self.console.print(sentence, markup=False, highlight=False)

    def table(self, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        table = Table(title=title, title_justify="left")
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        self.console.print(table, markup=False)

    def watched(self, things: Sequence[T], doing: str) -> Iterator[T]:
        """The things one by one, with a progress bar."""
        with self.bar(doing, len(things)) as advance:
            for thing in things:
                yield thing
                advance(1)

    @contextmanager
    def bar(self, doing: str, total: int) -> Iterator[Callable[[int], None]]:
        with Progress(console=self.console, transient=True) as progress:
            task = progress.add_task(doing, total=total)
            yield lambda more: progress.advance(task, more)

    def close(self) -> None:
        """The closing table: step, result, seconds."""
        rows = [(o.step, o.verdict, o.result, f"{o.seconds:.1f}") for o in self.outcomes]
        seconds = sum(o.seconds for o in self.outcomes)
        self.table("演示结果", ("步骤", "结果", "说明", "用时（秒）"), [*rows, ("合计", "", "", f"{seconds:.1f}")])
