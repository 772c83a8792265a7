"""The statements behind figures. Each is one snapshot: whole months added up, what waits for them, days at the edges.

`{nodes}` is how the organizations are given (GIVEN, SEEN or TOPMOST), `{edges}` one EDGE for each edge.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from sangyu.tallies.months import Cover

# As values, or the server plans from the wrong end (docs/decisions/0004). Only where rights leave out parts of what is
# asked are the nodes looked up, within the same snapshot.
GIVEN = "%(nodes)s::int[]"
SEEN = "array(select id::int from members_organization where id = any(%(nodes)s::int[]) and line && %(realm)s::int[])"
THERE = "array(select id::int from members_organization where id = any(%(nodes)s::int[]))"
TOPMOST = """array(select id::int from members_organization
                   where id = any(%(realm)s::int[]) and line @> %(nodes)s::int[]
                     and not trim_array(line, 1) && %(realm)s::int[])"""

# Today's tree: one row an organization that was asked for.
TODAY = """
select id, sum(amount)::bigint from (
    select id, 0 amount from unnest({nodes}) id
    union all
    select organization_id, total from tallies_tally
     where metric = %(metric)s and organization_id = any({nodes}) and month >= %(start)s and month < %(end)s
    union all
    select above.id, d.amount
      from journal_delta d join members_organization o on o.id = d.organization_id, unnest(o.line) above(id)
     where d.metric = %(metric)s and d.month >= %(start)s and d.month < %(end)s
       and o.line && {nodes} and above.id = any({nodes})
    {edges}) counted group by id"""
TODAY_EDGE = """
    union all
    select above.id, {sign} * sum(f.amount)
      from journal_fact f join members_organization o on o.id = f.organization_id, unnest(o.line) above(id)
     where f.metric = %(metric)s and f."on" >= {start} and f."on" < {end}
       and o.line && {nodes} and above.id = any({nodes}) group by 1"""

# As it was then: one row, from what is each organization's own and from where it hung on the last day of the month.
THEN = """
select sum(x.amount)::bigint from (
    select organization_id, month, own amount from tallies_tally
     where metric = %(metric)s and month >= %(start)s and month < %(end)s and own <> 0
    union all
    select organization_id, month, amount from journal_delta
     where metric = %(metric)s and month >= %(start)s and month < %(end)s
    {edges}) x
  join members_organizationplace p on p.organization_id = x.organization_id
   and p.during @> (x.month + interval '1 month - 1 day')::date
 where p.line && {nodes}"""
THEN_EDGE = """
    union all
    select organization_id, date_trunc('month', "on"::timestamp)::date, {sign} * sum(amount) from journal_fact
     where metric = %(metric)s and "on" >= {start} and "on" < {end} group by 1, 2"""

# People who count at all in the whole stretch, each once: from facts, for a set cannot forget who was taken back.
PEOPLE = """
select count(*) from (
    select from journal_fact f join {tree} on {hangs}
     where f.metric = %(metric)s and f."on" >= %(from)s and f."on" < %(until)s and f.person_id is not null
       and t.line && {nodes}
     group by f.person_id having sum(f.amount) > 0) people"""
PEOPLE_OF_EACH = "select n.id, ({people}) from unnest({nodes}) n(id)"
TREE = {"tree": "members_organization t", "hangs": "t.id = f.organization_id"}
PLACES = {
    "tree": "members_organizationplace t",
    "hangs": "t.organization_id = f.organization_id and "
    "t.during @> (date_trunc('month', f.\"on\"::timestamp) + interval '1 month - 1 day')::date",
}

Values = dict[str, Any]


def today(nodes: str, values: Values, within: Cover) -> dict[int, int]:
    """Amount at and below each of the nodes."""
    return dict(_rows(TODAY, TODAY_EDGE, nodes, values, within))


def then(nodes: str, values: Values, within: Cover) -> int:
    """Amount of what hung at or below any of the nodes."""
    return int(_rows(THEN, THEN_EDGE, nodes, values, within)[0][0] or 0)


def people(nodes: str, values: Values, as_it_was: bool) -> int:
    """People counted at or below any of the nodes."""
    return int(_ask(PEOPLE.format(nodes=nodes, **(PLACES if as_it_was else TREE)), values)[0][0])


def people_of_each(nodes: str, values: Values) -> dict[int, int]:
    """People counted at and below each of the nodes."""
    counted = PEOPLE.format(nodes="array[n.id]", **TREE)
    return dict(_ask(PEOPLE_OF_EACH.format(people=counted, nodes=nodes), values))


def _rows(whole: str, edge: str, nodes: str, values: Values, within: Cover) -> Sequence[Any]:
    given, edges = {**values, "start": within.start, "end": within.end}, []
    for n, one in enumerate(within.edges):
        given |= {f"edge{n}": one.start, f"edge_end{n}": one.end}
        edges.append(edge.format(sign=one.sign, start=f"%(edge{n})s", end=f"%(edge_end{n})s", nodes=nodes))
    return _ask(whole.format(nodes=nodes, edges="".join(edges)), given)


def _ask(statement: str, values: Values) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: Sequence[Any] = cursor.fetchall()
    return rows
