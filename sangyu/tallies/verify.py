"""Are the tallies what the facts come to, and does the tree hang together? Every finding is one Chinese sentence."""

from collections.abc import Iterator

from django.db import connection, transaction

from sangyu.journal.declare import METRIC_BY_NUMBER
from sangyu.members.models import Organization

# What is kept (tallies and what waits) beside what the facts come to, at every organization of today's tree.
DIFFERENT = """
with own as (
    select metric, organization_id, month, sum(amount) plain, 0::numeric kept
      from (select metric, organization_id, date_trunc('month', "on"::timestamp)::date as month, amount
              from journal_fact) f group by 1, 2, 3
    union all
    select metric, organization_id, month, 0, sum(amount) from journal_delta group by 1, 2, 3),
above as (
    select metric, a.id organization_id, month, sum(plain) plain, sum(kept) kept
      from own left join members_organization o on o.id = organization_id,
           unnest(coalesce(o.line, array[organization_id])) a(id) group by 1, 2, 3)
select metric, organization_id, month, kept, plain, part from (
    select metric, organization_id, month, sum(kept) kept, sum(plain) plain, '合计' part from (
        select metric, organization_id, month, kept, plain from above union all
        select metric, organization_id, month, total, 0 from tallies_tally) x group by 1, 2, 3
    union all
    select metric, organization_id, month, sum(kept), sum(plain), '本级' from (
        select metric, organization_id, month, kept, plain from own union all
        select metric, organization_id, month, own, 0 from tallies_tally) x group by 1, 2, 3) told
 where kept <> plain order by 1, 2, 3"""

ASTRAY = """
select o.name || '的上级关系与它的位置对不上' from members_organization o
  left join members_organization p on p.id = o.parent_id
 where o.line is distinct from coalesce(p.line, '{}') || o.id::int
union all
select o.name || '的隶属沿革与今天的上级关系对不上' from members_organization o
  left join members_organizationplace p on p.organization_id = o.id and upper_inf(p.during)
 where (p.line, p.parent_id) is distinct from (o.line, o.parent_id)"""


def findings() -> Iterator[str]:
    """Everything wrong with the tallies and the tree, in one read-only snapshot."""
    inside = connection.in_atomic_block  # a caller's transaction has begun its own snapshot
    with transaction.atomic(), connection.cursor() as cursor:
        if not inside:
            cursor.execute("set transaction isolation level repeatable read read only")
        cursor.execute(ASTRAY)
        yield from (sentence for (sentence,) in cursor.fetchall())
        cursor.execute(DIFFERENT)
        different = cursor.fetchall()
        names = dict(Organization.objects.filter(pk__in={row[1] for row in different}).values_list("pk", "name"))
    for metric, organization, month, kept, plain, part in different:
        label = METRIC_BY_NUMBER[metric].label if metric in METRIC_BY_NUMBER else f"指标 {metric}"
        where = names.get(organization, f"组织 {organization}")
        yield f"{where}{month:%Y年%-m月}“{label}”的{part}记成了 {kept}，按事实应当是 {plain}"
