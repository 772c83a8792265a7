"""Facts added up by month at every organization, for the worker to write; and totals that follow an organization."""

from django.db import migrations, models

FOLD_LOCK = 6  # as in tallies/actions.py

# Whoever hangs an organization elsewhere, its totals go along in the same transaction (docs/decisions/0010). The lock
# is a statement of its own, so that the next one sees the fold it has waited for.
FORWARDS = f"""
alter table tallies_tally set (fillfactor = 80);
revoke all on tallies_tally from sangyu_app;
grant select on tallies_tally to sangyu_app;
grant insert, update, delete on tallies_tally to sangyu_worker;
-- Organizations are dissolved, never deleted: what was counted below them stays counted.
revoke delete on members_organization from sangyu_app;

create function tallies_follow() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as
$$ begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'an organization is moved in a read committed transaction only';
    end if;
    perform pg_advisory_xact_lock({FOLD_LOCK}, 0);
    insert into tallies_tally as t (metric, organization_id, month, total)
    select s.metric, x.id, s.month, s.total * x.sign
      from tallies_tally s,
           (select unnest(old.line) id, -1 sign except select unnest(new.line), -1 union all
            (select unnest(new.line), 1 except select unnest(old.line), 1)) x
     where s.organization_id = new.id and s.total <> 0
     order by 1, 2, 3
    on conflict (metric, organization_id, month) do update set total = t.total + excluded.total;
    return null;
end $$;
create trigger tallies_follow after update of parent_id on members_organization for each row
    when (old.parent_id is distinct from new.parent_id) execute function tallies_follow();
"""

BACKWARDS = """
drop trigger tallies_follow on members_organization;
drop function tallies_follow();
grant delete on members_organization to sangyu_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0003_deltas"), ("members", "0004_places")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "metric", "organization_id", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("metric", models.SmallIntegerField()),
                ("organization_id", models.IntegerField()),
                ("month", models.DateField()),
                ("own", models.BigIntegerField(db_default=0)),
                ("total", models.BigIntegerField(db_default=0)),
            ],
            options={"db_table": "tallies_tally"},
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
