"""A lost card: a new one lets in, the old one is dead, and nobody enters with more rights than they can give."""

import pytest

from sangyu.accounts.actions import WrongCard, use_card
from sangyu.accounts.models import Invitation
from sangyu.journal.actor import STRANGER
from sangyu.journal.models import Entry
from sangyu.kit.refusals import Gone, NotAllowed
from sangyu.members.actions.cards import open_accounts, replace_card
from sangyu.members.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize("who", ["clerk", "secretary", "liaison"])
def test_the_new_card_lets_in_and_the_old_one_no_more(cast: Cast, who: str) -> None:
    old = next(c for c in open_accounts(cast.actor(cast.clerk), cast.branch) if c.person == cast.member).card
    new = replace_card(cast.actor(getattr(cast, who)), cast.member.pk).card
    with pytest.raises(WrongCard):
        use_card(STRANGER, old.secret, old.pin)
    assert use_card(STRANGER, new.secret, new.pin).person == cast.member
    assert new.sign_in_name == old.sign_in_name


def test_somebody_without_an_account_gets_one(cast: Cast) -> None:
    card = replace_card(cast.actor(cast.liaison), cast.member.pk).card
    assert use_card(STRANGER, card.secret, card.pin).person == cast.member


def test_the_bureau_renews_the_cards_of_officers(cast: Cast) -> None:
    assert replace_card(cast.actor(cast.clerk), cast.secretary.pk).person == cast.secretary
    assert replace_card(cast.actor(cast.clerk), cast.liaison.pk).person == cast.liaison


def test_a_liaison_cannot_enter_as_the_secretary(cast: Cast) -> None:
    before = Invitation.objects.count(), Entry.objects.count()
    with pytest.raises(NotAllowed, match="老干部工作部门"):
        replace_card(cast.actor(cast.liaison), cast.secretary.pk)
    assert (Invitation.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize("who", ["neighbour_secretary", "member", "other_clerk"])
def test_nobody_else_gets_a_card_of_a_member(cast: Cast, who: str) -> None:
    before = Invitation.objects.count(), Entry.objects.count()
    with pytest.raises((NotAllowed, Gone)):
        replace_card(cast.actor(getattr(cast, who)), cast.housebound.pk)
    assert (Invitation.objects.count(), Entry.objects.count()) == before
