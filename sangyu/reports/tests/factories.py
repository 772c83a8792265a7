"""What the eight figures of this stage count, in small: the cast with an alliance, a theme day and a third branch."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sangyu.activities.models import Activity
from sangyu.activities.tests.factories import close, make_activity, part_of
from sangyu.alliances.models import Alliance
from sangyu.alliances.tests.factories import make_alliance
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.members.actions import memberships, people
from sangyu.members.models import Circumstance, Organization, Person
from sangyu.members.models.belonging import CircumstanceKind, MembershipKind
from sangyu.members.tests.cast import FOUNDED, Cast, make_branch, make_cast

HELD = datetime(2020, 3, 10, 9, 0, tzinfo=SHANGHAI)


@dataclass
class Counted:
    """The records behind the figures; each can be taken back."""

    cast: Cast
    alliance: Alliance
    activity: Activity
    consultative: Organization
    high: Person
    away: Circumstance
    ill: Circumstance


def make_counted() -> Counted:
    cast = make_cast()
    bureau = cast.actor(cast.clerk)
    alliance = make_alliance(cast)
    activity = make_activity(cast, alliance, HELD)
    with clock.at(HELD + timedelta(hours=3)):
        close(cast, part_of(activity, cast.branch))
    consultative = make_branch(bureau, cast.office, "市政协办公室离退休干部党支部")
    high = people.write_person(bureau, consultative, "高老", rank="prefecture")
    memberships.join(bureau, high, consultative, MembershipKind.FORMAL, FOUNDED)
    noted = date(2018, 6, 1)
    away = memberships.note_circumstance(bureau, cast.members[2], cast.branch, CircumstanceKind.AWAY, noted)
    ill = memberships.note_circumstance(bureau, cast.housebound, cast.branch, CircumstanceKind.HOUSEBOUND, noted)
    return Counted(cast, alliance, activity, consultative, high, away, ill)
