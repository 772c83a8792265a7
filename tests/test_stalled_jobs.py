"""A worker that was killed loses nothing: another takes its jobs up again."""

import time
from contextlib import suppress

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from sangyu.kit import tasks as kit
from sangyu.kit.tests.working import work
from sangyu.members import tasks as members
from sangyu.members.actions import rosters
from sangyu.members.tests.cast import make_cast
from sangyu.members.tests.roster_files import person, receive


def test_the_job_of_a_killed_worker_is_done_by_the_next(own_database: str) -> None:
    cast = make_cast()
    roster = receive(cast, person("马东", 1))
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    left = ProcrastinateJob.objects.filter(task_name=members.apply_roster.name)
    with connection.cursor() as cursor:  # as a killed worker leaves it
        cursor.execute(
            "update procrastinate_jobs set status = 'doing' where task_name = %s", [members.apply_roster.name]
        )
    with suppress(AlreadyEnqueued):  # the minute's own one may wait already
        kit.revive.defer(timestamp=int(time.time()))
    work()
    work()
    roster.refresh_from_db()
    assert (left.get().status, roster.state) == ("succeeded", "done")
