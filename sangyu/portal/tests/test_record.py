"""My record: by year, how I took part, in plain words; nobody is compared with anybody."""

from typing import Any

import pytest

from sangyu.activities.actions import planning
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Mark
from sangyu.activities.tests.factories import NINE, close, make_activity, part_of
from sangyu.kit import clock
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import helping, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/portal/record/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def hold(cast: Cast, year: int, day: int = 5, mark: str = "present", reason: str = "") -> Any:
    at = NINE.replace(year=year, day=day)
    activity = make_activity(cast, at=at, title=f"{year}年{day}日学习")
    with clock.at(at.replace(hour=12)):
        close(cast, part_of(activity, cast.branch), 仇老=Marked(mark, reason))
    return activity


def words(client: Any, **asked: Any) -> str:
    return str(client.get(PAGE, asked).content.decode())


def test_it_shows_the_latest_year_and_leads_to_the_others(cast: Cast) -> None:
    for year in (2024, 2025, 2026):
        hold(cast, year)
    client = signed_in(cast.member)
    text = words(client)
    assert "2026年，共1次" in text and "2026年5日学习" in text and "2025年5日学习" not in text
    assert "?year=2025" in text and "?year=2024" in text
    assert "2024年5日学习" in words(client, year=2024)


@pytest.mark.parametrize("mark", Mark.values)
def test_it_says_how_in_plain_words(cast: Cast, mark: str) -> None:
    hold(cast, 2026, mark=mark, reason="住院")
    text = words(signed_in(cast.member))
    assert str(Mark(mark).label) in text and "住院" in text


@pytest.mark.parametrize("year", ["1999", "abc", "", "２０２６", "99999999999999999999"])
def test_a_made_up_year_shows_the_latest(cast: Cast, year: str) -> None:
    hold(cast, 2026)
    assert "2026年，共1次" in words(signed_in(cast.member), year=year)


def test_a_draft_roll_and_a_cancelled_activity_are_not_in_it(cast: Cast) -> None:
    planning.cancel_activity(cast.actor(cast.secretary), hold(cast, 2026))
    make_activity(cast)
    assert "还没有记录" in words(signed_in(cast.member))


def test_a_helper_sees_the_helped_persons(cast: Cast) -> None:
    hold(cast, 2026, mark="absent")
    text = words(helping(cast.liaison, cast.housebound))
    assert "查老同志的记录" in text and "到场" in text and "缺席" not in text


def test_it_does_not_rank(cast: Cast) -> None:
    hold(cast, 2026)
    text = words(signed_in(cast.member))
    assert not any(word in text for word in ("排名", "得分", "积分", "第1名"))


def test_more_rows_cost_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for day in (3, 5, 10, 12):
        hold(cast, 2026, day)
    client = signed_in(cast.member)
    with django_assert_max_num_queries(10):
        client.get(PAGE)
