"""Accounts and their cards. Who may have one is decided by the areas above, which know people and rights."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from sangyu.accounts.metrics import ACCOUNT
from sangyu.accounts.models import Account, Invitation, TextSize
from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Refusal, require

TRIES = 5  # wrong PINs before a card is dead: a six-digit PIN cannot be guessed in five
CARD_DAYS = 30


class WrongCard(Refusal):
    """这张登录卡不能用了（可能已用过、已过期或已换新卡）。请联系本支部联络员换一张，换卡只要一分钟。"""

    status = 403


class WrongPin(Refusal):
    """六位数字不对，请对照登录卡再输入一次。"""


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a card. Never stored: only hashes of secret and PIN are."""

    sign_in_name: str
    secret: str
    pin: str


@transaction.atomic
def open_account(actor: Actor, initials: str) -> Account:
    """A new account that can be entered by a card only. The caller has checked the right to do so."""
    name = _free_name(initials)
    account = Account(sign_in_name=name)
    account.set_unusable_password()
    account.save()
    journal.record(actor, "accounts.opened", (ACCOUNT, account.pk))
    return account


@transaction.atomic
def issue_card(actor: Actor, account: Account, days: int = CARD_DAYS) -> Card:
    """A fresh card; an unused older one dies. The caller has checked the right to do so."""
    Account.objects.select_for_update().get(pk=account.pk)  # two clicks at once: one card after the other
    account.invitations.filter(used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=clock.now())
    secret, pin = secrets.token_urlsafe(18), f"{secrets.randbelow(1_000_000):06d}"
    Invitation.objects.create(
        account=account,
        secret_hash=_hash(secret),
        pin_hash=_hash(secret + pin),
        expires_at=clock.now() + timedelta(days=days),
    )
    journal.record(actor, "accounts.card_issued", (ACCOUNT, account.pk))
    return Card(account.sign_in_name, secret, pin)


def use_card(actor: Actor, secret: str, pin: str) -> Account:
    """The account that secret and PIN open, once. Raises WrongCard and WrongPin; a wrong PIN is counted for good."""
    with transaction.atomic():
        card = open_card(secret, lock=True)
        if hmac.compare_digest(bytes(card.pin_hash), _hash(secret + pin.strip())):
            Invitation.objects.filter(pk=card.pk).update(used_at=clock.now())
            journal.record(actor, "accounts.card_used", (ACCOUNT, card.account_id))
            return card.account
        Invitation.objects.filter(pk=card.pk).update(tries=F("tries") + 1)
    # Raised outside the transaction: the wrong try must stay counted.
    if left := TRIES - card.tries - 1:
        raise WrongPin(f"六位数字不对，请对照登录卡再输入一次。还可以试{left}次。")
    raise WrongCard(f"六位数字输错了{TRIES}次，这张登录卡已经停用。请联系本支部联络员换一张，换卡只要一分钟。")


def open_card(secret: str, lock: bool = False) -> Invitation:
    """The card that can still be used. Raises WrongCard."""
    cards = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects
    card = (
        cards.select_related("account")
        .filter(secret_hash=_hash(secret), used_at__isnull=True, revoked_at__isnull=True, tries__lt=TRIES)
        .filter(expires_at__gt=clock.now(), account__is_active=True)
        .first()
    )
    if card is None:
        raise WrongCard()
    return card


@transaction.atomic
def set_password(actor: Actor, account: Account, password: str) -> None:
    """One's own password."""
    require(actor.account_id == account.pk or actor.may("accounts.set_password"))
    account.set_password(password)
    account.save(update_fields=["password"])
    journal.record(actor, "accounts.password_set", (ACCOUNT, account.pk))


def choose_text_size(actor: Actor, size: str) -> None:
    """One's own text size on every page. A taste, not an event: not in the journal."""
    require(actor.account_id is not None)
    Account.objects.filter(pk=actor.account_id or 0).update(text_size=TextSize(size))


def _hash(text: str) -> bytes:
    """Keyed, so that a stolen table does not give away six-digit PINs."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()


def _free_name(initials: str) -> str:
    """A sign-in name that is easy to read out: initials and four digits."""
    while True:
        name = f"{initials or 'sy'}{secrets.randbelow(9000) + 1000}"
        if not Account.objects.filter(sign_in_name=name).exists():
            return name
