"""Hanging an organization elsewhere: by whoever keeps both superiors, from a day on, with all below it."""

from datetime import date, timedelta

import pytest
from django.db import connection

from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.actions.appointments import write_appointment
from sangyu.members.actions.organizations import found_organization, move_organization
from sangyu.members.models import Organization, OrganizationPlace
from sangyu.members.models.belonging import Role
from sangyu.members.tests.cast import FOUNDED, Cast, make_branch, make_cast

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def committee(cast: Cast) -> Organization:
    return found_organization(cast.actor(cast.clerk), cast.office, "教育工委", "committee", FOUNDED)


@pytest.fixture
def general(cast: Cast) -> Organization:
    """A general branch with one branch below it."""
    bureau = cast.actor(cast.clerk)
    found = found_organization(bureau, cast.office, "城区总支", "general_branch", FOUNDED)
    make_branch(bureau, found, "一中离退休干部党支部")
    return found


def below(general: Organization) -> Organization:
    return Organization.objects.get(name="一中离退休干部党支部", parent=general)


def everything() -> tuple[object, ...]:
    trees = Organization.objects.order_by("id").values_list("id", "parent_id", "line")
    places = OrganizationPlace.objects.order_by("id").values_list("id", "during", "parent_id", "line")
    return list(trees), list(places), Entry.objects.count()


def places_of(organization: Organization) -> list[tuple[date | None, date | None, list[int]]]:
    rows = organization.places.order_by("during")
    return [(row.during.lower, row.during.upper, row.line) for row in rows]


def test_it_hangs_there_from_the_day_on_with_all_below_it(
    cast: Cast, committee: Organization, general: Organization
) -> None:
    moved = move_organization(cast.actor(cast.clerk), general, committee, DAY)
    office, branch = cast.office.pk, below(general)
    assert (moved.parent, moved.line) == (committee, [office, committee.pk, general.pk])
    assert branch.line == [office, committee.pk, general.pk, branch.pk]
    assert places_of(general) == [
        (None, DAY, [office, general.pk]),
        (DAY, None, [office, committee.pk, general.pk]),
    ]
    assert places_of(branch) == [
        (None, DAY, [office, general.pk, branch.pk]),
        (DAY, None, [office, committee.pk, general.pk, branch.pk]),
    ]
    assert [place.parent for place in branch.places.all()] == [general, general]


def test_it_says_who_moved_what_from_where_to_where(cast: Cast, committee: Organization, general: Organization) -> None:
    move_organization(cast.actor(cast.clerk), general, committee, DAY)
    entry = Entry.objects.get(verb="members.moved")
    assert (entry.actor_id, entry.subject_id, entry.organization_id) == (cast.clerk.pk, general.pk, general.pk)
    assert entry.detail == {"from": cast.office.pk, "to": committee.pk, "on": "2024-03-10"}
    assert entry.statement is None


def test_there_and_back_on_one_day_leaves_one_place(cast: Cast, committee: Organization, general: Organization) -> None:
    bureau = cast.actor(cast.clerk)
    move_organization(bureau, general, committee, DAY)
    move_organization(bureau, general, cast.office, DAY)
    assert places_of(general) == [
        (None, DAY, [cast.office.pk, general.pk]),
        (DAY, None, [cast.office.pk, general.pk]),
    ]


def test_what_came_below_it_later_keeps_its_own_past(
    cast: Cast, committee: Organization, general: Organization
) -> None:
    """The branch came in June; that its general branch has moved in March is written down afterwards."""
    bureau, june = cast.actor(cast.clerk), date(2024, 6, 1)
    move_organization(bureau, cast.branch, general, june)
    move_organization(bureau, general, committee, DAY)
    office, branch = cast.office.pk, cast.branch.pk
    assert places_of(cast.branch) == [
        (None, june, [office, branch]),
        (june, None, [office, committee.pk, general.pk, branch]),
    ]


def test_what_has_left_it_meanwhile_was_there_until_then(
    cast: Cast, committee: Organization, general: Organization
) -> None:
    bureau, june, branch = cast.actor(cast.clerk), date(2024, 6, 1), below(general)
    move_organization(bureau, branch, cast.office, june)
    move_organization(bureau, general, committee, DAY)
    office = cast.office.pk
    assert places_of(branch) == [
        (None, DAY, [office, general.pk, branch.pk]),
        (DAY, june, [office, committee.pk, general.pk, branch.pk]),
        (june, None, [office, branch.pk]),
    ]


