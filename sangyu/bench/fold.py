"""Tallies at size: folding, figures, people, the records behind, moves; then a busy life held against plain counts."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import cycle
from typing import Any

from django.db import connection, transaction

from sangyu.bench.history import FACTS_AN_ENTRY, LARGE, PEOPLE, History
from sangyu.bench.measure import Measure, Size, milliseconds, seconds
from sangyu.bench.torture import Torture
from sangyu.journal.actor import Actor, Office, machine
from sangyu.journal.declare import Metric
from sangyu.journal.models import Fact
from sangyu.members.actions.organizations import move_organization
from sangyu.members.models import Organization
from sangyu.tallies import queries, verify
from sangyu.tallies.actions import fold, rebuild

READER = machine("command", "members.read_all")
WORKER = machine("worker", "tallies.fold", "tallies.rebuild")
BUREAU = Actor(offices=(Office("bureau", 1),))
MONTH, YEAR = (date(2016, 5, 1), date(2016, 6, 1)), (date(2016, 1, 1), date(2017, 1, 1))
PART, EVER = (date(2016, 1, 10), date(2016, 12, 20)), (date.min, date(2027, 1, 1))
ALL_AT_ONCE = 10_000_000

GROUPED = """
create table bench_plain (metric smallint, organization_id int, month date, amount bigint not null,
                          primary key (metric, organization_id, month));
insert into bench_plain
select metric, organization_id, date_trunc('month', "on"::timestamp)::date, sum(amount) from journal_fact
 where id > %s group by 1, 2, 3"""
RAW = """
select sum(f.amount) from journal_fact f join members_organization o on o.id = f.organization_id
 where f.metric = %s and f."on" >= %s and f."on" < %s and o.line @> array[%s]::int[]"""
RAW_PEOPLE = RAW.replace("sum(f.amount)", "count(distinct f.person_id)")
FRESH = """
with entry as (
    insert into journal_entry (door, verb, subject_kind, subject_id, detail)
    values ('console', 'bench.stated', 998, 1, '{}') returning id)
insert into journal_fact (entry_id, metric, organization_id, person_id, "on", amount)
select (select id from entry), 1001 + n %% 14, %s - n, null, date '2016-03-01' + n %% 300, 1
  from generate_series(1, %s) n"""


def run(size: Size) -> Iterator[Measure]:
    million = size.of(1_000_000, least=20_000)
    history = History(size.of(50_000, least=3_000), entries=million)
    first = million // FACTS_AN_ENTRY
    history.load(first)
    history.queue()
    yield _folding(f"折叠最早的 {million:,} 个事实", first * FACTS_AN_ENTRY)
    _fold_all()
    young = _asking(history)
    history.load(million - 2 * first)
    anew = seconds(lambda: rebuild(WORKER))
    yield Measure("fold", f"从 {history.loaded * FACTS_AN_ENTRY:,} 个事实全部重新汇总", anew, "秒")
    history.load(first)
    history.queue()
    yield _folding(f"共 {history.loaded * FACTS_AN_ENTRY:,} 个事实时折叠最近的 {million:,} 个", first * FACTS_AN_ENTRY)
    _fold_all()
    yield from _flat(history, young)
    yield from _fresh(history)
    yield from _figures(history)
    yield from _as_it_was(history)
    yield from _people(history)
    yield from _records(history)
    yield from _moves(history)
    yield Measure("fold", "核对全部汇总", seconds(lambda: _nothing(verify.findings())), "秒")
    yield from _life(size)


def _nothing(found: Iterator[str]) -> None:
    assert not (wrong := list(found)), wrong[:3]


def _execute(statement: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)


def _fold_all() -> None:
    while fold(WORKER):
        pass
    _execute("vacuum analyze journal_delta, tallies_tally")


def _undone(deed: Callable[[], object]) -> None:
    """Do it and take it back, so that it can be measured again."""
    with transaction.atomic():
        deed()
        transaction.set_rollback(True)


def _folding(name: str, facts: int) -> Measure:
    with connection.cursor() as cursor:
        cursor.execute("select max(id) - %s from journal_fact", [facts])
        since = cursor.fetchone()[0]
    plain = seconds(lambda: _undone(lambda: _execute(GROUPED, since)), 3)
    taken = seconds(lambda: _undone(lambda: fold(WORKER, ALL_AT_ONCE)), 3)
    return Measure("fold", name, taken, "秒", "直接分组求和写入同键空表", plain, "<= 4")


def _wait(history: History, deltas: int) -> None:
    _execute(FRESH, history.organizations, deltas)


def _fresh(history: History) -> Iterator[Measure]:
    """What the worker does each minute, with everything it takes to be safe on disk."""
    taken = []
    for _ in range(5):
        _wait(history, 1000)
        taken.append(seconds(lambda: fold(WORKER)))
    yield Measure("fold", "折叠 1,000 条新增量", sorted(taken)[2], "秒", aim="<= 0.5")


def _places(history: History) -> dict[str, Organization]:
    """The root, one of the fifty that share all branches, and a branch."""
    return {
        "全部": Organization.objects.get(pk=1),
        "五十分之一": Organization.objects.get(pk=7),
        "一个支部": Organization.objects.get(pk=history.organizations - 1),
    }


def _asking(history: History) -> dict[str, float]:
    """Median milliseconds of a year's figure of each place."""
    return {name: milliseconds(_asked(LARGE, place, YEAR))[0] for name, place in _places(history).items()}


