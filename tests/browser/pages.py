"""Every page of the site: where it is in the world, and who opens it. A page that is missing here fails the tests."""

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse

from sangyu.members.models import Person
from tests.world import World

STRANGER, NEWCOMER, MEMBER = "stranger", "newcomer", "member"
SECRETARY, LIAISON, BUREAU = "secretary", "liaison", "bureau"
OFFICERS = (SECRETARY, LIAISON)
STAFF = (SECRETARY, LIAISON, BUREAU)
ALL = (MEMBER, *STAFF)

Arguments = Callable[[World], dict[str, object]]


class Look(NamedTuple):
    """A page as some people see it; one address may be looked at in several states."""

    name: str
    roles: tuple[str, ...]
    arguments: Arguments = lambda world: {}
    query: str = ""
    state: str = ""

    def address(self, world: World) -> str:
        return reverse(self.name, kwargs=self.arguments(world)) + self.query.format(branch=world.cast.branch.pk)

    @property
    def title(self) -> str:
        return f"{self.name}{'-' + self.state if self.state else ''}"


def person_in(world: World, role: str) -> Person | None:
    cast = world.cast
    return {
        NEWCOMER: cast.members[2],
        MEMBER: cast.member,
        SECRETARY: cast.secretary,
        LIAISON: cast.liaison,
        BUREAU: cast.clerk,
    }.get(role)


def branch(world: World) -> dict[str, object]:
    return {"organization_id": world.cast.branch.pk}


def office(world: World) -> dict[str, object]:
    return {"organization_id": world.cast.office.pk}


def member(world: World) -> dict[str, object]:
    return {"person_id": world.cast.member.pk}


def upcoming(world: World) -> dict[str, object]:
    return {"activity_id": world.upcoming.pk}


def draft(world: World) -> dict[str, object]:
    return {"activity_id": world.draft.pk}


def past(world: World) -> dict[str, object]:
    return {"activity_id": world.past.pk}


def begun(world: World) -> dict[str, object]:
    return {"part_id": world.begun.pk}


def closed_part(world: World) -> dict[str, object]:
    return {"part_id": world.part(world.past).pk}


def alliance(world: World) -> dict[str, object]:
    return {"alliance_id": world.alliance.pk}


def bad_line(world: World) -> dict[str, object]:
    line = world.roster.lines.filter(state="bad").earliest("id")
    return {"roster_id": world.roster.pk, "line_id": line.pk}


PAGES = (
    Look("account_login", (STRANGER,)),
    Look("accounts:privacy", (STRANGER, MEMBER)),
    Look("accounts:card", (STRANGER,), lambda w: {"secret": w.card.secret}),
    Look("accounts:card", (STRANGER,), lambda w: {"secret": "dead"}, state="dead"),
    Look("account_logout", (MEMBER,)),
    Look("account_change_password", (MEMBER,)),
    Look("account_set_password", (NEWCOMER,)),
    Look("portal:home", ALL),
    Look("portal:record", (MEMBER, LIAISON)),
    Look("portal:about_me", (MEMBER, BUREAU)),
    Look("portal:call_liaison", (MEMBER,)),
    Look("activities:invitation", (MEMBER, SECRETARY), upcoming),
    Look("activities:invitation", (MEMBER,), past, state="past"),
    Look("voices:write", (MEMBER, BUREAU), query="?from=/portal/"),
    Look("console:home", STAFF),
    Look("activities:list", STAFF),
    Look("duties:plan", OFFICERS),
    Look("activities:activity", STAFF, upcoming),
    Look("activities:activity", (SECRETARY,), draft, state="draft"),
    Look("activities:activity", (SECRETARY, BUREAU), past, state="past"),
    Look("duties:change", OFFICERS, draft),
    Look("activities:notice", OFFICERS, upcoming),
    Look("activities:part", STAFF, begun),
    Look("activities:part", STAFF, closed_part, state="closed"),
    Look("activities:roll", OFFICERS, begun),
    Look("activities:roll", (LIAISON,), closed_part, state="closed"),
    Look("activities:sheet", OFFICERS, begun),
    Look("activities:ledgers", STAFF, branch),
    Look("console:organizations", STAFF),
    Look("console:people_below", STAFF, branch),
    Look("console:people_below", (BUREAU,), office, state="office"),
    Look("members:organization", STAFF, branch),
    Look("members:organization", (BUREAU,), office, state="office"),
    Look("members:found", (BUREAU,), office),
    Look("members:move", (BUREAU,), branch),
    Look("members:move", (BUREAU,), branch, query="?words=没有这个", state="none"),
    Look("members:register", (BUREAU,), branch),
    Look("members:appoint", (BUREAU,), branch),
    Look("members:search", STAFF),
    Look("members:search", (SECRETARY, BUREAU), query="?words=仇老", state="found"),
    Look("members:person", STAFF, member),
    Look("members:join", (BUREAU,), member),
    Look("members:replace_card", (LIAISON, BUREAU), member),
    Look("members:rosters", (BUREAU,)),
    Look("members:roster", (BUREAU,), lambda w: {"roster_id": w.roster.pk}),
    Look("members:roster", (BUREAU,), lambda w: {"roster_id": w.unclear.pk}, state="unclear"),
    Look("members:roster", (BUREAU,), lambda w: {"roster_id": w.imported.pk}, state="done"),
    Look("members:roster_columns", (BUREAU,), lambda w: {"roster_id": w.unclear.pk}),
    Look("members:taught_columns", (BUREAU,)),
    Look("members:roster_lines", (BUREAU,), lambda w: {"roster_id": w.roster.pk}),
    Look("members:roster_lines", (BUREAU,), lambda w: {"roster_id": w.imported.pk}, state="none"),
    Look("members:roster_line", (BUREAU,), bad_line),
    Look("members:roster_branches", (BUREAU,), lambda w: {"roster_id": w.imported.pk}),
    Look("members:undo_roster", (BUREAU,), lambda w: {"roster_id": w.imported.pk}),
    Look("alliances:list", STAFF),
    Look("alliances:propose", (BUREAU,)),
    Look("alliances:alliance", STAFF, alliance),
    Look("duties:rules", STAFF),
    Look("duties:rule", (BUREAU,), lambda w: {"rule_id": w.duty}),
    Look("duties:new", (BUREAU,)),
    Look("duties:kinds", (BUREAU,)),
    Look("duties:actions", (BUREAU,)),
    Look("duties:board", (BUREAU,)),
    Look("duties:board", STAFF, query="?organization={branch}", state="branch"),
    Look("voices:inbox", (BUREAU,)),
    Look("voices:answer", (BUREAU,), lambda w: {"complaint_id": w.complaint.pk}),
    Look("reports:figures", (BUREAU,)),
    Look("reports:figure", (BUREAU,), lambda w: {"figure_id": "F020"}, state="organizations"),
    Look("reports:figure", (BUREAU,), lambda w: {"figure_id": "F021"}, state="memberships"),
    Look("reports:figure", (BUREAU,), lambda w: {"figure_id": "F022"}, state="facts"),
    Look("reports:entry", (BUREAU,), lambda w: {"entry_id": w.entry}),
)

# Addresses that answer a GET with something else than a page, each with what.
NO_PAGES = {
    "home": "leads to the door of the one who comes",
    "activities:ledger": "a Word file",
    "members:roster_faults": "an Excel file",
    "members:roster_progress": "a piece of the roster's page",
    "members:rosters_under_way": "a piece of the list of rosters",
}
