"""Founding an organization: under its superior, once, by the bureau."""

from datetime import date, timedelta

import pytest

from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.actions.organizations import found_organization
from sangyu.members.models import Organization
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast

pytestmark = pytest.mark.django_db
NAME = "教育局离退休干部党支部"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_it_stands_below_its_superior_from_its_day_on(cast: Cast) -> None:
    new = found_organization(cast.actor(cast.clerk), cast.office, f" {NAME} ", "branch", date(2026, 3, 1))
    assert (new.name, new.parent, new.line) == (NAME, cast.office, [cast.office.pk, new.pk])
    assert new.reading.startswith("jiao yu ju")
    assert new not in Organization.objects.standing(date(2026, 2, 28))
    assert new in Organization.objects.standing(date(2026, 3, 1))
    assert Entry.objects.get(verb="members.founded", subject_id=new.pk).actor_id == cast.clerk.pk


def test_its_name_is_not_read_as_a_person_s(cast: Cast) -> None:
    new = found_organization(cast.actor(cast.clerk), cast.office, "区直机关离退休干部党支部", "branch", FOUNDED)
    assert new.reading.startswith("qu zhi")  # the surname 区 would be "ou"


def test_a_twin_name_is_refused_and_writes_nothing(cast: Cast) -> None:
    before = Organization.objects.count(), Entry.objects.count()
    with pytest.raises(Conflict, match="已经有了"):
        found_organization(cast.actor(cast.clerk), cast.office, cast.branch.name, "branch", FOUNDED)
    assert (Organization.objects.count(), Entry.objects.count()) == before


def test_it_is_not_older_than_its_superior(cast: Cast) -> None:
    with pytest.raises(Refusal, match="2018年5月1日"):
        found_organization(cast.actor(cast.clerk), cast.office, NAME, "branch", FOUNDED - timedelta(days=1))


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_only_the_bureau_above_founds(cast: Cast, who: str) -> None:
    before = Organization.objects.count(), Entry.objects.count()
    with pytest.raises(NotAllowed):
        found_organization(cast.actor(getattr(cast, who)), cast.office, NAME, "branch", FOUNDED)
    assert (Organization.objects.count(), Entry.objects.count()) == before
