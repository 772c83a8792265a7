"""One branch's part: how it was called, what was corrected by whom, who may read it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.activities.actions import planning, roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Participation
from sangyu.activities.tests.factories import NINE, close, everybody, make_activity, part_of
from sangyu.alliances.tests.factories import make_alliance
from sangyu.kit import clock
from sangyu.members.models import Person
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
LATER = NINE.replace(hour=12)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def part(cast: Cast) -> Participation:
    part = part_of(make_activity(cast, make_alliance(cast)), cast.branch)
    with clock.at(LATER):
        return close(cast, part, 仇老=Marked("absent", "没说"), 查老=Marked("sent_home"))


def opened(who: Person, part: Participation) -> str:
    with clock.at(LATER):
        return signed_in(who).get(reverse("activities:part", args=[part.pk])).content.decode()


def test_it_counts_and_names_by_mark(cast: Cast, part: Participation) -> None:
    page = opened(cast.secretary, part)
    for words in ("5人", "缺席", "仇老（没说）", "送学", "学习讨论，一致同意。", "单书记完成点名"):
        assert words in page


def test_a_correction_says_who_was_changed_from_what_to_what(cast: Cast, part: Participation) -> None:
    helping = cast.actor(cast.liaison).on_behalf_of(cast.housebound.pk)
    roll.correct_roll(helping, part, everybody(part, 查老=Marked("sent_home")), part.version)
    page = opened(cast.secretary, part)
    assert "廖联络代查老更正点名：仇老 由“缺席”改为“到场”" in page


def test_superiors_read_and_do_not_touch(cast: Cast, part: Participation) -> None:
    page = opened(cast.clerk, part)
    assert "仇老" in page
    assert reverse("activities:roll", args=[part.pk]) not in page
    assert reverse("activities:ledger", args=[cast.branch.pk, 2026, 11]) in page


def test_a_cancelled_one_says_so_and_offers_nothing(cast: Cast, part: Participation) -> None:
    planning.cancel_activity(cast.actor(cast.secretary), part.activity)
    page = opened(cast.secretary, part)
    assert "已取消" in page
    assert reverse("activities:roll", args=[part.pk]) not in page
    assert reverse("activities:ledger", args=[cast.branch.pk, 2026, 11]) not in page


@pytest.mark.parametrize("who", ["neighbour_secretary", "member", "other_clerk"])
@pytest.mark.parametrize("door", ["part", "sheet"])
def test_others_do_not_find_it(cast: Cast, part: Participation, who: str, door: str) -> None:
    assert signed_in(getattr(cast, who)).get(reverse(f"activities:{door}", args=[part.pk])).status_code == 404


def test_a_stranger_is_asked_to_sign_in(part: Participation) -> None:
    assert Client().get(reverse("activities:part", args=[part.pk])).status_code == 302


def test_ten_corrections_cost_no_more_queries_than_one(
    cast: Cast, part: Participation, django_assert_max_num_queries: Any
) -> None:
    for turn in range(10):
        mark = Marked("present" if turn % 2 else "leave")
        part = roll.correct_roll(cast.actor(cast.liaison), part, everybody(part, 仇老=mark), part.version)
    client = signed_in(cast.secretary)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("activities:part", args=[part.pk]))
    assert len(page.context["events"]) == 11


def test_the_sign_in_sheet_has_a_line_for_everybody(cast: Cast) -> None:
    part = part_of(make_activity(cast), cast.branch)
    with clock.at(NINE.replace(day=1)):
        planning.answer_invitation(cast.actor(cast.member, "portal"), part.activity_id, "declined", "住院")
    page = signed_in(cast.liaison).get(reverse("activities:sheet", args=[part.pk])).content.decode()
    assert "data-print" in page
    for words in ("看变化、谈初心签到表", "机关工委离退休干部党支部", "老干部活动中心", "解老", "请假：住院"):
        assert words in page
