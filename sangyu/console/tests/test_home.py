"""到期事项: each thing once, in order of urgency, with its basis, its date and one button; only one's own branches."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.activities.actions import planning, roll
from sangyu.activities.tests.factories import NINE, close, make_activity, part_of
from sangyu.alliances.actions import propose_alliance
from sangyu.alliances.tests.factories import JOINED, make_alliance
from sangyu.console.due import Card
from sangyu.duties.actions import adopt_rule_pack
from sangyu.kit import clock
from sangyu.members.actions.appointments import appoint
from sangyu.members.models import Person
from sangyu.members.models.belonging import Role
from sangyu.members.tests.cast import FOUNDED, Cast, make_branch, make_cast
from sangyu.members.tests.signing_in import signed_in
from sangyu.voices.actions import complain

pytestmark = pytest.mark.django_db
HOME = reverse("console:home")
RULES_SINCE = NINE.date().replace(month=10, day=1)
LATER = NINE.replace(hour=12)


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_rule_pack(cast.actor(cast.clerk), cast.office, RULES_SINCE)
    return cast


def opened(who: Person, at: Any = LATER) -> Any:
    with clock.at(at):
        return signed_in(who).get(HOME)


def cards(who: Person, at: Any = LATER) -> list[Card]:
    return list(opened(who, at).context["due"].now)


def card(who: Person, title: str, at: Any = LATER) -> Card:
    found = [one for one in cards(who, at) if one.title == title]
    assert len(found) == 1, [one.title for one in cards(who, at)]
    return found[0]


def test_what_is_late_leads_to_a_plan_that_knows_what_for(cast: Cast) -> None:
    late = next(one for one in cards(cast.secretary) if one.standing == "逾期")
    assert (late.title, late.when) == ("主题党日", "10月还没有记录")
    assert late.url == f"{reverse('duties:plan')}?kind=theme_day&organization={cast.branch.pk}"


def test_what_is_due_has_its_date_and_its_basis(cast: Cast) -> None:
    page = opened(cast.secretary).content.decode()
    assert "2026年11月30日 星期一前" in page
    assert "第十六条：党支部每月相对固定1天开展主题党日。" in page


def test_what_has_time_is_folded_away(cast: Cast) -> None:
    page = opened(cast.secretary)
    assert {one.title for one in page.context["due"].later} == {"支部党员大会", "党课"}  # until the quarter's end
    assert "还有时间的（2项）" in page.content.decode()


def test_what_was_held_leads_to_the_roll_and_is_said_once(cast: Cast) -> None:
    activity = make_activity(cast, kinds=["theme_day", "party_lecture"])
    found = card(cast.secretary, activity.title)
    part = part_of(activity, cast.branch)
    assert (found.standing, found.url) == ("待补完", reverse("activities:roll", args=[part.pk]))
    assert [basis.partition("：")[0] for basis in found.bases] == ["主题党日", "党课"]


def test_a_sitting_that_no_duty_asks_for_wants_its_roll_too(cast: Cast) -> None:
    assert card(cast.secretary, make_activity(cast, kinds=["study"]).title).standing == "待补完"


def test_what_is_planned_leads_to_its_page_also_on_the_day_itself(cast: Cast) -> None:
    activity = make_activity(cast)
    for at in (NINE.replace(day=1), NINE.replace(hour=7)):
        found = card(cast.secretary, activity.title, at)
        assert (found.standing, found.url) == ("已安排", reverse("activities:activity", args=[activity.pk]))


def test_what_is_done_is_gone(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(LATER):
        close(cast, part_of(activity, cast.branch))
    assert [one.standing for one in cards(cast.secretary)] == ["逾期"]


def test_what_was_handed_over_stands_first_for_the_liaison(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    roll.hand_over(cast.actor(cast.secretary), part)
    assert cards(cast.liaison)[0].note == "书记已请联络员补完。"
    assert cards(cast.secretary)[0].standing == "待补完"


def test_a_draft_asks_to_be_published(cast: Cast) -> None:
    activity = planning.plan_activity(
        cast.actor(cast.secretary),
        cast.branch,
        None,
        uuid4(),
        title="还是草稿",
        kinds=["theme_day"],
        place="会议室",
        starts_at=NINE,
        ends_at=LATER,
    )
    assert card(cast.liaison, "还是草稿").url == reverse("activities:activity", args=[activity.pk])


def test_an_invitation_waits_for_the_secretary(cast: Cast) -> None:
    alliance = propose_alliance(
        cast.actor(cast.clerk), cast.office, "另一联盟", [cast.branch, cast.neighbour], JOINED, uuid4()
    )
    assert card(cast.secretary, "“另一联盟”邀请本支部加入").url == reverse("alliances:alliance", args=[alliance.pk])
    assert "另一联盟" not in opened(cast.liaison).content.decode()


def test_only_the_own_branch_is_shown(cast: Cast) -> None:
    activity = make_activity(cast, make_alliance(cast))
    found = card(cast.neighbour_secretary, activity.title)
    assert found.url == reverse("activities:roll", args=[part_of(activity, cast.neighbour).pk])
    page = opened(cast.neighbour_secretary).content.decode()
    assert reverse("activities:roll", args=[part_of(activity, cast.branch).pk]) not in page


def test_nothing_to_do_is_said_kindly() -> None:
    cast = make_cast()
    assert "现在没有要办的事" in opened(cast.secretary).content.decode()


def test_the_bureau_sees_how_many_want_help_and_what_waits(cast: Cast) -> None:
    propose_alliance(cast.actor(cast.clerk), cast.office, "联盟", [cast.branch, cast.neighbour], JOINED, uuid4())
    complain(cast.actor(cast.member), "字太小", "/", uuid4())
    with clock.at(LATER):
        close(cast, part_of(make_activity(cast), cast.branch))
    response = opened(cast.clerk)
    numbers = {number.words: (number.number, number.url) for number in response.context["summary"].numbers}
    assert numbers["个支部有逾期事项"] == (2, reverse("duties:board"))
    assert numbers["个支部本月还有事要办"] == (1, reverse("duties:board"))
    assert numbers["份联盟邀请等支部答复"] == (2, reverse("alliances:list"))
    assert numbers["条投诉与建议等答复"] == (1, reverse("voices:inbox"))
    assert numbers["份花名册等确认"] == (0, reverse("members:rosters"))
    assert "due" not in response.context


def test_members_go_to_their_own_page(cast: Cast) -> None:
    assert opened(cast.member)["Location"] == reverse("portal:home")
    assert Client().get(HOME).status_code == 302


def test_twelve_branches_cost_no_more_queries_than_one(cast: Cast, django_assert_max_num_queries: Any) -> None:
    bureau = cast.actor(cast.clerk)
    for number in range(11):
        branch = make_branch(bureau, cast.office, f"第{number}离退休干部党支部")
        appoint(bureau, cast.liaison, branch, Role.LIAISON, FOUNDED)
    make_activity(cast)
    for who in (cast.liaison, cast.clerk):
        client = signed_in(who)
        with django_assert_max_num_queries(8), clock.at(LATER):
            assert client.get(HOME).status_code == 200
