"""The worker adds up what waits. Figures are right at any moment: what is not added up yet is counted with them."""

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper as Cursor

from sangyu.journal.actor import Actor
from sangyu.kit.refusals import require

ALL = 2**63 - 1  # the largest number there can be
FOLD_LOCK = 6  # first key of the advisory lock; whoever moves an organization takes it too (migration 0001)

# What is `own` goes up today's tree: to the superiors first, for they are few, and from there to all above. Own and
# total of one organization are added up before the upsert, which may touch a row only once; and sorted by its key.
GOES_UP = """
superior as (
    select metric, o.parent_id id, month, sum(amount)::bigint amount
      from own join members_organization o on o.id = organization_id where o.parent_id is not null group by 1, 2, 3),
parts as (
    select metric, organization_id, month, amount own, amount total from own union all
    select metric, above.id, month, 0, sum(amount)::bigint
      from superior s join members_organization o on o.id = s.id, unnest(o.line) above(id) group by 1, 2, 3),
tallies as (
    select metric, organization_id, month, sum(own)::bigint own, sum(total)::bigint total from parts
     group by 1, 2, 3 order by 1, 2, 3)"""

# By number, not by place in the table: so the server knows how many they are and does not look up each organization
# by itself. Which numbers are committed does not matter: whatever is not seen stays.
LAST_OF_BITE = "select id from journal_delta order by id offset %s - 1 limit 1"
FOLD = f"""
with taken as (delete from journal_delta where id <= %s returning metric, organization_id, month, amount),
own as (select metric, organization_id, month, sum(amount)::bigint amount from taken group by 1, 2, 3),
{GOES_UP},
written as (
    insert into tallies_tally as t (metric, organization_id, month, own, total) select * from tallies
    on conflict (metric, organization_id, month)
    do update set own = t.own + excluded.own, total = t.total + excluded.total)
select count(*) from taken"""

# In one snapshot the waiting deltas are those of the facts that are seen: both go, or neither.
REBUILD = f"""
with gone as (delete from journal_delta),
own as (select metric, organization_id, date_trunc('month', "on"::timestamp)::date as month, sum(amount)::bigint amount
          from journal_fact group by 1, 2, 3),
{GOES_UP}
insert into tallies_tally (metric, organization_id, month, own, total)
select * from tallies where own <> 0 or total <> 0"""


@transaction.atomic
def fold(actor: Actor, size: int = 200_000) -> int:
    """Add up to `size` waiting deltas to the tallies of their organizations and of all above; returns how many."""
    require(actor.may("tallies.fold"))
    with connection.cursor() as cursor:
        _begin(cursor)
        cursor.execute(LAST_OF_BITE, [size])
        bite = cursor.fetchone() or [ALL]
        cursor.execute(FOLD, bite)
        return int(cursor.fetchone()[0])


@transaction.atomic
def rebuild(actor: Actor) -> int:
    """Count everything anew from the facts, after a repair; returns how many tallies there are. About a minute."""
    require(actor.may("tallies.rebuild"))
    with connection.cursor() as cursor:
        _begin(cursor)
        cursor.execute("delete from tallies_tally")
        cursor.execute(REBUILD)
        return int(cursor.rowcount)


def _begin(cursor: Cursor) -> None:
    """Nobody else folds or moves an organization until we are done: then it is up to the tree that we see."""
    cursor.execute("set local work_mem = '64MB'")  # a million facts are added up without files
    # A statement of its own: a statement's snapshot is older than the lock it waits for.
    cursor.execute("select pg_advisory_xact_lock(%s, 0)", [FOLD_LOCK])
