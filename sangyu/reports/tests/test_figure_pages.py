"""From the figures to a figure, its facts, an entry and the record: pages of the bureau."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.activities.actions import roll
from sangyu.activities.tests.factories import close, everybody, make_activity, part_of
from sangyu.journal import actions as journal
from sangyu.journal.declare import SOURCES
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.members.actions import cards
from sangyu.members.actions.organizations import move_organization
from sangyu.members.models import Person
from sangyu.members.tests.cast import make_member
from sangyu.reports import queries
from sangyu.reports.tests.factories import HELD, Counted, make_counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted() -> Counted:
    return make_counted()


def visit(counted: Counted, who: str = "clerk") -> Client:
    cast = counted.cast
    person: Person = getattr(cast, who)
    bureau = cast.actor(cast.other_clerk if who == "other_clerk" else cast.clerk)
    if person.account is None:
        cards.replace_card(bureau, person.pk)
        person.refresh_from_db()
    client = Client()
    client.force_login(person.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def closing_entry(counted: Counted) -> Entry:
    return Entry.objects.get(verb="activities.part_closed")


def pages(counted: Counted) -> list[str]:
    return [reverse("reports:figure", args=["F022"]), reverse("reports:entry", args=[closing_entry(counted).pk])]


def test_the_list_sets_the_documents_beside_the_records(counted: Counted) -> None:
    text = visit(counted).get(reverse("reports:figures")).content.decode()
    assert "不少于20次" in text and "1次" in text and "不相符" in text and "尚未统计" in text
    assert reverse("reports:figure", args=["F092"]) in text
    assert reverse("reports:figure", args=["F001"]) not in text  # nothing to open


def test_a_flow_opens_onto_its_facts_and_they_onto_their_entry(counted: Counted) -> None:
    client = visit(counted)
    text = client.get(reverse("reports:figure", args=["F022"])).content.decode()
    assert "2020年3月10日" in text and "今日隶属口径" in text
    entry = Entry.objects.get(verb="activities.closed")
    assert reverse("reports:entry", args=[entry.pk]) in text
    text = client.get(reverse("reports:entry", args=[entry.pk])).content.decode()
    assert "完成活动" in text and "单书记" in text and "计划活动" in text
    assert reverse("activities:activity", args=[counted.activity.pk]) in text


def test_a_stock_opens_onto_its_people(counted: Counted) -> None:
    text = visit(counted).get(reverse("reports:figure", args=["F092"])).content.decode()
    assert text.count("/console/people/") == 5 and "仇老" in text


def test_a_stock_of_branches_opens_onto_them(counted: Counted) -> None:
    text = visit(counted).get(reverse("reports:figure", args=["F020"])).content.decode()
    assert reverse("members:organization", args=[counted.cast.neighbour.pk]) in text


def test_a_figure_says_its_basis_and_offers_the_other(counted: Counted) -> None:
    """What hangs below the branch only since 2024 was not there in 2018."""
    cast, client = counted.cast, visit(counted)
    move_organization(cast.actor(cast.clerk), cast.neighbour, cast.branch, date(2024, 3, 1))
    url = reverse("reports:figure", args=["F092"])
    answer = client.get(url)
    assert "今日隶属口径" in answer.content.decode() and "改按当时隶属看" in answer.content.decode()
    assert (answer.context["figure"].value, len(answer.context["memberships"])) == (8, 8)
    answer = client.get(url, {"basis": "then"})
    assert "当时隶属口径" in answer.content.decode() and "改按今日隶属看" in answer.content.decode()
    assert (answer.context["figure"].value, len(answer.context["memberships"])) == (5, 5)


def test_an_entry_shows_who_took_part_and_what_was_taken_back(counted: Counted) -> None:
    part = part_of(counted.activity, counted.cast.branch)
    marks = everybody(part, 仇老=roll.Marked("absent"))
    with clock.at(HELD.replace(day=12)):
        roll.correct_roll(counted.cast.actor(counted.cast.liaison), part, marks, part.version)
    entry = Entry.objects.get(verb="activities.roll_corrected")
    text = visit(counted).get(reverse("reports:entry", args=[entry.pk])).content.decode()
    assert "更正点名" in text and "廖联络" in text and "撤回" in text and "仇老" in text


def test_a_branch_officer_reads_entries_of_the_own_branch_only(counted: Counted) -> None:
    with clock.at(HELD.replace(day=12)):
        part = part_of(counted.activity, counted.cast.neighbour)
        roll.close_part(counted.cast.actor(counted.cast.neighbour_secretary), part, everybody(part), part.version)
    own = Entry.objects.get(verb="activities.part_closed", organization_id=counted.cast.branch.pk)
    other = Entry.objects.get(verb="activities.part_closed", organization_id=counted.cast.neighbour.pk)
    client = visit(counted, "secretary")
    assert client.get(reverse("reports:entry", args=[own.pk])).status_code == 200
    assert client.get(reverse("reports:entry", args=[other.pk])).status_code == 404


@pytest.mark.parametrize("who", ["member", "neighbour_secretary", "other_clerk"])
def test_others_find_nothing_there(counted: Counted, who: str) -> None:
    client = visit(counted, who)
    assert [client.get(page).status_code for page in pages(counted)] == [404, 404]


def test_a_stranger_is_asked_to_sign_in(counted: Counted) -> None:
    answers = [Client().get(page) for page in [reverse("reports:figures"), *pages(counted)]]
    assert all(a.status_code == 302 and a["Location"].startswith("/sign-in/") for a in answers)


def test_there_is_no_such_figure(counted: Counted) -> None:
    assert visit(counted).get(reverse("reports:figure", args=["F999"])).status_code == 404


def everything(client: Client, figure_id: str, kind: str) -> list[Any]:
    """What all pages behind a figure show, one after another."""
    here = reverse("reports:figure", args=[figure_id])
    found, next_url = [], "?"
    while next_url:
        response = client.get(here + next_url)
        assert len(response.context[kind]) <= queries.PAGE
        found += response.context[kind]
        next_url = response.context["next_url"]
    return found


def test_long_lists_come_in_pages_and_nobody_is_missing_or_twice(counted: Counted) -> None:
    bureau = counted.cast.actor(counted.cast.clerk)
    for number in range(60):
        make_member(bureau, counted.cast.branch, f"党员{number:02}", str(100 + number))
    seen = [m.person_id for m in everything(visit(counted), "F092", "memberships")]
    assert len(seen) == len(set(seen)) == 65


def test_facts_come_in_pages_newest_first(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    for month in (4, 5):
        another = make_activity(counted.cast, counted.alliance, HELD.replace(month=month))
        with clock.at(HELD.replace(month=month, hour=12)):
            close(counted.cast, part_of(another, counted.cast.branch))
    monkeypatch.setattr(queries, "PAGE", 1)
    days = [told.fact.on for told in everything(visit(counted), "F022", "facts")]
    assert len(days) == 3 and days == sorted(days, reverse=True)


def test_what_was_taken_back_is_not_behind_the_figure(counted: Counted) -> None:
    before = everything(visit(counted), "F022", "facts")
    entry = before[0].fact.entry
    source = (SOURCES[entry.subject_kind], entry.subject_id)
    journal.record(counted.cast.actor(counted.cast.clerk), "activities.corrected", source, entry.organization_id, [])
    assert everything(visit(counted), "F022", "facts") == before[1:]


@pytest.mark.parametrize("cursor", ["x", "-1", "99999999999999999999", "0", "²"])
def test_a_mistyped_page_starts_again(counted: Counted, cursor: str) -> None:
    url = reverse("reports:figure", args=["F022"])
    assert visit(counted).get(url, {"after": cursor}).status_code == 200


def test_a_page_asks_the_same_number_of_questions_however_long(
    counted: Counted, django_assert_max_num_queries: Any
) -> None:
    client = visit(counted)
    with django_assert_max_num_queries(32):
        client.get(reverse("reports:figures"))
    figure_page, entry_page = pages(counted)
    with django_assert_max_num_queries(8):
        client.get(figure_page)
    with django_assert_max_num_queries(8):
        client.get(entry_page)
