"""An alliance of the cast's two branches, joined by their own consent."""

from datetime import date
from uuid import uuid4

from sangyu.alliances import actions
from sangyu.alliances.models import Alliance
from sangyu.members.tests.cast import Cast

JOINED = date(2019, 1, 1)


def make_alliance(cast: Cast, name: str = "支部联盟", on: date = JOINED) -> Alliance:
    bureau = cast.actor(cast.clerk)
    alliance = actions.propose_alliance(bureau, cast.office, name, [cast.branch, cast.neighbour], on, uuid4())
    for secretary in (cast.secretary, cast.neighbour_secretary):
        place = alliance.places.get(organization__line__overlap=cast.actor(secretary).realm({"secretary"}))
        actions.consent(cast.actor(secretary), place, on)
    return alliance
