"""An invented province for measuring: organizations, people and memberships by set-based SQL, none of them living.

Surnames are as frequent as in the country; given names are drawn from the demo's characters, so that two characters
are shared by 1 person in 400: more than any two are in life.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from sangyu.demo.people import MEN_FIRST, MEN_LAST, SURNAMES, WOMEN_FIRST, WOMEN_LAST
from sangyu.duties.actions import adopt_rule_pack
from sangyu.journal.actor import machine
from sangyu.kit import crypto, pinyin
from sangyu.members.models import Organization
from sangyu.members.models.person import PHONE
from sangyu.tallies.actions import fold

CITIES, COUNTIES = 14, 140
BRANCH = 50  # members of one branch
PERCENT = (7.2, 7.2, 6.8, 5.4, 4.5, 3.1, 2.3, 2.2, 2.1, 2.0)  # of the ten commonest surnames; the others share the rest
FIRST, LAST = MEN_FIRST + WOMEN_FIRST, MEN_LAST + WOMEN_LAST

# The province is organization 1, then come cities and counties; branches begin at 1001.
ORGANIZATIONS = """
insert into members_organization (id, name, kind, bond, parent_id, line, founded_on, reading)
select 1, '无名省委老干部局', 'working_committee', '', null::bigint, array[1], date '2000-01-01', 'wu ming sheng'
 union all
select 1 + c, '第' || c || '市委老干部局', 'working_committee', '', 1, array[1, 1 + c], '2000-01-01',
       'di ' || c || ' shi'
  from generate_series(1, %(cities)s) c union all
select 1 + %(cities)s + c, '第' || c || '县委老干部局', 'working_committee', '', 2 + c %% %(cities)s,
       array[1, 2 + c %% %(cities)s, 1 + %(cities)s + c], '2000-01-01', 'di ' || c || ' xian'
  from generate_series(1, %(counties)s) c;
insert into members_organization (id, name, kind, bond, parent_id, line, founded_on, reading)
select 1000 + b, '第' || b || '离退休干部党支部', 'branch', '', o.id, o.line || (1000 + b), '2000-01-01',
       'di ' || b || ' zhi bu'
  from generate_series(1, %(branches)s) b
  join members_organization o on o.id = 2 + %(cities)s + b %% %(counties)s
"""
PEOPLE = """
with drawn as (
    select n, 1 + width_bucket(random(), %(surname_ends)s::float8[]) as s,
           1 + floor(random() * cardinality(%(first)s::text[]))::int as f,
           case when random() < 0.12 then 0 else 1 + floor(random() * cardinality(%(last)s::text[]))::int end as l
      from generate_series(1, %(people)s) n),
told as (
    select n, (%(surname)s::text[])[s] a, (%(first)s::text[])[f] b, coalesce((%(last)s::text[])[l], '') c,
           (%(surname_read)s::text[])[s] x, (%(first_read)s::text[])[f] y, coalesce((%(last_read)s::text[])[l], '') z
      from drawn)
insert into members_person (id, name, reading, initials, grams, sex, born_on, born_precision, joined_party_on,
                            joined_party_precision, rank, phone_sealed)
select n, a || b || c, rtrim(x || ' ' || y || ' ' || z), left(x, 1) || left(y, 1) || left(z, 1),
       array_remove(array[a, b, c, a || b, nullif(b || c, b)], ''), 'male',
       date '1935-01-01' + n %% 9000, 'day', date '1970-01-01' + n %% 9000, 'day', 'section', %(phone)s::bytea
  from told
"""
MEMBERSHIPS = """
insert into members_membership (person_id, organization_id, kind, party_status, during)
select n, 1001 + (n - 1) / %(branch)s, 'formal', 'full', daterange('2018-05-01', null)
  from generate_series(1, %(people)s) n
"""

# Nobody of these is a member but secretaries and liaisons, the first two of each branch.
OFFICERS = """
insert into accounts_account (id, password, sign_in_name, is_active, text_size)
select id, '', 'bench' || id, true, 'standard' from members_organization
 where id <= 1 + %(cities)s + %(counties)s or id = 1001;
