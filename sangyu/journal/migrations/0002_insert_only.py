"""Entries and facts are insert-only for the site, column by column; waiting for the seal is filled by a trigger."""

from django.db import migrations

FORWARDS = """
create function journal_entry_waits() returns trigger language plpgsql as
$$ begin insert into journal_unsealed (entry_id) select id from fresh; return null; end $$;
create trigger entry_waits after insert on journal_entry
    referencing new table as fresh for each statement execute function journal_entry_waits();

alter table journal_batch alter leaves set storage external;  -- hashes do not compress
alter table journal_unsealed set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
alter table journal_entry alter at set default clock_timestamp();
alter table journal_batch alter at set default clock_timestamp();

revoke all on journal_entry, journal_fact, journal_unsealed, journal_batch from sangyu_app;
grant select on journal_entry, journal_fact, journal_unsealed, journal_batch to sangyu_app;
-- id and at are not insertable: the database says them
grant insert (actor_id, for_id, door, verb, organization_id, subject_kind, subject_id, statement, detail)
    on journal_entry to sangyu_app;
grant insert (entry_id, retracts_id, person_id, organization_id, "on", metric, amount) on journal_fact to sangyu_app;
grant insert on journal_unsealed to sangyu_app;
grant delete on journal_unsealed to sangyu_worker;
grant insert on journal_batch to sangyu_worker;
"""

BACKWARDS = """
drop trigger entry_waits on journal_entry;
drop function journal_entry_waits();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
