"""The set and chosen actions of a scheme: what new agendas start from."""

import pytest

from sangyu.duties.actions import add_kind, adopt_rule_pack, set_actions, set_duty
from sangyu.duties.queries import agenda_for
from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.tests.cast import FOUNDED, OPERATOR, Cast, make_cast

pytestmark = pytest.mark.django_db
SEVEN = ["奏唱国歌", "重温入党誓词", "佩戴党员徽章", "政治理论学习", "交纳党费", "过政治生日", "通报工作"]
FIVE = ["参观调研", "专题宣讲", "经典诵读", "志愿服务", "讨论交流"]


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_rule_pack(OPERATOR, cast.office, FOUNDED)
    return cast


def test_seven_and_five_stand_in_their_order(cast: Cast) -> None:
    set_actions(cast.actor(cast.clerk), cast.office, SEVEN, FIVE)
    held = agenda_for(cast.branch)
    assert [action.title for action in held if action.is_prescribed] == SEVEN
    assert [action.title for action in held if not action.is_prescribed] == FIVE


def test_the_nearest_scheme_holds(cast: Cast) -> None:
    set_actions(cast.actor(cast.clerk), cast.branch, ["本支部的"], [])
    assert [action.title for action in agenda_for(cast.branch)] == ["本支部的"]
    assert len(agenda_for(cast.neighbour)) == 7  # the default pack


def test_doubles_are_refused_and_the_list_stays(cast: Cast) -> None:
    before = [action.title for action in agenda_for(cast.branch)]
    with pytest.raises(Refusal, match="重复"):
        set_actions(cast.actor(cast.clerk), cast.office, ["讨论交流"], ["讨论交流"])
    assert [action.title for action in agenda_for(cast.branch)] == before


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_only_the_bureau_above_sets_them(cast: Cast, who: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotAllowed):
        set_actions(cast.actor(getattr(cast, who)), cast.branch, SEVEN, FIVE)
    assert (Entry.objects.count(), cast.branch.action_sets.count()) == (before, 0)


def test_a_city_adds_a_kind_of_its_own_and_a_twin_is_refused(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    kind = add_kind(bureau, cast.office, "读书会")
    duty = set_duty(bureau, cast.office, "reading", "读书会", "month", [kind.code], "局里规定", FOUNDED)
    assert duty.satisfied_by == [kind.code]
    with pytest.raises(Conflict, match="已经有了"):
        add_kind(bureau, cast.office, "读书会")
    with pytest.raises(NotAllowed):
        add_kind(cast.actor(cast.secretary), cast.office, "诗会")
