"""An office's first roster names all its branches: they are founded from it, ticked one by one by a person."""

from datetime import date

import pytest
from django.urls import reverse

from sangyu.journal.models import Entry
from sangyu.kit.refusals import NotAllowed, Refusal
from sangyu.members import tasks
from sangyu.members.actions.roster_branches import found_named_branches
from sangyu.members.models import Organization, RosterImport
from sangyu.members.queries.missing_branches import missing_branches
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.roster_files import person, receive, states
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
NEW, WRONG = "档案馆离退休干部党支部", "机关公委离退休干部党支部"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def roster(cast: Cast) -> RosterImport:
    rows = (("马老", 1, NEW, "2018年5月3日"), ("牛老", 2, NEW, "2018年5月2日"), ("羊老", 3, WRONG, ""))
    return receive(cast, *(person(name, at, branch, 转入时间=since) for name, at, branch, since in rows))


def test_it_lists_what_is_missing_with_people_and_day(cast: Cast, roster: RosterImport) -> None:
    found = [(m.name, m.people, m.since) for m in missing_branches(cast.actor(cast.clerk), roster)]
    assert found == [(NEW, 2, date(2018, 5, 2)), (WRONG, 1, date(2018, 5, 31))]


def test_only_the_ticked_one_is_founded_and_its_rows_can_come_in(cast: Cast, roster: RosterImport) -> None:
    address = reverse("members:found_branches", args=[roster.pk])
    clerk = signed_in(cast.clerk)
    assert "新建了1个支部" in clerk.post(address, {"names": [NEW]}, follow=True).content.decode()
    tasks.read_roster_file(roster.pk, cast.clerk.pk)
    assert "确认导入2人" in clerk.get(reverse("members:roster", args=[roster.pk])).content.decode()
    founded = Organization.objects.get(name=NEW)
    assert (founded.parent, founded.founded_on) == (cast.office, date(2018, 5, 2))
    assert states(roster) == ["ready", "ready", "bad"]


def test_pressed_twice_it_founds_once(cast: Cast, roster: RosterImport) -> None:
    for _ in range(2):
        found_named_branches(cast.actor(cast.clerk), roster, [NEW])
    assert Organization.objects.filter(name=NEW).count() == 1


def test_a_name_that_the_roster_does_not_miss_is_passed_over(cast: Cast, roster: RosterImport) -> None:
    assert found_named_branches(cast.actor(cast.clerk), roster, ["随便写的党支部"]) == []
    assert not Organization.objects.filter(name="随便写的党支部").exists()


def test_nothing_ticked_says_so_and_others_may_not(cast: Cast, roster: RosterImport) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refusal, match="勾选"):
        found_named_branches(cast.actor(cast.clerk), roster, [])
    for other in (cast.secretary, cast.other_clerk):
        with pytest.raises(NotAllowed):
            found_named_branches(cast.actor(other), roster, [NEW])
    assert Entry.objects.count() == before
