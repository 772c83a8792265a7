"""A fact comes with its own entry's transaction and takes back only its equal; the queue of the seal fills itself.

One look per statement instead of two foreign keys per row: those cost 8 µs a fact at each commit and let a fact be
slipped into an entry of long ago (docs/decisions/0011).
"""

import django.db.models.deletion
from django.db import migrations, models

# A row that we see and whose transaction is still in progress is our own. `xmin` is the number of a transaction or of a
# savepoint in it, in a ring of 2^32: `ahead` of ours is ours or newer, and older rows lie in the half behind.
# Scalar sub-selects: a join would be planned once per connection, for the size of its first statement.
FORWARDS = """
-- Its plans are kept for the life of a connection, also those made while the tables were small enough to be read whole.
create function journal_facts_fit() returns trigger language plpgsql set enable_seqscan = off as
$$ declare top bigint := pg_current_xact_id()::text::bigint;
begin
    if exists (select from (select distinct entry_id from fresh) f where
               (select ahead = 0 or ahead < 2147483648 and pg_xact_status((top + ahead)::text::xid8) = 'in progress'
                  from (select (e.xmin::text::bigint - top) & 4294967295 as ahead
                          from journal_entry e where e.id = f.entry_id) x) is not true) then
        raise integrity_constraint_violation
            using message = 'a fact comes with its entry', constraint = 'journal_fact_of_its_entry';
    end if;
    if exists (select from fresh r where r.retracts_id is not null and
               (select (f.metric, f.organization_id, f."on", f.amount, f.retracts_id)
                       is not distinct from (r.metric, r.organization_id, r."on", -r.amount, null)
                       and f.person_id is not distinct from r.person_id
                  from journal_fact f where f.id = r.retracts_id) is not true) then
        raise integrity_constraint_violation
            using message = 'a retraction is equal but for the sign', constraint = 'journal_fact_takes_back_its_equal';
    end if;
    return null;
end $$;
create trigger facts_fit after insert on journal_fact
    referencing new table as fresh for each statement execute function journal_facts_fit();

-- As the owner: whoever writes an entry neither needs nor has the right to say what waits.
create or replace function journal_entry_waits() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as
$$ begin insert into journal_unsealed (entry_id) select id from fresh; return null; end $$;
revoke insert on journal_unsealed from sangyu_app;
"""

BACKWARDS = """
grant insert on journal_unsealed to sangyu_app;
create or replace function journal_entry_waits() returns trigger language plpgsql as
$$ begin insert into journal_unsealed (entry_id) select id from fresh; return null; end $$;
drop trigger facts_fit on journal_fact;
drop function journal_facts_fit();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_deltas")]
    operations = [
        migrations.AlterField(
            "fact",
            "entry",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="facts",
                to="journal.entry",
            ),
        ),
        migrations.AlterField(
            "fact",
            "retracts",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="retracted_by",
                to="journal.fact",
            ),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
