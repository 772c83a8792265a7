"""What the cast's people need beside themselves."""

from sangyu.accounts.actions import open_account
from sangyu.accounts.models import Account
from sangyu.members.actions import rosters
from sangyu.members.models import Person, RosterImport
from sangyu.members.tests.cast import OPERATOR, Cast
from sangyu.members.tests.roster_files import Row, receive_file, roster_file


def account_of(person: Person) -> Account:
    """The person's account, made when there is none."""
    if person.account is None:
        person.account = open_account(OPERATOR, person.initials)
        person.save(update_fields=["account"])
    return person.account


def brought_in(cast: Cast, *rows: Row, content: bytes = b"") -> RosterImport:
    """An import that is done: of a file, or of some rows."""
    return rosters.apply_roster(cast.actor(cast.clerk), receive_file(cast, content or roster_file(*rows)))


def forget_what_it_wrote(roster: RosterImport) -> None:
    """As the program of before left its imports: it did not note what each row wrote."""
    roster.lines.update(made={})
