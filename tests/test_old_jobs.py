"""Jobs that ended long ago do not pile up; failed ones stay longer, so that somebody can look."""

import time

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from sangyu.config.environment import OWNER
from sangyu.kit import tasks
from sangyu.kit.tests.working import work
from tests.roles import connected_as

LEFT = """insert into procrastinate_jobs (queue_name, task_name, args, status)
          values ('default', %s, '{}', %s) returning id"""
EVENT = "insert into procrastinate_events (job_id, type, at) values (%s, %s, now() - make_interval(days => %s))"


@pytest.mark.parametrize(
    "status, days, stays",
    [("succeeded", 6, True), ("succeeded", 8, False), ("failed", 80, True), ("failed", 100, False)],
)
def test_a_job_goes_when_it_ended_long_ago(own_database: str, status: str, days: int, stays: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LEFT, ["members.something", status])
        cursor.execute(EVENT, [cursor.fetchone()[0], status, days])
    tasks.tidy.defer(timestamp=int(time.time()))
    work()
    assert ProcrastinateJob.objects.filter(task_name="members.something").exists() is stays


def test_waiting_jobs_stay_whatever_their_age(own_database: str) -> None:
    with connected_as(OWNER, own_database) as owner:
        job = owner.execute(LEFT, ["members.unknown", "doing"]).fetchone()
        owner.execute(EVENT, [job[0], "started", 1000])  # type: ignore[index]
    tasks.tidy.defer(timestamp=int(time.time()))
    work()
    assert ProcrastinateJob.objects.filter(task_name="members.unknown").exists()
