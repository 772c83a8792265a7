"""What all that happens to an import shares: it is held against others, given to the worker, and waits its turn."""

from contextlib import suppress

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from sangyu.journal.actor import Actor
from sangyu.members.models import Organization, RosterImport

ROSTER_LOCK = 3  # first key of the advisory lock, second is the root organization, or 0 for all
ALL = 0
GOING_LOCK = 7  # first key: held by whoever notes people of the site in rows, alone by who takes people back


def held(roster: RosterImport) -> RosterImport:
    """The import as it stands now, held against whoever else wants to change it."""
    rows = RosterImport.objects.select_for_update(of=["self"]).select_related("organization").defer("content_sealed")
    return rows.get(pk=roster.pk)


def queue(name: str, actor: Actor, roster: RosterImport) -> None:
    """The job in this very transaction. It is named, not imported: the task itself calls the actions."""
    task = app.configure_task(name, queueing_lock=f"{name.rpartition('.')[2]}.{roster.pk}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(roster_id=roster.pk, person_id=actor.person_id)


def nobody_goes() -> None:
    """Until this is committed no undoing takes back people whom the rows being written may name."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s, 0)", [GOING_LOCK])


def people_go() -> None:
    """Waits until no such rows are being written, and keeps them waiting."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [GOING_LOCK])


def one_after_the_other(organization: Organization) -> None:
    """Two imports at once go one after the other: the second then sees what the first brought, and two long lists of
    the same people never wait for each other in a ring."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [ROSTER_LOCK, organization.line[0]])
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [ROSTER_LOCK, ALL])
