"""The fixed cast of the tests, made through the same actions that pages call.

局工作人员 clerk of the bureau; 书记 secretary and 联络员 liaison of the home branch; 老同志 members of it; the
neighbour branch with its own secretary; another city's clerk; and a stranger.
"""

from dataclasses import dataclass
from datetime import date

from sangyu.journal.actor import STRANGER, Actor, machine
from sangyu.members.actions import appointments, memberships, organizations, people
from sangyu.members.models import Organization, Person
from sangyu.members.models.belonging import MembershipKind, PartyStatus, Role
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.queries.people import actor_of

FOUNDED = date(2018, 5, 1)
OPERATOR = machine(
    "command",
    "members.found_office",
    "members.import_roster",
    "members.read_all",
    "accounts.set_password",
    "duties.adopt_rule_pack",
    "journal.seal",
)


@dataclass
class Cast:
    """Who and where; `actor(person)` gives what they may do today."""

    office: Organization
    branch: Organization
    neighbour: Organization
    clerk: Person
    secretary: Person
    liaison: Person
    member: Person
    housebound: Person
    neighbour_secretary: Person
    other_clerk: Person
    members: list[Person]
    stranger: Actor = STRANGER

    def actor(self, person: Person, door: str = "console") -> Actor:
        return actor_of(person.pk, door, person.account_id)


def make_cast() -> Cast:
    """An office with two branches of five members each, and another office far away."""
    clerk = organizations.found_office(OPERATOR, "嘉峪关市委老干部局", "丁一", FOUNDED, phone="13000000001")
    office = Organization.objects.get(name="嘉峪关市委老干部局")
    other_clerk = organizations.found_office(OPERATOR, "酒泉市委老干部局", "卜二", FOUNDED)
    bureau = actor_of(clerk.pk, "console")
    branch = make_branch(bureau, office, "机关工委离退休干部党支部")
    neighbour = make_branch(bureau, office, "宣传部离退休干部党支部")
    members = [
        make_member(bureau, branch, name, str(i)) for i, name in enumerate(("单书记", "仇老", "曾老", "解老", "查老"))
    ]
    others = [make_member(bureau, neighbour, name, str(i + 5)) for i, name in enumerate(("邻书记", "邻甲", "邻乙"))]
    liaison = people.write_person(bureau, branch, "廖联络", phone="13000000002")
    appointments.appoint(bureau, liaison, branch, Role.LIAISON, FOUNDED)
    appointments.appoint(bureau, members[0], branch, Role.SECRETARY, FOUNDED)
    appointments.appoint(bureau, others[0], neighbour, Role.SECRETARY, FOUNDED)
    return Cast(
        office, branch, neighbour, clerk, members[0], liaison, members[1], members[4], others[0], other_clerk, members
    )


def make_branch(bureau: Actor, parent: Organization, name: str) -> Organization:
    return organizations.found_organization(bureau, parent, name, OrganizationKind.BRANCH, FOUNDED)


def make_member(bureau: Actor, branch: Organization, name: str, serial: str = "", since: date = FOUNDED) -> Person:
    """A formal member with a telephone; `serial` makes it unique."""
    person = people.write_person(bureau, branch, name, phone=f"1990000{serial or '0':0>4}", born_on=date(1950, 3, 1))
    memberships.join(bureau, person, branch, MembershipKind.FORMAL, since, PartyStatus.FULL)
    return person
