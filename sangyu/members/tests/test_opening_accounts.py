"""Accounts for a branch in one go: each a card, the second time none."""

import pytest

from sangyu.accounts.actions import use_card
from sangyu.accounts.models import Account, Invitation
from sangyu.journal.actor import STRANGER
from sangyu.journal.models import Entry
from sangyu.kit.refusals import NotAllowed
from sangyu.members.actions.appointments import appoint
from sangyu.members.actions.cards import open_accounts
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_each_member_and_officer_gets_a_card_that_lets_in(cast: Cast) -> None:
    cards = open_accounts(cast.actor(cast.clerk), cast.branch)
    assert {c.person for c in cards} == {*cast.members, cast.liaison}
    assert [c.person.reading for c in cards] == sorted(c.person.reading for c in cards)
    for one in cards:
        assert use_card(STRANGER, one.card.secret, one.card.pin).person == one.person


def test_pressed_twice_there_is_no_second_card(cast: Cast) -> None:
    open_accounts(cast.actor(cast.clerk), cast.branch)
    before = Account.objects.count(), Invitation.objects.count()
    assert open_accounts(cast.actor(cast.clerk), cast.branch) == []
    assert (Account.objects.count(), Invitation.objects.count()) == before


def test_secret_and_pin_are_nowhere_in_the_tables(cast: Cast) -> None:
    card = open_accounts(cast.actor(cast.clerk), cast.branch)[0].card
    kept = "".join(str(row) for row in [*Invitation.objects.values_list(), *Entry.objects.values_list("detail")])
    assert card.secret not in kept


def test_a_member_who_is_staff_further_up_gets_no_card_here(cast: Cast) -> None:
    """Or the clerk of a small office could enter as that of a big one."""
    small = appoint(cast.actor(cast.clerk), cast.member, cast.branch, "bureau", FOUNDED).person
    appoint(cast.actor(cast.clerk), cast.housebound, cast.office, "bureau", FOUNDED)
    cards = open_accounts(cast.actor(small), cast.branch)
    assert cast.housebound not in [c.person for c in cards]
    assert len(cards) == 5


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "neighbour_secretary", "other_clerk"])
def test_only_the_bureau_above_opens_accounts(cast: Cast, who: str) -> None:
    before = Account.objects.count(), Entry.objects.count()
    with pytest.raises(NotAllowed):
        open_accounts(cast.actor(getattr(cast, who)), cast.branch)
    assert (Account.objects.count(), Entry.objects.count()) == before
