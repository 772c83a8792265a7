"""Calling the roll on the page: exceptions are tapped, nothing typed is lost, two do not overwrite each other."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sangyu.activities.actions import planning, roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Participation
from sangyu.activities.queries import expected_at
from sangyu.activities.tests.factories import NINE, close, everybody, make_activity, part_of
from sangyu.alliances.tests.factories import make_alliance
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.members.actions.memberships import note_circumstance
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast, make_member
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
LATER = NINE.replace(hour=12)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def part(cast: Cast) -> Participation:
    return part_of(make_activity(cast, make_alliance(cast)), cast.branch)


def page_of(client: Client, part: Participation) -> HttpResponse:
    with clock.at(LATER):
        return client.get(reverse("activities:roll", args=[part.pk]))


def typed(part: Participation, do: str, version: int = 0, minutes: str = "学习讨论。", **marks: str) -> dict[str, Any]:
    """What the browser sends: everyone present but the named."""
    people = [m.person for m in expected_at(part)]
    sent = {f"mark-{person.pk}": marks.get(person.name, "present") for person in people}
    return {**sent, "do": do, "version": version, "minutes": minutes, "notes": ""}


def send(client: Client, part: Participation, **what: Any) -> HttpResponse:
    with clock.at(LATER):
        return client.post(reverse("activities:roll", args=[part.pk]), typed(part, **what))


def marks_of(part: Participation) -> dict[str, str]:
    return dict(part.roll.values_list("person__name", "mark"))


def test_everybody_is_suggested_present_but_the_declined_and_the_housebound(cast: Cast, part: Participation) -> None:
    note_circumstance(cast.actor(cast.secretary), cast.housebound, cast.branch, "housebound", FOUNDED)
    with clock.at(NINE.replace(day=1)):
        planning.answer_invitation(cast.actor(cast.member, "portal"), part.activity_id, "declined", "住院")
    rows = {row.person.name: row for row in page_of(signed_in(cast.secretary), part).context["form"].rows}
    assert {name: row.mark for name, row in rows.items()} == {
        "单书记": "present",
        "仇老": "leave",
        "曾老": "present",
        "解老": "present",
        "查老": "sent_home",
    }
    assert rows["仇老"].reason == "住院"
    assert not part.roll.exists()


def test_what_is_saved_is_shown_and_nothing_is_suggested_any_more(cast: Cast, part: Participation) -> None:
    roll.save_roll(cast.actor(cast.secretary), part, {cast.member.pk: Marked("online")}, 0)
    rows = page_of(signed_in(cast.liaison), part).context["form"].rows
    assert {row.person.name: row.mark for row in rows if row.mark} == {"仇老": "online"}


def test_closing_keeps_marks_reasons_and_minutes(cast: Cast, part: Participation) -> None:
    sent = typed(part, "close", 仇老="leave", 解老="sent_home", 查老="absent") | {f"reason-{cast.member.pk}": "外出"}
    with clock.at(LATER):
        response = signed_in(cast.secretary).post(reverse("activities:roll", args=[part.pk]), sent)
    assert response["Location"] == reverse("activities:part", args=[part.pk])
    part.refresh_from_db()
    assert part.is_closed
    assert marks_of(part)["解老"] == "sent_home"
    assert part.roll.get(person=cast.member).reason == "外出"
    assert part.activity.__class__.objects.get(pk=part.activity_id).minutes == "学习讨论。"


def test_a_reason_without_an_absence_is_not_kept(cast: Cast, part: Participation) -> None:
    sent = typed(part, "save") | {f"reason-{cast.member.pk}": "外出"}
    signed_in(cast.secretary).post(reverse("activities:roll", args=[part.pk]), sent)
    assert part.roll.get(person=cast.member).reason == ""


def test_a_missing_mark_is_named_and_all_that_was_typed_stays(cast: Cast, part: Participation) -> None:
    response = send(signed_in(cast.secretary), part, do="close", 仇老="", 查老="absent", minutes="写了很多字")
    assert response.status_code == 200
    assert "还有人没有点到：仇老。" in response.content.decode()
    assert "写了很多字" in response.content.decode()
    assert {row.person.name: row.mark for row in response.context["form"].rows}["查老"] == "absent"
    assert not part.roll.exists()


def test_missing_minutes_are_asked_of_the_host(cast: Cast, part: Participation) -> None:
    assert "请写几句会议记录" in send(signed_in(cast.secretary), part, do="close", minutes=" ").content.decode()
    assert not part.roll.exists()


def test_only_the_host_is_asked_for_minutes(cast: Cast, part: Participation) -> None:
    other = part_of(part.activity, cast.neighbour)
    neighbour = signed_in(cast.neighbour_secretary)
    assert 'name="minutes"' not in page_of(neighbour, other).content.decode()
    send(neighbour, other, do="close", minutes="不该写到这里")
    other.refresh_from_db()
    assert other.is_closed
    assert other.activity.minutes == ""


def test_a_mark_that_does_not_exist_writes_nothing(cast: Cast, part: Participation) -> None:
    response = send(signed_in(cast.secretary), part, do="save", 仇老="asleep")
    assert "请重新选一次" in response.content.decode()
    assert not part.roll.exists()


def test_somebody_of_another_branch_cannot_be_marked(cast: Cast, part: Participation) -> None:
    sent = typed(part, "save") | {f"mark-{cast.neighbour_secretary.pk}": "present"}
    signed_in(cast.secretary).post(reverse("activities:roll", args=[part.pk]), sent)
    assert set(marks_of(part)) == {"单书记", "仇老", "曾老", "解老", "查老"}


def test_before_it_begins_a_draft_can_be_kept_but_not_closed(cast: Cast, part: Participation) -> None:
    client, address = signed_in(cast.secretary), reverse("activities:roll", args=[part.pk])
    with clock.at(NINE.replace(hour=8)):
        assert "活动还没有开始" in client.get(address).content.decode()
        assert "活动还没有开始，到时再点名。" in client.post(address, typed(part, "close")).content.decode()
        client.post(address, typed(part, "save"))
    assert part.roll.count() == 5


def test_the_second_editor_keeps_what_was_typed_and_is_told_who_was_first(cast: Cast, part: Participation) -> None:
    roll.save_roll(cast.actor(cast.liaison), part, everybody(part, 仇老=Marked("leave")), 0, "", "联络员写的")
    response = send(signed_in(cast.secretary), part, do="close", 查老="absent", minutes="书记写的")
    page = response.content.decode()
    assert response.status_code == 409
    assert "廖联络刚刚保存过这份点名" in page
    assert "仇老：最新是“请假”，您填的是“到场”" in page
    assert "书记写的" in page
    assert {row.person.name: row.mark for row in response.context["form"].rows}["查老"] == "absent"
    assert 'name="version" value="1"' in page  # whoever sends it again has seen the other's state
    assert "data-draft-url" not in page  # nothing overwrites the other by itself
    assert marks_of(part)["仇老"] == "leave"


def test_having_seen_the_conflict_one_may_send_again(cast: Cast, part: Participation) -> None:
    roll.save_roll(cast.actor(cast.liaison), part, everybody(part), 0)
    client = signed_in(cast.secretary)
    assert send(client, part, do="close").status_code == 409
    assert send(client, part, do="close", version=1).status_code == 302


def test_the_back_button_closes_nothing_twice(cast: Cast, part: Participation) -> None:
    client = signed_in(cast.secretary)
    send(client, part, do="close", 仇老="leave")
    entries = Entry.objects.count()
    again = send(client, part, do="close", 仇老="leave")
    assert again["Location"] == reverse("activities:part", args=[part.pk])
    assert Entry.objects.count() == entries


def test_an_old_page_sent_after_closing_changes_nothing_and_shows_what_was_typed(
    cast: Cast, part: Participation
) -> None:
    client = signed_in(cast.secretary)
    send(client, part, do="close", 仇老="leave")
    entries = Entry.objects.count()
    response = send(client, part, do="close", minutes="另写的记录")
    assert response.status_code == 409
    assert "另写的记录" in response.content.decode()
    assert Entry.objects.count() == entries
    assert marks_of(part)["仇老"] == "leave"


def test_a_closed_roll_is_corrected_on_the_same_page(cast: Cast, part: Participation) -> None:
    with clock.at(LATER):
        part = close(cast, part, 仇老=Marked("absent"))
    client = signed_in(cast.liaison)
    page = page_of(client, part).content.decode()
    assert "更正点名" in page
    assert 'name="minutes"' not in page
    response = send(client, part, do="correct", version=part.version)
    assert response["Location"] == reverse("activities:part", args=[part.pk])
    assert marks_of(part)["仇老"] == "present"


def test_a_cancelled_activity_has_no_roll(cast: Cast, part: Participation) -> None:
    planning.cancel_activity(cast.actor(cast.secretary), part.activity)
    client = signed_in(cast.secretary)
    assert page_of(client, part)["Location"] == reverse("activities:part", args=[part.pk])
    send(client, part, do="close")
    assert not part.roll.exists()


def test_a_secretary_hands_over_with_what_is_filled_in(cast: Cast, part: Participation) -> None:
    client = signed_in(cast.secretary)
    assert "请联络员廖联络补完" in page_of(client, part).content.decode()
    with clock.at(LATER):
        response = client.post(reverse("activities:hand_over", args=[part.pk]), typed(part, "", 仇老="leave"))
    part.refresh_from_db()
    assert response["Location"] == reverse("console:home")
    assert part.handed_to_liaison
    assert marks_of(part)["仇老"] == "leave"
    assert "补完</button>" not in page_of(signed_in(cast.liaison), part).content.decode()


def test_handing_over_an_overtaken_page_loses_nothing(cast: Cast, part: Participation) -> None:
    roll.save_roll(cast.actor(cast.liaison), part, everybody(part), 0)
    address = reverse("activities:hand_over", args=[part.pk])
    response = signed_in(cast.secretary).post(address, typed(part, "", minutes="写了一半"))
    part.refresh_from_db()
    assert response.status_code == 409
    assert "写了一半" in response.content.decode()
    assert not part.handed_to_liaison


@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 403), ("neighbour_secretary", 404), ("member", 404), ("other_clerk", 404)]
)
@pytest.mark.parametrize("door", ["roll", "draft", "hand_over"])
def test_nobody_else_calls_the_roll(cast: Cast, part: Participation, who: str, status: int, door: str) -> None:
    client, before = signed_in(getattr(cast, who)), Entry.objects.count()
    response = client.post(reverse(f"activities:{door}", args=[part.pk]), typed(part, "close"))
    part.refresh_from_db()
    assert response.status_code == status
    assert (Entry.objects.count(), part.roll.count(), part.version, part.handed_to_liaison) == (before, 0, 0, False)


def test_a_stranger_is_asked_to_sign_in(part: Participation) -> None:
    assert Client().get(reverse("activities:roll", args=[part.pk])).status_code == 302


def test_sixty_people_cost_no_more_queries_than_five(
    cast: Cast, part: Participation, django_assert_max_num_queries: Any
) -> None:
    for number in range(55):
        make_member(cast.actor(cast.clerk), cast.branch, f"党员{number}", f"1{number}")
    client = signed_in(cast.secretary)
    with django_assert_max_num_queries(12):
        assert len(page_of(client, part).context["form"].rows) == 60
