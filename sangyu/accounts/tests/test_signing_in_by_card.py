"""The card: QR and six digits let in once; everything else is a sentence that says what to do."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.accounts.actions import CARD_DAYS, TRIES, Card, issue_card, open_account
from sangyu.accounts.models import Account, Invitation
from sangyu.accounts.tests.factories import stop
from sangyu.journal.actor import machine
from sangyu.journal.models import Entry
from sangyu.kit import clock

pytestmark = pytest.mark.django_db
MAKER = machine("command")


@pytest.fixture
def account() -> Account:
    return open_account(MAKER, "ql")


@pytest.fixture
def card(account: Account) -> Card:
    return issue_card(MAKER, account)


def page(card: Card) -> str:
    return reverse("accounts:card", args=[card.secret])


def wrong(card: Card) -> str:
    return "000000" if card.pin != "000000" else "111111"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_card_page_asks_for_six_digits_and_does_not_say_whose_it_is(client: Client, card: Card) -> None:
    text = client.get(page(card)).content.decode()
    assert "卡上的六位数字" in text
    assert card.sign_in_name not in text


def test_the_right_digits_let_in_once(client: Client, card: Card, account: Account) -> None:
    answer = client.post(page(card), {"pin": card.pin})
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
    assert client.session["_auth_user_id"] == str(account.pk)
    assert Entry.objects.filter(verb="accounts.card_used", subject_id=account.pk).count() == 1
    another = Client()
    assert another.post(page(card), {"pin": card.pin}).status_code == 403
    assert not is_in(another)


def test_full_width_digits_and_blanks_are_fine(client: Client, card: Card) -> None:
    full_width = " ".join(chr(ord(digit) + 0xFEE0) for digit in card.pin)
    client.post(page(card), {"pin": full_width})
    assert is_in(client)


def test_wrong_digits_are_counted_and_it_says_how_many_tries_are_left(client: Client, card: Card) -> None:
    answer = client.post(page(card), {"pin": wrong(card)})
    assert "还可以试4次" in answer.content.decode()
    assert 'name="pin"' in answer.content.decode()
    assert Invitation.objects.get().tries == 1
    assert not is_in(client)


@pytest.mark.parametrize("slip", ["", "12345", "一二三四五六", "1234567"])
def test_a_slip_that_cannot_be_a_pin_costs_no_try(client: Client, card: Card, slip: str) -> None:
    answer = client.post(page(card), {"pin": slip})
    assert "六位数字" in answer.content.decode()
    assert Invitation.objects.get().tries == 0


def test_after_five_wrong_tries_the_card_is_dead(client: Client, card: Card) -> None:
    for _ in range(TRIES):
        answer = client.post(page(card), {"pin": wrong(card)})
    assert answer.status_code == 403
    assert "输错了5次" in answer.content.decode()
    client.post(page(card), {"pin": card.pin})
    assert not is_in(client)


def test_an_expired_card_says_so_before_anything_is_typed(client: Client, card: Card) -> None:
    with clock.at(clock.now() + timedelta(days=CARD_DAYS, minutes=1)):
        answer = client.get(page(card))
        client.post(page(card), {"pin": card.pin})
    assert answer.status_code == 403
    assert "换一张" in answer.content.decode()
    assert not is_in(client)


def test_a_replaced_card_is_dead_and_the_new_one_lives(client: Client, card: Card, account: Account) -> None:
    new = issue_card(MAKER, account)
    assert client.post(page(card), {"pin": card.pin}).status_code == 403
    client.post(page(new), {"pin": new.pin})
    assert is_in(client)


def test_a_card_that_never_was_is_answered_like_a_dead_one(client: Client) -> None:
    assert client.get(reverse("accounts:card", args=["nonsense"])).status_code == 403


def test_the_card_of_a_stopped_account_does_not_let_in(client: Client, card: Card, account: Account) -> None:
    stop(account)
    assert client.post(page(card), {"pin": card.pin}).status_code == 403


@pytest.mark.parametrize("again", ["get", "post"])
def test_the_back_button_and_a_second_scan_go_home_kindly(client: Client, card: Card, again: str) -> None:
    client.post(page(card), {"pin": card.pin})
    answer = getattr(client, again)(page(card), {"pin": card.pin})
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))


def test_the_card_page_is_never_kept_by_the_browser(client: Client, card: Card) -> None:
    assert "no-store" in client.get(page(card))["Cache-Control"]


def test_the_moment_of_expiry_is_read_from_the_clock(card: Card) -> None:
    expires: datetime = Invitation.objects.get().expires_at
    assert expires - clock.now() > timedelta(days=CARD_DAYS - 1)
