"""Opening an office from the command line, in one transaction."""

from datetime import date

from django.db import transaction

from sangyu.accounts.actions import Card
from sangyu.commands.operator import FOUNDER
from sangyu.duties import actions as duties
from sangyu.kit import clock
from sangyu.members.actions import cards, organizations
from sangyu.members.models import Organization
from sangyu.members.queries.people import actor_of


@transaction.atomic
def open_office(name: str, clerk_name: str, phone: str, founded: date) -> Card:
    """Office, first clerk, default duties, first card. Raises Conflict when there is such an office.

    `founded` may lie far back: branches and memberships of past years stand below it. Duties are owed from this month.
    """
    today = clock.today()
    clerk = organizations.found_office(FOUNDER, name, clerk_name, founded, phone, since=today)
    duties.adopt_rule_pack(FOUNDER, Organization.objects.get(name=name, parent=None), clock.month_of(today))
    return cards.replace_card(actor_of(clerk.pk, "command"), clerk.pk).card
