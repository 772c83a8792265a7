"""The tree of organizations, one level at a time, and everybody below a place: pages that never load the whole."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from sangyu.journal.request import Request
from sangyu.kit import clock, keyset
from sangyu.kit.refusals import require
from sangyu.members.metrics import BRANCHES, FORMAL
from sangyu.members.models import Organization, Person
from sangyu.members.models.belonging import CircumstanceKind
from sangyu.members.models.organization import short_name
from sangyu.members.queries import organizations as queries
from sangyu.members.rules import OFFICERS
from sangyu.tallies.queries import stocks

ROWS = 50


def organizations(request: Request) -> HttpResponse:
    """A place with the level below it; the highest places of somebody who holds office in several."""
    require(bool(request.actor.realm(OFFICERS)))
    on, top = _day(request.GET.get("on", "")), _top(request)
    line = queries.line_seen_by(request.actor, top) if top else []
    level = queries.children_of(request.actor, top, on) if top else queries.highest_seen_by(request.actor, on)
    shown = keyset.paged(request, level, ROWS)
    rows = shown.rows
    asked = [organization.pk for organization in [*line[-1:], *rows]]
    branches, members = (stocks(request.actor, metric, asked, on) for metric in (BRANCHES, FORMAL))
    page = {
        "place": _counted(line[-1], branches, members) if line else None,
        "stands": not line or line[-1].stands_on(on),
        "above": line[:-1],
        "rows": [_counted(row, branches, members) for row in rows],
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
        "on": on,
        "is_today": on == clock.today(),
    }
    return render(request, "console/organizations.html", page)


def people_below(request: Request, organization_id: int) -> HttpResponse:
    today = clock.today()
    *above, place = queries.line_seen_by(request.actor, organization_id)
    number = stocks(request.actor, FORMAL, [place.pk], today).get(place.pk, 0)
    shown = keyset.paged(request, queries.members_below(request.actor, place, today, number), ROWS)
    page = {
        "organization": place,
        "above": above,
        "people": [_below(person) for person in shown.rows],
        "number": number,
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
    }
    return render(request, "console/people_below.html", page)


def _below(person: Any) -> tuple[Person, str, str]:
    """With the branch and the circumstances, in words."""
    return person, short_name(person.branch_name), "，".join(CircumstanceKind(kind).label for kind in person.placed_as)


def _counted(
    organization: Organization, branches: dict[int, int], members: dict[int, int]
) -> tuple[Organization, int, int]:
    """With its branches and its formal members, itself and all below."""
    return organization, branches.get(organization.pk, 0), members.get(organization.pk, 0)


def _top(request: Request) -> int:
    """The place asked for, else the only one in which the actor holds office; 0 when there are several."""
    asked, realm = request.GET.get("under", ""), request.actor.realm(OFFICERS)
    if asked.isdecimal() and len(asked) < 10:
        return int(asked)
    return realm[0] if len(realm) == 1 else 0


def _day(text: str) -> date:
    """The day in the address, today when there is none or it is no day."""
    try:
        return parse_date(text) or clock.today()
    except ValueError:
        return clock.today()