def test_what_is_founded_there_later_hangs_where_it_now_is(
    cast: Cast, committee: Organization, general: Organization
) -> None:
    bureau, stale = cast.actor(cast.clerk), Organization.objects.get(pk=general.pk)
    move_organization(bureau, general, committee, DAY)
    new = make_branch(bureau, stale, "二中离退休干部党支部")
    assert new.line == [cast.office.pk, committee.pk, general.pk, new.pk]
    assert places_of(new) == [(None, None, new.line)]


def test_it_cannot_hang_below_itself(cast: Cast, general: Organization) -> None:
    before = everything()
    for there in (general, below(general)):
        with pytest.raises(Refusal, match="它自己或它的下级"):
            move_organization(cast.actor(cast.clerk), general, there, DAY)
    assert everything() == before


def test_where_it_hangs_already_is_no_move(cast: Cast, general: Organization) -> None:
    before = everything()
    with pytest.raises(Refusal, match="不用调整"):
        move_organization(cast.actor(cast.clerk), general, cast.office, DAY)
    assert everything() == before


@pytest.mark.parametrize("dissolved", ["general", "committee"])
def test_what_is_dissolved_stays_where_it_was(
    cast: Cast, committee: Organization, general: Organization, dissolved: str
) -> None:
    gone = {"general": general, "committee": committee}[dissolved]
    with connection.cursor() as cursor:  # nothing dissolves an organization yet
        cursor.execute("update members_organization set dissolved_on = '2024-01-01' where id = %s", [gone.pk])
    before = everything()
    with pytest.raises(Refusal, match="已经撤销"):
        move_organization(cast.actor(cast.clerk), general, committee, DAY)
    assert everything() == before


@pytest.mark.parametrize("day, said", [(FOUNDED - timedelta(days=1), "成立日期"), (None, "不能晚于今天")])
def test_not_before_it_was_founded_and_not_tomorrow(
    cast: Cast, committee: Organization, general: Organization, day: date | None, said: str
) -> None:
    before = everything()
    with pytest.raises(Refusal, match=said):
        move_organization(cast.actor(cast.clerk), general, committee, day or clock.today() + timedelta(days=1))
    assert everything() == before


def test_nothing_is_slipped_in_before_the_last_move(cast: Cast, committee: Organization, general: Organization) -> None:
    bureau = cast.actor(cast.clerk)
    move_organization(bureau, general, committee, DAY)
    before = everything()
    with pytest.raises(Refusal, match="2024年3月10日"):
        move_organization(bureau, general, cast.office, DAY - timedelta(days=1))
    with pytest.raises(Refusal, match="2024年3月10日"):  # nor below it: where it hung then is told
        move_organization(bureau, cast.branch, general, DAY - timedelta(days=1))
    assert everything() == before


def test_a_twin_name_is_refused(cast: Cast, committee: Organization, general: Organization) -> None:
    bureau = cast.actor(cast.clerk)
    make_branch(bureau, committee, below(general).name)
    before = everything()
    with pytest.raises(Conflict, match="已经有“一中离退休干部党支部”了"):
        move_organization(bureau, below(general), committee, DAY)
    assert everything() == before


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "neighbour_secretary", "other_clerk"])
def test_others_do_not_move_it(cast: Cast, committee: Organization, general: Organization, who: str) -> None:
    before = everything()
    with pytest.raises(NotAllowed):
        move_organization(cast.actor(getattr(cast, who)), general, committee, DAY)
    assert everything() == before


@pytest.mark.parametrize("over", ["committee", "general"])
def test_whoever_keeps_one_side_only_does_not_move_it(
    cast: Cast, committee: Organization, general: Organization, over: str
) -> None:
    """Neither does a superior take a branch from the neighbour, nor a general branch leave its superior by itself."""
    kept = {"committee": committee, "general": general}[over]
    write_appointment(cast.actor(cast.clerk), cast.member, kept, Role.BUREAU, FOUNDED)
    before = everything()
    with pytest.raises(NotAllowed):
        move_organization(cast.actor(cast.member), general, committee, DAY)
    assert everything() == before


def test_an_office_stays_a_root(cast: Cast, committee: Organization) -> None:
    with pytest.raises(NotAllowed):
        move_organization(cast.actor(cast.clerk), cast.office, committee, DAY)
