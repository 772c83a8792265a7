"""What was counted and not yet added up (tallies): filled by a trigger with every fact, and once with those there are."""

from django.db import migrations, models

WAITING = """select metric, organization_id, date_trunc('month', "on"::timestamp)::date, sum(amount)
    from {} group by 1, 2, 3 having sum(amount) <> 0"""

# The function is the owner's: nobody else needs, or has, the right to say what waits.
FORWARDS = f"""
create function journal_fact_waits() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as
$$ begin
    insert into journal_delta (metric, organization_id, month, amount) {WAITING.format("fresh")};
    return null;
end $$;
create trigger fact_waits after insert on journal_fact
    referencing new table as fresh for each statement execute function journal_fact_waits();
insert into journal_delta (metric, organization_id, month, amount) {WAITING.format("journal_fact")};

alter table journal_delta set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
revoke all on journal_delta from sangyu_app;
grant select on journal_delta to sangyu_app;
grant delete on journal_delta to sangyu_worker;
"""

BACKWARDS = """
drop trigger fact_waits on journal_fact;
drop function journal_fact_waits();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_insert_only")]
    operations = [
        migrations.CreateModel(
            name="Delta",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("metric", models.SmallIntegerField()),
                ("organization_id", models.IntegerField()),
                ("month", models.DateField()),
                ("amount", models.BigIntegerField()),
            ],
            options={"db_table": "journal_delta"},
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
