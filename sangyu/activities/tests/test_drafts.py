"""Drafts keep themselves: each answer carries the version that the next one has to name."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from sangyu.activities.actions import roll
from sangyu.activities.models import Participation
from sangyu.activities.tests.factories import NINE, close, everybody, make_activity, part_of
from sangyu.activities.tests.test_roll_page import typed
from sangyu.kit import clock
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def part(cast: Cast) -> Participation:
    return part_of(make_activity(cast), cast.branch)


def keep(cast: Cast, part: Participation, version: int, minutes: str = "学习讨论。", **marks: str) -> HttpResponse:
    client = signed_in(cast.secretary)
    return client.post(reverse("activities:draft", args=[part.pk]), typed(part, "", version, minutes, **marks))


def test_one_draft_after_the_other_is_kept(cast: Cast, part: Participation) -> None:
    first = keep(cast, part, 0, 仇老="leave")
    assert (first.status_code, first["X-Draft-Version"]) == (200, "1")
    second = keep(cast, part, int(first["X-Draft-Version"]), 仇老="online", minutes="写了一半")
    assert second["X-Draft-Version"] == "2"
    assert part.roll.get(person=cast.member).mark == "online"
    assert part.activity.__class__.objects.get(pk=part.activity_id).minutes == "写了一半"
    part.refresh_from_db()
    assert not part.is_closed


def test_a_half_marked_roll_is_kept_too(cast: Cast, part: Participation) -> None:
    keep(cast, part, 0, 仇老="", 查老="")
    assert part.roll.count() == 3


def test_a_conflict_is_told_in_one_plain_sentence(cast: Cast, part: Participation) -> None:
    roll.save_roll(cast.actor(cast.liaison), part, everybody(part), 0)
    response = keep(cast, part, 0, 仇老="leave")
    assert response.status_code == 409
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().startswith("廖联络刚刚保存过这份点名")
    assert part.roll.get(person=cast.member).mark == "present"


def test_a_closed_roll_takes_no_draft(cast: Cast, part: Participation) -> None:
    with clock.at(NINE.replace(hour=12)):
        part = close(cast, part)
    response = keep(cast, part, part.version, 仇老="absent")
    assert response.status_code == 422
    assert part.roll.get(person=cast.member).mark == "present"


def test_a_broken_form_is_refused_in_words(cast: Cast, part: Participation) -> None:
    response = signed_in(cast.secretary).post(reverse("activities:draft", args=[part.pk]), {"version": "x"})
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/plain")
    assert not part.roll.exists()


def test_a_draft_is_sent_not_opened(cast: Cast, part: Participation) -> None:
    assert signed_in(cast.secretary).get(reverse("activities:draft", args=[part.pk])).status_code == 405
