"""What the cast's people need beside themselves."""

from sangyu.accounts.actions import open_account
from sangyu.accounts.models import Account
from sangyu.members.models import Person
from sangyu.members.tests.cast import OPERATOR


def account_of(person: Person) -> Account:
    """The person's account, made when there is none."""
    if person.account is None:
        person.account = open_account(OPERATOR, person.initials)
        person.save(update_fields=["account"])
    return person.account