def _asked(metric: Metric, place: Organization, span: tuple[date, date]) -> Callable[[], int]:
    return lambda: queries.figure(READER, metric, place, *span)


def _flat(history: History, young: dict[str, float]) -> Iterator[Measure]:
    for name, taken in _asking(history).items():
        title = f"{name}一年的数，事实多到十倍以后"
        yield Measure("fold", title, taken, "毫秒", "只有十分之一时", young[name], "<= 1.25")


def _figures(history: History) -> Iterator[Measure]:
    for waiting in (0, 1000):
        if waiting:
            _wait(history, waiting)
        for name, place in _places(history).items():
            for told, span in (("一年", YEAR), ("历年", EVER), ("零头天数", PART)):
                taken, _ = milliseconds(_asked(LARGE, place, span), 50)
                plain, _ = milliseconds(partial(_execute, RAW, LARGE.number, *span, place.pk), 5)
                title = f"{name}{told}的数，{waiting:,} 条等待"
                aim = "<= 1" if told != "零头天数" else ""
                yield Measure("fold", title, taken, "毫秒", "逐条相加", plain, "", aim)


def _as_it_was(history: History) -> Iterator[Measure]:
    """From each organization's own and its place on the last day of each month: what nobody asks for every day."""
    for name, place in _places(history).items():
        taken, _ = milliseconds(partial(queries.figure, READER, LARGE, place, *YEAR, as_it_was=True), 5)
        today, _ = milliseconds(_asked(LARGE, place, YEAR), 20)
        yield Measure("fold", f"{name}一年的数，按当时隶属", taken, "毫秒", "按今日隶属", today)


def _people(history: History) -> Iterator[Measure]:
    for name, aim in (("五十分之一", "<= 50"), ("全部", "<= 250")):
        place = _places(history)[name]
        taken, _ = milliseconds(_asked(PEOPLE, place, YEAR), 10)
        plain, _ = milliseconds(partial(_execute, RAW_PEOPLE, PEOPLE.number, *YEAR, place.pk), 5)
        below = Organization.objects.under(place).count()
        yield Measure("fold", f"{below:,} 个组织一年参加的人，不重复", taken, "毫秒", "只数不问撤回", plain, "", aim)


def _records(history: History) -> Iterator[Measure]:
    """The slowest first page of any place, span and metric."""
    slowest, where = 0.0, ""
    for name, place in _places(history).items():
        for told, span in (("一月", MONTH), ("一年", YEAR), ("历年", EVER)):
            for metric in (LARGE, Metric(1002, "bench.small", "", "次")):
                taken, _ = milliseconds(partial(_first_records, metric, place, span), 5)
                slowest, where = max((slowest, where), (taken, f"{name}{told}"))
    yield Measure("fold", f"数背后的前 50 条记录，最慢的一处（{where}）", slowest, "毫秒", aim="<= 50")


def _first_records(metric: Metric, place: Organization, span: tuple[date, date]) -> list[Fact]:
    return list(queries.facts_behind(READER, metric, place, *span)[:50])


def _moves(history: History) -> Iterator[Measure]:
    """One of the fifty goes from superior to superior, each time a day later."""
    there, day = cycle([3, 4, 5, 2]), iter(range(1, 28))

    def move() -> None:
        parent = Organization.objects.get(pk=next(there))
        move_organization(BUREAU, Organization.objects.get(pk=7), parent, date(2024, 1, next(day)))

    moved = Organization.objects.under(Organization.objects.get(pk=7)).count()
    yield Measure("fold", f"调整 {moved:,} 个组织的隶属", seconds(move, 5), "秒", aim="<= 0.5")


def _life(size: Size) -> Iterator[Measure]:
    torture = Torture(seed=1)
    torture.run(max(5, 60 * size.share))
    checks = torture.rounds["checker"]
    wrong = float(len(torture.wrong))
    yield Measure("fold", "并发写入、调整、折叠时不符的数", wrong, "个", "核对次数", float(checks), "<= 0")
