"""The page of one activity: what, when, each branch's part, who comes; publishing, cancelling, the notice."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.activities.actions import planning
from sangyu.activities.models import Activity, ActivityState
from sangyu.activities.tests.factories import NINE, close, make_activity, part_of
from sangyu.alliances.tests.factories import make_alliance
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.members.models import Person
from sangyu.members.tests.cast import Cast, make_cast, make_member
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
BEFORE, LATER = NINE.replace(day=1), NINE.replace(hour=12)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return make_activity(cast, make_alliance(cast))


def opened(who: Person, activity: Activity, at: Any = BEFORE) -> str:
    with clock.at(at):
        return signed_in(who).get(reverse("activities:activity", args=[activity.pk])).content.decode()


def answer(who: Person, cast: Cast, activity: Activity, what: str, reason: str = "") -> None:
    with clock.at(BEFORE):
        planning.answer_invitation(cast.actor(who, "portal"), activity.pk, what, reason)


def test_it_says_what_when_and_where(cast: Cast, activity: Activity) -> None:
    page = opened(cast.secretary, activity)
    assert "2026年11月5日 星期四 上午9:00至11:00" in page
    for words in ("看变化、谈初心", "老干部活动中心", "主题党日", "重温入党誓词（规定）", "“支部联盟”联合开展"):
        assert words in page


def test_names_are_for_the_own_branch_and_numbers_for_the_others(cast: Cast, activity: Activity) -> None:
    answer(cast.member, cast, activity, "coming")
    answer(cast.housebound, cast, activity, "declined", "住院")
    answer(cast.neighbour_secretary, cast, activity, "coming")
    page = opened(cast.secretary, activity)
    assert "不能参加：住院" in page
    assert "仇老" in page
    assert "答复参加的共2人" in page
    assert "宣传部支部：1人参加" in page
    assert "邻书记" not in page
    assert "仇老" not in opened(cast.neighbour_secretary, activity)


def test_officers_call_and_act_for_their_members(cast: Cast, activity: Activity) -> None:
    page = opened(cast.liaison, activity)
    assert reverse("members:call", args=[cast.member.pk]) in page
    assert reverse("members:start_acting", args=[cast.member.pk]) in page


def test_nobody_acts_for_oneself(cast: Cast, activity: Activity) -> None:
    assert reverse("members:start_acting", args=[cast.secretary.pk]) not in opened(cast.secretary, activity)


def test_each_part_says_how_it_stands(cast: Cast, activity: Activity) -> None:
    assert "还没开始" in opened(cast.secretary, activity)
    assert "待点名" in opened(cast.secretary, activity, LATER)
    with clock.at(LATER):
        close(cast, part_of(activity, cast.branch))
    page = opened(cast.secretary, activity, LATER)
    assert "已完成点名" in page
    assert reverse("activities:part", args=[part_of(activity, cast.branch).pk]) in page


@pytest.mark.parametrize("who", ["clerk", "neighbour_secretary"])
def test_who_only_looks_has_no_buttons(cast: Cast, activity: Activity, who: str) -> None:
    page = opened(getattr(cast, who), activity)
    for door in ("activities:publish", "activities:cancel", "duties:change"):
        assert reverse(door, args=[activity.pk]) not in page


def test_a_superior_reads_parts_and_calls_no_roll(cast: Cast, activity: Activity) -> None:
    page, part = opened(cast.clerk, activity), part_of(activity, cast.branch)
    assert reverse("activities:part", args=[part.pk]) in page
    assert reverse("activities:roll", args=[part.pk]) not in page
    assert reverse("members:start_acting", args=[cast.member.pk]) not in page


def test_the_host_publishes_once(cast: Cast, activity: Activity) -> None:
    with clock.at(BEFORE):
        planned = planning.plan_activity(
            cast.actor(cast.secretary),
            cast.branch,
            None,
            uuid4(),
            title="学习",
            kinds=["theme_day"],
            place="会议室",
            starts_at=NINE,
            ends_at=LATER,
        )
        client = signed_in(cast.secretary)
        address = reverse("activities:publish", args=[planned.pk])
        assert address in client.get(reverse("activities:activity", args=[planned.pk])).content.decode()
        for _ in range(2):
            assert client.post(address)["Location"] == reverse("activities:activity", args=[planned.pk])
    planned.refresh_from_db()
    assert planned.state == ActivityState.PUBLISHED
    assert Entry.objects.filter(verb="activities.published", subject_id=planned.pk).count() == 1


def test_the_host_cancels(cast: Cast, activity: Activity) -> None:
    signed_in(cast.liaison).post(reverse("activities:cancel", args=[activity.pk]))
    page = opened(cast.neighbour_secretary, activity)
    assert "已取消" in page
    assert reverse("activities:roll", args=[part_of(activity, cast.neighbour).pk]) not in page


@pytest.mark.parametrize("door", ["publish", "cancel"])
@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 403), ("neighbour_secretary", 403), ("member", 404), ("other_clerk", 404)]
)
def test_nobody_else_publishes_or_cancels(cast: Cast, activity: Activity, door: str, who: str, status: int) -> None:
    client, before = signed_in(getattr(cast, who)), Entry.objects.count()
    assert client.post(reverse(f"activities:{door}", args=[activity.pk])).status_code == status
    activity.refresh_from_db()
    assert (activity.state, Entry.objects.count()) == (ActivityState.PUBLISHED, before)


def test_publishing_and_cancelling_are_pressed_not_opened(cast: Cast, activity: Activity) -> None:
    for door in ("publish", "cancel"):
        assert signed_in(cast.secretary).get(reverse(f"activities:{door}", args=[activity.pk])).status_code == 405


def test_the_notice_is_ready_to_paste(cast: Cast, activity: Activity) -> None:
    response = signed_in(cast.neighbour_secretary).get(reverse("activities:notice", args=[activity.pk]))
    text = response.context["text"]
    assert text.startswith("【通知】看变化、谈初心\n时间：2026年11月5日 星期四 上午9:00至11:00\n地点：老干部活动中心\n")
    assert "内容：重温入党誓词、讨论交流" in text
    assert text.endswith(f"http://testserver{reverse('activities:invitation', args=[activity.pk])}")
    assert 'data-copy="#notice-text"' in response.content.decode()


@pytest.mark.parametrize("door", ["activity", "notice"])
def test_whom_it_does_not_concern_finds_nothing(cast: Cast, activity: Activity, door: str) -> None:
    for who in (cast.member, cast.other_clerk):
        assert signed_in(who).get(reverse(f"activities:{door}", args=[activity.pk])).status_code == 404
    assert Client().get(reverse(f"activities:{door}", args=[activity.pk])).status_code == 302


def test_forty_members_cost_no_more_queries_than_five(
    cast: Cast, activity: Activity, django_assert_max_num_queries: Any
) -> None:
    for number in range(35):
        make_member(cast.actor(cast.clerk), cast.branch, f"党员{number}", f"1{number}")
    client = signed_in(cast.secretary)
    with django_assert_max_num_queries(12), clock.at(BEFORE):
        page = client.get(reverse("activities:activity", args=[activity.pk]))
    assert len(page.context["people"]) == 40
