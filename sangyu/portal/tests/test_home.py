"""Home: in one sentence what is next, and two buttons under it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.activities.actions import planning
from sangyu.activities.models import SignUp
from sangyu.activities.tests.factories import NINE, make_activity
from sangyu.kit import clock
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import helping, signed_in

pytestmark = pytest.mark.django_db
BEFORE = NINE.replace(day=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def home(client: Client) -> str:
    text = client.get(reverse("portal:home")).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text[text.index("<main") : text.index("</main>")]))


def test_it_says_in_one_sentence_what_is_next(cast: Cast) -> None:
    make_activity(cast)
    with clock.at(BEFORE):
        text = home(signed_in(cast.member))
    assert "您好，仇老同志。" in text
    assert "11月5日（星期四）上午9:00，主题党日“看变化、谈初心”，在老干部活动中心。" in text
    assert "您还没有答复" in text and "我参加" in text and "这次去不了" in text


@pytest.mark.parametrize(("days", "near"), [(0, "今天"), (1, "明天"), (2, "后天")])
def test_what_is_near_is_said_as_people_say_it(cast: Cast, days: int, near: str) -> None:
    make_activity(cast)
    with clock.at(NINE.replace(hour=7) - timedelta(days=days)):
        assert f"{near}，11月5日" in home(signed_in(cast.member))


def test_from_home_it_is_one_tap_to_answer(cast: Cast) -> None:
    """At most three taps; the form on the home page answers by its own button."""
    make_activity(cast)
    client = signed_in(cast.member)
    with clock.at(BEFORE):
        page = client.get(reverse("portal:home")).content.decode()
        main = page[page.index("<main") :]
        form = re.search(r'method="post" action="([^"]+)">.*?name="answer" value="coming"', main, re.S)
        assert form is not None
        text = client.post(form[1], {"answer": "coming"}, follow=True).content.decode()
    assert "已经报名，到时见。" in text and "已报名参加" in text
    assert SignUp.objects.get().person_id == cast.member.pk


def test_a_title_that_says_its_kind_is_not_said_twice(cast: Cast) -> None:
    make_activity(cast, title="十一月主题党日")
    with clock.at(BEFORE):
        assert "，十一月主题党日，在" in home(signed_in(cast.member))


def test_two_more_are_listed_and_no_fourth(cast: Cast) -> None:
    for day in (5, 12, 19, 26):
        make_activity(cast, at=NINE.replace(day=day), title=f"第{day}次")
    with clock.at(BEFORE):
        text = home(signed_in(cast.member))
    assert "第5次" in text and "第12次" in text and "第19次" in text and "第26次" not in text


def test_with_nothing_on_it_is_kind(cast: Cast) -> None:
    assert "近期没有安排活动，您安心休息。" in home(signed_in(cast.member))


def test_what_was_called_off_is_said(cast: Cast) -> None:
    activity = make_activity(cast)
    planning.cancel_activity(cast.actor(cast.secretary), activity)
    with clock.at(BEFORE):
        assert "已经取消，不用去了" in home(signed_in(cast.member))


def test_a_neighbour_does_not_see_it(cast: Cast) -> None:
    make_activity(cast)
    with clock.at(BEFORE):
        assert "近期没有安排活动" in home(signed_in(cast.neighbour_secretary))


def test_a_helper_sees_the_helped_persons_home_and_both_names(cast: Cast) -> None:
    activity, client = make_activity(cast), helping(cast.liaison, cast.housebound)
    with clock.at(BEFORE):
        assert "查老同志的活动" in home(client)
        client.post(reverse("activities:invitation", args=[activity.pk]), {"answer": "coming"})
        assert "由廖联络代办" in home(client)
        assert "由廖联络代办" in home(signed_in(cast.housebound))
    answer = SignUp.objects.get()
    assert (answer.person_id, answer.by_id) == (cast.housebound.pk, cast.liaison.pk)


def test_who_has_an_office_finds_the_way_back(cast: Cast) -> None:
    assert "回到工作台" in home(signed_in(cast.secretary))
    assert "回到工作台" not in home(signed_in(cast.member))


def test_more_activities_cost_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for day in (5, 12, 19, 26):
        make_activity(cast, at=NINE.replace(day=day))
    client = signed_in(cast.member)
    with clock.at(BEFORE), django_assert_max_num_queries(14):
        client.get(reverse("portal:home"))
