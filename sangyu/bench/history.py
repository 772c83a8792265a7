"""Eleven invented years of the journal: a tree, entries and facts, by set-based SQL in the order of time.

Ten facts an entry, of fourteen metrics: one of them has a tenth of all facts, four have a fifth each, with people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper as Cursor

from sangyu.journal.declare import Metric

UPPER = 556  # organizations that have others below them; all others are branches
FIRST_DAY, LAST_DAY = date(2016, 1, 1), date(2026, 12, 31)
LARGE = Metric(1011, "bench.large", "参加", "人次")
PEOPLE = Metric(1011, "bench.people", "参加的人", "人", "distinct")
FACTS_AN_ENTRY = 10

# Where each level ends: 1, 5, 50 and 500 organizations, then branches. One of the 50 has a fiftieth of them all.
TREE = """
with recursive level as (
    select 1 id, null::int parent_id, array[1] line, 0 depth union all
    select c, l.id, l.line || c, depth + 1
      from level l, unnest(array[1, 6, 56, 556], array[5, 50, 500, %(organizations)s - 556], array[1, 5, 50, 500])
                    with ordinality below(last_above, many, above, depth_above),
           generate_series(last_above + 1 + (l.id - 1 - (last_above - above)), last_above + many, above) c
     where depth_above = depth + 1)
insert into members_organization (id, name, kind, bond, parent_id, line, founded_on, reading)
select id, '第' || id || '组织', case depth when 4 then 'branch' else 'committee' end, '', parent_id, line,
       '2000-01-01', 'di ' || id from level order by id"""
PLACES = """
insert into members_organizationplace (organization_id, during, parent_id, line)
select id, daterange(null, null), parent_id, line from members_organization"""
ENTRIES = """
insert into journal_entry (door, verb, organization_id, subject_kind, subject_id, statement, detail)
select 'console', 'activities.closed',
       %(upper)s + 1 + (hashint8(i)::bigint + 2147483648) %% (%(organizations)s - %(upper)s), 999, i, 1, '{}'
  from generate_series(%(first)s, %(last)s) i"""
FACTS = """
insert into journal_fact (entry_id, metric, organization_id, person_id, "on", amount)
select e.id, case k when 1 then 1001 when 2 then 1002 + e.subject_id %% 8 else 1011 + e.subject_id %% 4 end,
       e.organization_id,
       case when k > 2
            then e.organization_id::bigint * 40 + (hashint8(e.subject_id * 8 + k)::bigint + 2147483648) %% 40 end,
       %(first_day)s::date + (e.subject_id * %(days)s / %(all)s)::int, 1
  from journal_entry e, generate_series(1, 10) k
 where e.subject_kind = 999 and e.subject_id between %(first)s and %(last)s order by e.subject_id, k"""
# What the trigger leaves of entries that come one by one: one delta an entry, metric and month.
DELTAS = """
insert into journal_delta (metric, organization_id, month, amount)
select metric, organization_id, date_trunc('month', "on"::timestamp)::date, sum(amount)
  from journal_fact where id > %s group by entry_id, 1, 2, 3 order by entry_id"""


class History:
    """Facts that are loaded bit by bit; each of `organizations` organizations has about as many as another."""

    def __init__(self, organizations: int, entries: int) -> None:
        self.organizations, self.entries, self.loaded = organizations, entries, 0
        self.before = 0  # the last fact before those that were loaded last
        self.given: dict[str, Any] = {
            "organizations": organizations,
            "upper": UPPER,
            "all": entries,
            "first_day": FIRST_DAY,
            "days": (LAST_DAY - FIRST_DAY).days,
        }
        with connection.cursor() as cursor:
            cursor.execute(TREE, self.given)
            cursor.execute(PLACES)
            cursor.execute("select setval(pg_get_serial_sequence('members_organization', 'id'), %s)", [organizations])
            cursor.execute("vacuum analyze members_organization, members_organizationplace")

    def load(self, entries: int) -> None:
        """The next so many entries with their facts."""
        span = {**self.given, "first": self.loaded + 1, "last": self.loaded + entries}
        with connection.cursor() as cursor:
            cursor.execute("select coalesce(max(id), 0) from journal_fact")
            (self.before,) = cursor.fetchone()
            with _bare(cursor, "journal_fact"):
                cursor.execute(ENTRIES, span)
                cursor.execute("delete from journal_unsealed")
                cursor.execute(FACTS, span)
            cursor.execute("vacuum analyze journal_entry, journal_fact")
        self.loaded += entries

    def queue(self) -> None:
        """What was loaded last waits to be added up, as if it had come entry by entry."""
        with connection.cursor() as cursor:
            cursor.execute(DELTAS, [self.before])
            cursor.execute("vacuum analyze journal_delta")


@contextmanager
def _bare(cursor: Cursor, table: str) -> Iterator[None]:
    """Without indexes, foreign keys and triggers, which are made anew at the end: row by row they cost four times."""
    cursor.execute(
        "select 'alter table ' || %(t)s || ' drop constraint ' || quote_ident(conname), "
        "'alter table ' || %(t)s || ' add constraint ' || quote_ident(conname) || ' ' || "
        "pg_get_constraintdef(oid) from pg_constraint "
        "where conrelid = %(t)s::regclass and contype = 'f' union all "
        "select 'drop index ' || indexrelid::regclass, pg_get_indexdef(indexrelid) from pg_index "
        "where indrelid = %(t)s::regclass and not indisprimary",
        {"t": table},
    )
    found = cursor.fetchall()
    cursor.execute(f"alter table {table} disable trigger user")
    for drop, _ in found:
        cursor.execute(drop)
    yield
    for _, make in reversed(found):
        cursor.execute(make)
    cursor.execute(f"alter table {table} enable trigger user")
