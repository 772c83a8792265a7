"""Each rule is told twice, for a row and for the database: both must say the same of everybody everywhere."""

from collections.abc import Callable

import pytest
from django.db.models import Q

from sangyu.journal.actor import STRANGER, Actor
from sangyu.members import rules
from sangyu.members.models import Organization
from sangyu.members.tests.cast import OPERATOR, make_cast

pytestmark = pytest.mark.django_db
PAIRS = [
    (rules.may_administer, rules.administered_by),
    (rules.may_see, rules.visible_to),
    (rules.may_run, rules.run_by),
]


@pytest.mark.parametrize(("may", "allowed"), PAIRS)
def test_the_row_and_the_database_agree(
    may: Callable[[Actor, Organization], bool], allowed: Callable[[Actor], Q]
) -> None:
    cast = make_cast()
    people = (cast.clerk, cast.secretary, cast.liaison, cast.member, cast.neighbour_secretary, cast.other_clerk)
    somebody = False
    for actor in (STRANGER, OPERATOR, *(cast.actor(person) for person in people)):
        told = {one.pk for one in Organization.objects.all() if may(actor, one)}
        assert told == set(Organization.objects.filter(allowed(actor)).values_list("pk", flat=True))
        somebody = somebody or bool(told)
    assert somebody
