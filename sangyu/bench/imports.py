"""How fast a roster comes in, whole: read, checked, compared with who is there, sealed, written, recorded row by row.

Beside it the same file through django-import-export, which neither seals nor records nor keeps the bad rows, and as raw
as can be: calamine and COPY without a look at anything.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sangyu.bench.import_baselines_raw import copy_raw
from sangyu.bench.measure import Measure, Size, seconds
from sangyu.bench.rosters import branches_of, write_roster
from sangyu.journal.actor import machine
from sangyu.members.actions import organizations, rosters
from sangyu.members.models import Membership, Organization, RosterImport
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.queries.people import actor_of

BENCH = "imports"
FOUNDED = date(2010, 1, 1)
OPERATOR = machine("command", "members.found_office", "members.import_roster")
ABSENT = "没有安装 django-import-export，所以没有对照：pip install -r requirements/dev.txt --require-hashes"
AIM = "≥ 10000"

# Brings in a roster in a process of its own, as the worker does, and says in kilobytes its peak of memory, and that of
# its children (at least what it had itself when they began). Its own `ru_maxrss` would be ours, who started it.
WORKER = """
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
import django
django.setup()
from sangyu.bench.imports import bring_in
from sangyu.members.models import Organization
bring_in(Organization.objects.get(name=sys.argv[1]), Path(sys.argv[2]).read_bytes())
own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(own.split()[1], getrusage(RUSAGE_CHILDREN).ru_maxrss)
"""


def run(size: Size) -> Iterator[Measure]:
    rows = size.of(100_000, least=1000)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        right = write_roster(path, rows)
        taken, reading = _ours(found_office("甲市委老干部局", rows), path.read_bytes(), right)
        ours = rows / taken
        yield Measure(BENCH, f"{rows}行全程", ours, "行/秒", aim=AIM)
        yield Measure(BENCH, "其中读取核对", rows / reading, "行/秒")
        yield Measure(BENCH, "其中写入", rows / (taken - reading), "行/秒")
        yield from _beside(path.read_bytes(), rows, ours)
        yield from _memory(Path(folder), rows)


def found_office(name: str, people: int) -> Organization:
    """An office with the branches of a roster."""
    clerk = organizations.found_office(OPERATOR, name, "丁一", FOUNDED)
    office = Organization.objects.get(name=name)
    for branch in branches_of(people):
        organizations.found_organization(actor_of(clerk.pk, "bench"), office, branch, OrganizationKind.BRANCH, FOUNDED)
    return office


def bring_in(office: Organization, content: bytes) -> tuple[RosterImport, float]:
    """Everything that page and worker do with a file, and after how many seconds it was read."""
    begun = perf_counter()
    roster = rosters.receive_roster(OPERATOR, office, "bench.xlsx", content)
    reading = perf_counter() - begun
    return rosters.apply_roster(OPERATOR, roster), reading


def _ours(office: Organization, content: bytes, right: int) -> tuple[float, float]:
    """Seconds in all, and of these for reading. A figure for rows that did not come in would be worth nothing."""
    begun = perf_counter()
    _, reading = bring_in(office, content)
    taken = perf_counter() - begun
    came = Membership.objects.filter(organization__line__contains=[office.pk]).count()
    if came != right:
        raise RuntimeError(f"{came} of {right} came in")
    return taken, reading


def _beside(content: bytes, rows: int, ours: float) -> Iterator[Measure]:
    if find_spec("import_export") is None:
        yield Measure(BENCH, ABSENT, ours, "行/秒")
    else:
        plain = import_module("sangyu.bench.import_baselines")
        for name, gate, deed in (
            ("django-import-export 批量", ">= 5", plain.import_plain),
            ("django-import-export 调优批量", "", plain.import_tuned),
        ):
            theirs = rows / seconds(partial(deed, content))
            yield Measure(BENCH, "全程", ours, "行/秒", name, theirs, gate)
    yield Measure(BENCH, "全程", ours, "行/秒", "calamine 加 COPY", rows / seconds(partial(copy_raw, content)))


def _memory(folder: Path, rows: int) -> Iterator[Measure]:
    """Peaks of the worker with a fifth of the rows, and with all; the process apart that lays out the sheet besides."""
    peaks = []
    for number, count in enumerate((rows // 5, rows), start=1):
        path = folder / f"roster{number}.xlsx"
        write_roster(path, count, offset=number * 2 * rows)
        office = found_office(f"乙{number}市委老干部局", count)
        done = subprocess.run(
            [sys.executable, "-c", WORKER, office.name, str(path)],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "sangyu.config.settings"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        peaks.append([int(kilobytes) / 1024 for kilobytes in done.stdout.split()])
    (small, small_layout), (big, big_layout) = peaks
    yield Measure(BENCH, f"导入进程内存峰值，{rows}行", big, "MB", f"{rows // 5}行", small, aim="比值近 1")
    yield Measure(BENCH, f"展开表格的进程内存峰值，{rows}行", big_layout, "MB", f"{rows // 5}行", small_layout)
