"""Accounts in states that no page makes yet."""

from sangyu.accounts.models import Account


def stop(account: Account) -> None:
    """The account may not sign in any more."""
    account.is_active = False
    account.save(update_fields=["is_active"])
