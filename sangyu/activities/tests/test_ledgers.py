"""The ledger of a month: from the records, for one branch, read back from the Word file."""

from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from sangyu.activities import ledgers
from sangyu.activities.actions import planning, roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.tests.factories import NINE, close, everybody, make_activity, part_of
from sangyu.alliances.tests.factories import make_alliance
from sangyu.journal.actor import machine
from sangyu.kit import clock
from sangyu.members.tests.cast import Cast, make_cast, make_member
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
LATER = NINE.replace(hour=12)
MONTH = date(2026, 11, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def words_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def held(cast: Cast, **exceptions: Marked) -> Any:
    part = part_of(make_activity(cast, make_alliance(cast)), cast.branch)
    with clock.at(LATER):
        return close(cast, part, **exceptions)


def test_it_holds_every_one_of_44_names(cast: Cast) -> None:
    for number in range(39):
        make_member(cast.actor(cast.clerk), cast.branch, f"党员{number:02}", f"1{number}")
    held(cast, 仇老=Marked("leave", "住院"))
    address = reverse("activities:ledger", args=[cast.branch.pk, 2026, 11])
    response = signed_in(cast.secretary).get(address)
    words = words_of(b"".join(response.streaming_content))
    assert all(f"党员{number:02}" in words for number in range(39))
    assert "仇老（住院）" in words
    assert "与“支部联盟”共2个支部联合开展；本页为本支部记录" in words
    assert unquote(response["Content-Disposition"]).endswith("机关工委支部2026年11月三会一课纪实.docx")


def test_corrections_stand_on_it(cast: Cast) -> None:
    part = held(cast, 仇老=Marked("absent"))
    roll.correct_roll(cast.actor(cast.liaison), part, everybody(part), part.version)
    words = words_of(ledgers.ledger_of(cast.actor(cast.secretary), cast.branch, MONTH))
    assert "仇老 由“缺席”改为“到场”（廖联络）" in words


def test_a_branch_has_its_own_notes_beside_the_hosts_minutes(cast: Cast) -> None:
    part = held(cast)
    other = part_of(part.activity, cast.neighbour)
    with clock.at(LATER):
        roll.close_part(cast.actor(cast.neighbour_secretary), other, everybody(other), 0, "本支部再学一次")
    words = words_of(ledgers.ledger_of(cast.actor(cast.neighbour_secretary), cast.neighbour, MONTH))
    assert "学习讨论，一致同意。" in words
    assert "本支部记录：本支部再学一次" in words
    assert "仇老" not in words


def test_open_and_cancelled_ones_are_not_in_it(cast: Cast) -> None:
    part = held(cast)
    make_activity(cast, title="还没点名")
    planning.cancel_activity(cast.actor(cast.secretary), part.activity)
    assert "本期没有活动记录。" in words_of(ledgers.ledger_of(cast.actor(cast.secretary), cast.branch, MONTH))


def test_many_activities_cost_no_more_queries_than_one(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for day in (2, 3, 4, 5):
        part = part_of(make_activity(cast, at=NINE.replace(day=day)), cast.branch)
        with clock.at(LATER):
            close(cast, part)
    with django_assert_max_num_queries(7):
        assert len(ledgers.pages_of(cast.actor(cast.secretary), cast.branch, MONTH)) == 4


def test_the_command_line_prints_any_branch(cast: Cast) -> None:
    held(cast)
    assert "仇老" in words_of(ledgers.ledger_of(machine("command", "members.read_all"), cast.branch, MONTH))
    assert "仇老" not in words_of(ledgers.ledger_of(machine("command"), cast.branch, MONTH))


def test_the_months_of_a_year_are_listed_with_their_number(cast: Cast) -> None:
    held(cast)
    with clock.at(LATER):
        page = signed_in(cast.clerk).get(reverse("activities:ledgers", args=[cast.branch.pk])).content.decode()
    assert "11月：1次" in page
    assert "10月：还没有完成的活动" in page
    assert "12月" not in page
    assert reverse("activities:ledger", args=[cast.branch.pk, 2026, 11]) in page


@pytest.mark.parametrize("year", ["", "abc", "99999", "2025"])
def test_a_strange_year_is_taken_for_this_one(cast: Cast, year: str) -> None:
    address = reverse("activities:ledgers", args=[cast.branch.pk])
    with clock.at(LATER):
        response = signed_in(cast.secretary).get(address, {"year": year})
    assert response.context["year"] == (2025 if year == "2025" else 2026)


def test_a_month_that_does_not_exist_is_not_found(cast: Cast) -> None:
    address = reverse("activities:ledger", args=[cast.branch.pk, 2026, 13])
    assert signed_in(cast.secretary).get(address).status_code == 404


@pytest.mark.parametrize("who", ["neighbour_secretary", "member", "other_clerk"])
def test_others_do_not_find_them(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(reverse("activities:ledgers", args=[cast.branch.pk])).status_code == 404
    assert client.get(reverse("activities:ledger", args=[cast.branch.pk, 2026, 11])).status_code == 404
    assert Client().get(reverse("activities:ledger", args=[cast.branch.pk, 2026, 11])).status_code == 302