insert into members_person (id, name, reading, initials, grams, sex, born_precision, joined_party_precision, rank,
                            account_id)
select %(people)s + id, '局工作人员', 'ju gong zuo ren yuan', 'jgzry', array['局'], 'male', 'day', 'day', '', id
  from members_organization where id <= 1 + %(cities)s + %(counties)s;
insert into members_appointment (person_id, organization_id, role, during)
select %(people)s + id, id, 'bureau', daterange('2018-05-01', null) from members_organization
 where id <= 1 + %(cities)s + %(counties)s union all
select 1 + (id - 1001) * %(branch)s, id, 'secretary', daterange('2018-05-01', null) from members_organization
 where id > 1000 union all
select 2 + (id - 1001) * %(branch)s, id, 'liaison', daterange('2018-05-01', null) from members_organization
 where id > 1000;
update members_person set account_id = 1001 where id = 1
"""

# Lists tell how many there are from the tallies, which are folded from these: one fact a branch, counting its members.
FACTS = """
insert into journal_entry (door, verb, organization_id, subject_kind, subject_id, statement, detail)
select 'bench', 'members.counted', id, 10, id, 1, '{}' from members_organization where kind = 'branch';
insert into journal_fact (entry_id, metric, organization_id, "on", amount)
select e.id, m.metric, e.organization_id, date '2018-05-01', m.amount
  from journal_entry e, (values (10, %(branch)s), (16, 1)) m (metric, amount)
"""
EMPTY = """
truncate members_person, members_organization, accounts_account, journal_entry, journal_fact, journal_delta,
         journal_unsealed, tallies_tally, django_session cascade
"""
FOLDER = machine("worker", "tallies.fold")
OPERATOR = machine("command", "duties.adopt_rule_pack")


class Province:
    """Organizations whose officer signs in; the account has the organization's number."""

    root: ClassVar[int] = 1
    city: ClassVar[int] = 2
    county: ClassVar[int] = 2 + CITIES
    branch: ClassVar[int] = 1001


def found_province(people: int) -> None:
    """Fills the database, which is emptied before, and makes it ready as autovacuum and the worker would."""
    surname_ends = _ends([PERCENT[at] if at < len(PERCENT) else 1.4 for at in range(len(SURNAMES))])
    asked: dict[str, Any] = {
        "people": people,
        "cities": CITIES,
        "counties": COUNTIES,
        "branches": -(-people // BRANCH),
        "branch": BRANCH,
        "surname": list(SURNAMES),
        "surname_read": [pinyin.reading(letter) for letter in SURNAMES],
        "surname_ends": surname_ends,
        "first": list(FIRST),
        "first_read": [pinyin.plain_reading(letter) for letter in FIRST],
        "last": list(LAST),
        "last_read": [pinyin.plain_reading(letter) for letter in LAST],
        "phone": crypto.seal(crypto.keyring(), "19900000000", PHONE),
    }
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
        cursor.execute("select setseed(0.5)")
        for statement in (*ORGANIZATIONS.split(";"), PEOPLE):
            cursor.execute(statement, asked)
        with _without_exclusions(cursor, "members_membership"):
            cursor.execute(MEMBERSHIPS, asked)
        for statement in OFFICERS.split(";"):
            cursor.execute(statement, asked)
        with transaction.atomic():  # facts come with their entry
            for statement in FACTS.split(";"):
                cursor.execute(statement, asked)
        while fold(FOLDER):
            pass
        adopt_rule_pack(OPERATOR, Organization.objects.get(pk=Province.root), date(2000, 1, 1))
        cursor.execute("vacuum analyze")


@contextmanager
def _without_exclusions(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """Checked once at the end: row by row they take three quarters of the time."""
    cursor.execute(
        "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype = 'x'",
        [table],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"alter table {table} drop constraint {name}")
    yield
    for name, definition in found:
        cursor.execute(f"alter table {table} add constraint {name} {definition}")


def _ends(weights: list[float]) -> list[float]:
    """Where each but the last share of 1 ends."""
    total, ends, reached = sum(weights), [], 0.0
    for weight in weights[:-1]:
        reached += weight / total
        ends.append(reached)
    return ends
