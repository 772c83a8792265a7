"""Proposing an alliance and inviting into it: the bureau asks, nobody belongs yet."""

from datetime import date
from uuid import uuid4

import pytest

from sangyu.alliances.actions import invite, propose_alliance
from sangyu.alliances.models import Alliance, Place
from sangyu.alliances.queries import members_on, waiting_for
from sangyu.alliances.tests.factories import make_alliance
from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.models import Organization
from sangyu.members.tests.cast import Cast, make_branch, make_cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_the_asked_wait_and_do_not_belong_yet(cast: Cast) -> None:
    both = [cast.branch, cast.neighbour]
    alliance = propose_alliance(cast.actor(cast.clerk), cast.office, "联盟", both, DAY, uuid4())
    assert not members_on(alliance, DAY)
    assert [place.organization for place in waiting_for(cast.actor(cast.secretary))] == [cast.branch]
    assert not waiting_for(cast.actor(cast.liaison))  # only the secretary speaks for the branch


def test_the_same_form_twice_proposes_once(cast: Cast) -> None:
    token, both = uuid4(), [cast.branch, cast.neighbour]
    first = propose_alliance(cast.actor(cast.clerk), cast.office, "联盟", both, DAY, token)
    before = Entry.objects.count()
    assert propose_alliance(cast.actor(cast.clerk), cast.office, "联盟", both, DAY, token) == first
    assert (Alliance.objects.count(), Place.objects.count(), Entry.objects.count()) == (1, 2, before)


def test_one_branch_is_no_alliance_and_a_name_is_used_once(cast: Cast) -> None:
    make_alliance(cast, "联盟")
    both = [cast.branch, cast.neighbour]
    for invited, name, sentence in (([cast.branch], "另一个", "两个支部"), (both, "联盟", "用过了")):
        with pytest.raises(Refusal, match=sentence):
            propose_alliance(cast.actor(cast.clerk), cast.office, name, invited, DAY, uuid4())
    assert Alliance.objects.count() == 1


def test_one_more_is_asked_once(cast: Cast) -> None:
    alliance = make_alliance(cast)
    third = make_branch(cast.actor(cast.clerk), cast.office, "第三支部")
    invite(cast.actor(cast.clerk), alliance, third, DAY)
    for asked in (third, cast.branch):
        with pytest.raises(Conflict):
            invite(cast.actor(cast.clerk), alliance, asked, DAY)
    assert Place.objects.count() == 3


def test_a_branch_of_another_office_is_not_asked(cast: Cast) -> None:
    office = Organization.objects.get(name="酒泉市委老干部局")
    theirs = make_branch(cast.actor(cast.other_clerk), office, "外地支部")
    with pytest.raises(Refusal, match="不能由它邀请"):
        invite(cast.actor(cast.clerk), make_alliance(cast), theirs, DAY)


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_only_the_bureau_above_asks(cast: Cast, who: str) -> None:
    alliance, actor = make_alliance(cast), cast.actor(getattr(cast, who))
    before = Alliance.objects.count(), Place.objects.count(), Entry.objects.count()
    with pytest.raises(NotAllowed):
        propose_alliance(actor, cast.office, "联盟二", [cast.branch, cast.neighbour], DAY, uuid4())
    with pytest.raises(NotAllowed):
        invite(actor, alliance, cast.branch, DAY)
    assert (Alliance.objects.count(), Place.objects.count(), Entry.objects.count()) == before
