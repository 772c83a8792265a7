"""Who calls and who reads a roll: told for a row and for the database, and both agree."""

from collections.abc import Callable

import pytest
from django.db.models import Q

from sangyu.activities import rules
from sangyu.activities.models import Participation
from sangyu.activities.tests.factories import make_activity
from sangyu.alliances.tests.factories import make_alliance
from sangyu.journal.actor import STRANGER, Actor
from sangyu.members.tests.cast import OPERATOR, make_cast

pytestmark = pytest.mark.django_db
PAIRS = [(rules.may_take_roll, rules.roll_taken_by), (rules.may_read_part, rules.parts_read_by)]


@pytest.mark.parametrize(("may", "allowed"), PAIRS)
def test_the_row_and_the_database_agree(
    may: Callable[[Actor, Participation], bool], allowed: Callable[[Actor], Q]
) -> None:
    cast = make_cast()
    make_activity(cast, make_alliance(cast))
    people = (cast.clerk, cast.secretary, cast.liaison, cast.member, cast.neighbour_secretary, cast.other_clerk)
    counts = []
    for actor in (STRANGER, OPERATOR, *(cast.actor(person) for person in people)):
        told = {one.pk for one in Participation.objects.select_related("organization") if may(actor, one)}
        assert told == set(Participation.objects.filter(allowed(actor)).values_list("pk", flat=True))
        counts.append(len(told))
    assert counts[0] == 0 and max(counts) > 0
