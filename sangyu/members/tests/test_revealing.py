"""Looking at what is masked: with a reason, and the person sees who looked."""

import pytest

from sangyu.journal.models import Entry
from sangyu.kit.refusals import Gone, Refusal
from sangyu.members.actions.memberships import join
from sangyu.members.actions.people import reveal, write_person
from sangyu.members.models import Look
from sangyu.members.queries.people import looks_at
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_it_shows_the_number_and_the_person_sees_who_looked(cast: Cast) -> None:
    assert reveal(cast.actor(cast.clerk), cast.member.pk, "phone", "通知体检") == cast.member.phone
    look = looks_at(cast.actor(cast.member)).get()
    assert (look.by, look.what, look.reason) == (cast.clerk, "电话号码", "通知体检")


def test_it_shows_the_identity_number_in_clear_once(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    known = write_person(bureau, cast.branch, "有号", id_number=NUMBER)
    join(bureau, known, cast.branch, "formal", FOUNDED)
    assert NUMBER not in known.id_number_masked
    assert reveal(bureau, known.pk, "id_number", "核对身份") == NUMBER


def test_the_journal_holds_no_number_and_no_reason(cast: Cast) -> None:
    reveal(cast.actor(cast.clerk), cast.member.pk, "phone", "通知体检")
    assert Entry.objects.get(verb="members.looked").detail == {"what": "电话号码"}


@pytest.mark.parametrize("reason", ["", "  ", "看"])
def test_it_asks_for_a_reason_and_writes_nothing_without(cast: Cast, reason: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refusal, match="原因"):
        reveal(cast.actor(cast.clerk), cast.member.pk, "phone", reason)
    assert (Look.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.parametrize("who", ["neighbour_secretary", "housebound", "other_clerk"])
def test_nobody_else_learns_that_there_is_such_a_person(cast: Cast, who: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Gone):
        reveal(cast.actor(getattr(cast, who)), cast.member.pk, "phone", "想看看")
    assert (Look.objects.count(), Entry.objects.count()) == (0, before)
