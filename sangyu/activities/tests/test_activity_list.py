"""The list of activities: newest first, twenty a page, only what concerns one."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from sangyu.activities.tests.factories import NINE, make_activity
from sangyu.alliances.tests.factories import make_alliance
from sangyu.kit import clock
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = reverse("activities:list")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_the_newest_stands_first_and_twenty_stand_on_a_page(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for week in range(21):
        make_activity(cast, at=NINE + timedelta(days=7 * week), title=f"第{week}次")
    client = signed_in(cast.secretary)
    with django_assert_max_num_queries(8):
        first = client.get(ADDRESS)
    assert [activity.title for activity, _ in first.context["lines"]][:2] == ["第20次", "第19次"]
    assert len(first.context["lines"]) == 20
    second = client.get(f"{ADDRESS}{first.context['next_url']}")
    assert [activity.title for activity, _ in second.context["lines"]] == ["第0次"]


def test_a_member_of_the_alliance_sees_it_with_the_own_standing(cast: Cast) -> None:
    make_activity(cast, make_alliance(cast))
    with clock.at(NINE.replace(hour=12)):
        page = signed_in(cast.neighbour_secretary).get(ADDRESS).content.decode()
    assert "看变化、谈初心" in page
    assert "宣传部支部的记录" in page
    assert "机关工委支部的记录" not in page
    assert "待点名" in page


def test_the_bureau_plans_nothing(cast: Cast) -> None:
    make_activity(cast)
    page = signed_in(cast.clerk).get(ADDRESS).content.decode()
    assert "看变化、谈初心" in page
    assert "计划一次活动" not in page


def test_another_branchs_own_activity_is_not_listed(cast: Cast) -> None:
    make_activity(cast)
    assert "还没有活动" in signed_in(cast.neighbour_secretary).get(ADDRESS).content.decode()


def test_members_without_office_have_no_list(cast: Cast) -> None:
    assert signed_in(cast.member).get(ADDRESS).status_code == 403
