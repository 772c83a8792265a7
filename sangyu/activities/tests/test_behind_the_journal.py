"""A roll changed in the database itself is found by telling every record anew."""

import pytest
from django.db import connection

from sangyu.activities.actions.roll import Marked
from sangyu.activities.tests.factories import NINE, close, make_activity, part_of
from sangyu.journal.verify import findings
from sangyu.kit import clock
from sangyu.members.tests.cast import make_cast

pytestmark = pytest.mark.django_db

CHANGES = {
    "somebody made present": "update activities_rollline set mark = 'present' where mark = 'absent'",
    "somebody made absent": "update activities_rollline set mark = 'absent' where mark = 'present'",
    "somebody struck off": "delete from activities_rollline where mark = 'present'",
    "the part opened again": "update activities_participation set closed_at = null",
    "the sitting moved to another day": 'update activities_participation set "on" = "on" - 40',
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_roll_changed_behind_the_journal_s_back_is_named(change: str) -> None:
    cast = make_cast()
    part = part_of(make_activity(cast), cast.branch)
    with clock.at(NINE.replace(hour=12)):
        close(cast, part, 仇老=Marked("absent", "住院"))
    assert list(findings()) == []
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert list(findings()) == [f"支部点名 {part.pk} 的记录与它的事实对不上"]
