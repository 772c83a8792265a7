"""Giving an office, ending it, registering an officer who is no member: rights follow, history stays."""

from datetime import date, datetime

import pytest

from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members import rules
from sangyu.members.actions.appointments import appoint, end_appointment, register_officer
from sangyu.members.models import Appointment, Person
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def test_rights_begin_and_end_with_the_term(cast: Cast) -> None:
    appoint(cast.actor(cast.clerk), cast.member, cast.branch, "deputy_secretary", DAY, date(2026, 12, 1))
    for day, may in ((date(2026, 11, 1), False), (DAY, True), (date(2026, 11, 30), True), (date(2026, 12, 1), False)):
        with clock.at(at(day)):
            assert rules.may_run(cast.actor(cast.member), cast.branch) is may


def test_a_branch_has_one_secretary(cast: Cast) -> None:
    before = Appointment.objects.count(), Entry.objects.count()
    with pytest.raises(Conflict, match="已有书记"):
        appoint(cast.actor(cast.clerk), cast.member, cast.branch, "secretary", DAY)
    assert (Appointment.objects.count(), Entry.objects.count()) == before


def test_the_successor_begins_where_the_predecessor_ends(cast: Cast) -> None:
    bureau, held = cast.actor(cast.clerk), Appointment.objects.get(person=cast.secretary)
    end_appointment(bureau, held, DAY)
    appoint(bureau, cast.member, cast.branch, "secretary", DAY)
    held.refresh_from_db()
    assert (held.during.lower, held.during.upper) == (FOUNDED, DAY)
    with clock.at(at(DAY)):
        assert not rules.may_run(cast.actor(cast.secretary), cast.branch)


def test_a_term_ends_after_it_begins(cast: Cast) -> None:
    bureau, held = cast.actor(cast.clerk), Appointment.objects.get(person=cast.secretary)
    with pytest.raises(Refusal, match="晚于"):
        appoint(bureau, cast.member, cast.branch, "committee", DAY, DAY)
    with pytest.raises(Refusal, match="2018年5月1日"):
        end_appointment(bureau, held, FOUNDED)


def test_a_liaison_is_registered_and_appointed_in_one_go(cast: Cast) -> None:
    held = register_officer(cast.actor(cast.clerk), cast.neighbour, "新联络", "13900000003", "liaison", DAY)
    assert (held.person.name, held.person.phone, held.organization) == ("新联络", "13900000003", cast.neighbour)
    assert set(Entry.objects.order_by("-id").values_list("verb", flat=True)[:2]) == {
        "members.registered",
        "members.appointed",
    }


def test_pressed_twice_there_is_one_person_and_one_office(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    register_officer(bureau, cast.neighbour, "新联络", "13900000003", "liaison", DAY)
    before = Person.objects.count(), Appointment.objects.count(), Entry.objects.count()
    with pytest.raises(Conflict, match="已经是"):
        register_officer(bureau, cast.neighbour, "新联络", "13900000003", "liaison", DAY)
    assert (Person.objects.count(), Appointment.objects.count(), Entry.objects.count()) == before


def test_one_liaison_of_two_branches_is_one_person(cast: Cast) -> None:
    held = register_officer(cast.actor(cast.clerk), cast.neighbour, "廖联络", "13000000002", "liaison", DAY)
    assert held.person == cast.liaison


def test_somebody_of_another_office_is_not_found_by_name_and_number(cast: Cast) -> None:
    far, office = cast.actor(cast.other_clerk), Appointment.objects.get(person=cast.other_clerk).organization
    held = register_officer(far, office, "廖联络", "13000000002", "bureau", DAY)
    assert held.person != cast.liaison


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_only_the_bureau_above_appoints_and_dismisses(cast: Cast, who: str) -> None:
    actor, held = cast.actor(getattr(cast, who)), Appointment.objects.get(person=cast.secretary)
    before = Appointment.objects.count(), Person.objects.count(), Entry.objects.count()
    for deed in (
        lambda: appoint(actor, cast.member, cast.branch, "committee", DAY),
        lambda: register_officer(actor, cast.branch, "新联络", "13900000003", "liaison", DAY),
        lambda: end_appointment(actor, held, DAY),
    ):
        with pytest.raises(NotAllowed):
            deed()
    held.refresh_from_db()
    assert held.during.upper is None
    assert (Appointment.objects.count(), Person.objects.count(), Entry.objects.count()) == before
