"""Memberships and branches that are there already are counted as those to come will be (members/metrics.py)."""

from django.db import migrations

# An entry of the upgrade's for each record that has stated nothing yet, then its facts: one more, later one fewer.
STATE = """
insert into journal_entry (door, verb, organization_id, subject_kind, subject_id, statement, detail)
select 'upgrade', 'members.counted', x.organization_id, x.kind, x.id, 1, '{}'
  from (select 12 kind, id, organization_id from members_membership union all
        select 10, id, id from members_organization) x
 where not exists (select from journal_entry e
                    where e.subject_kind = x.kind and e.subject_id = x.id and e.statement is not null)
 order by x.kind, x.id;

insert into journal_fact (entry_id, metric, organization_id, person_id, "on", amount)
select e.id, x.metric, x.organization_id, x.person_id, x."on", x.amount
  from (select 12 kind, id, case kind when 'formal' then 10 when 'attached' then 14 else 15 end metric,
               organization_id, person_id, lower(during) "on", 1 amount from members_membership
        union all
        select 12, id, case kind when 'formal' then 10 when 'attached' then 14 else 15 end,
               organization_id, person_id, upper(during), -1 from members_membership where upper(during) is not null
        union all
        select 10, id, 16, id, null, founded_on, 1 from members_organization where kind = 'branch'
        union all
        select 10, id, 16, id, null, dissolved_on, -1 from members_organization
         where kind = 'branch' and dissolved_on is not null) x
  join journal_entry e on e.subject_kind = x.kind and e.subject_id = x.id and e.verb = 'members.counted'
 order by e.id, x.amount desc;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0002_rosters_at_size"), ("journal", "0002_insert_only")]
    operations = [migrations.RunSQL(STATE, migrations.RunSQL.noop)]
