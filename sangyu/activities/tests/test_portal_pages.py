"""The page of one activity as its member sees it."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from sangyu.activities.actions import planning
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Activity, SignUp
from sangyu.activities.tests.factories import NINE, close, make_activity, part_of
from sangyu.alliances.tests.factories import make_alliance
from sangyu.kit import clock
from sangyu.members.actions import memberships
from sangyu.members.models import Membership
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import helping, signed_in

pytestmark = pytest.mark.django_db
BEFORE, AFTER = NINE.replace(day=1), NINE.replace(hour=12)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def page(activity: Activity) -> str:
    return reverse("activities:invitation", args=[activity.pk])


def words(client: Any, activity: Activity) -> str:
    answer = client.get(page(activity))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_says_when_where_and_what_will_be_done(cast: Cast) -> None:
    activity = make_activity(cast, make_alliance(cast))
    with clock.at(BEFORE):
        text = words(signed_in(cast.member), activity)
    for said in ("2026年11月5日 星期四 上午9:00至11:00", "老干部活动中心", "主题党日", "支部联盟", "重温入党誓词"):
        assert said in text


def test_coming_leads_home_and_declining_offers_reasons(cast: Cast) -> None:
    activity, client = make_activity(cast), signed_in(cast.member)
    with clock.at(BEFORE):
        assert client.post(page(activity), {"answer": "coming"})["Location"] == reverse("portal:home")
        assert client.post(page(activity), {"answer": "declined"})["Location"] == page(activity)
        text = words(client, activity)
        assert "身体不适" in text and "家中有事" in text
        answered = client.post(page(activity), {"answer": "declined", "reason": "外出"})
        assert answered["Location"] == reverse("portal:home")
        assert "（外出）" in words(client, activity)
    assert SignUp.objects.get().reason == "外出"


def test_pressed_twice_it_is_one_answer(cast: Cast) -> None:
    activity, client = make_activity(cast), signed_in(cast.member)
    with clock.at(BEFORE):
        for _ in range(2):
            client.post(page(activity), {"answer": "coming"})
    assert SignUp.objects.count() == 1


def test_both_names_stand_on_what_a_helper_answered(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(BEFORE):
        helping(cast.liaison, cast.housebound).post(page(activity), {"answer": "coming"})
        assert "由廖联络代办" in words(signed_in(cast.housebound), activity)
        assert "由廖联络代办" not in words(signed_in(cast.member), activity)


def test_too_late_is_said_on_the_page_and_nothing_is_written(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(AFTER):
        answer = signed_in(cast.member).post(page(activity), {"answer": "coming"})
    assert "已经开始或结束" in answer.content.decode()
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("junk", ["", "maybe"])
def test_a_made_up_answer_writes_nothing(cast: Cast, junk: str) -> None:
    activity = make_activity(cast)
    with clock.at(BEFORE):
        assert signed_in(cast.member).post(page(activity), {"answer": junk}).status_code == 200
    assert not SignUp.objects.exists()


def test_a_past_one_says_how_i_took_part(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(AFTER):
        close(cast, part_of(activity, cast.branch), 仇老=Marked("leave", "住院"))
        text = words(signed_in(cast.member), activity)
    assert "请假" in text and "住院" in text and 'name="answer"' not in text


def test_who_moved_to_another_branch_still_finds_what_they_took_part_in(cast: Cast) -> None:
    activity, bureau = make_activity(cast), cast.actor(cast.clerk)
    with clock.at(AFTER):
        close(cast, part_of(activity, cast.branch))
    moved = NINE.date().replace(day=20)
    memberships.leave(bureau, Membership.objects.get(person=cast.member), moved)
    memberships.join(bureau, cast.member, cast.neighbour, MembershipKind.FORMAL, moved)
    with clock.at(NINE.replace(day=25)):
        assert "到场" in words(signed_in(cast.member), activity)


def test_a_cancelled_one_says_not_to_go(cast: Cast) -> None:
    activity = make_activity(cast)
    planning.cancel_activity(cast.actor(cast.secretary), activity)
    with clock.at(BEFORE):
        text = words(signed_in(cast.member), activity)
    assert "已经取消，不用去了" in text and 'name="answer"' not in text


@pytest.mark.parametrize("who", ["neighbour_secretary", "clerk", "other_clerk", "liaison"])
def test_whoever_is_no_member_of_it_does_not_find_it(cast: Cast, who: str) -> None:
    activity = make_activity(cast)
    client = signed_in(getattr(cast, who))
    assert client.get(page(activity)).status_code == 404
    assert client.post(page(activity), {"answer": "coming"}).status_code == 404
    assert not SignUp.objects.exists()


def test_a_draft_is_not_shown(cast: Cast) -> None:
    make_activity(cast)  # the kind of activity exists
    draft = planning.plan_activity(
        cast.actor(cast.secretary),
        cast.branch,
        None,
        uuid4(),
        title="草稿",
        kinds=["theme_day"],
        starts_at=NINE,
        ends_at=AFTER,
        place="老干部活动中心",
    )
    assert signed_in(cast.member).get(page(draft)).status_code == 404


def test_a_stranger_is_sent_to_sign_in(cast: Cast, client: Any) -> None:
    activity = make_activity(cast)
    assert client.post(page(activity), {"answer": "coming"}).status_code == 302
    assert not SignUp.objects.exists()


def test_the_page_asks_the_database_a_fixed_number_of_times(cast: Cast, django_assert_max_num_queries: Any) -> None:
    activity, client = make_activity(cast), signed_in(cast.member)
    with clock.at(BEFORE), django_assert_max_num_queries(14):
        client.get(page(activity))
