"""What the bureau sees first: how many branches want help, and what waits for an answer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.urls import reverse

from sangyu.alliances.models import Place
from sangyu.alliances.queries import alliances_seen_by
from sangyu.duties.queries import Standing, owed_now, with_bodies
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.members.models import Organization
from sangyu.members.models.roster import ImportState
from sangyu.members.queries.rosters import rosters_seen_by
from sangyu.members.rules import BUREAU
from sangyu.tallies.reach import branches_reached
from sangyu.voices.queries import inbox

MOST = 100  # branches whose duties are computed while somebody waits for the page


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its words and the page that opens it."""

    number: int
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How many branches there are, what waits; whether there are too many to tell here how each stands."""

    branches: int
    numbers: list[Number]
    is_too_many: bool


def summary_for(actor: Actor, on: date) -> Summary:
    """What the bureau's branches want. Four queries for up to a hundred branches, three for any number of them."""
    waiting = _waiting(actor)
    found = Organization.objects.within(actor, BUREAU).branches().standing(on)
    branches = list(with_bodies(found, on)[: MOST + 1])
    if len(branches) <= MOST:
        return Summary(len(branches), [*_standings(actor, branches, on), *waiting], False)
    return Summary(branches_reached(actor, BUREAU, on), waiting, True)


def _standings(actor: Actor, branches: list[Organization], on: date) -> list[Number]:
    owed = owed_now(actor, branches, on)
    late = {item.organization.pk for item in owed if item.standing == Standing.LATE}
    month = {
        item.organization.pk for item in owed if item.standing != Standing.LATE and item.due_on <= clock.last_day(on)
    }
    return [
        Number(len(late), "个支部有逾期事项", reverse("duties:board")),
        Number(len(month), "个支部本月还有事要办", reverse("duties:board")),
    ]


def _waiting(actor: Actor) -> list[Number]:
    """What waits for an answer, in one query."""
    asked = Place.objects.filter(during__isnull=True, alliance__in=alliances_seen_by(actor).order_by().values("pk"))
    rosters = rosters_seen_by(actor).filter(state=ImportState.READ)
    each = (_counted(asked, 0), _counted(inbox(actor).waiting(), 1), _counted(rosters, 2))
    first, *others = each
    found = dict(first.union(*others, all=True).values_list("which", "number"))
    return [
        Number(found.get(0, 0), "份联盟邀请等支部答复", reverse("alliances:list")),
        Number(found.get(1, 0), "条投诉与建议等答复", reverse("voices:inbox")),
        Number(found.get(2, 0), "份花名册等确认", reverse("members:rosters")),
    ]


def _counted(rows: QuerySet[Any], which: int) -> QuerySet[Any, Any]:
    counted: QuerySet[Any, Any] = (
        rows.order_by().annotate(which=Value(which)).values("which").annotate(number=Count("pk"))
    )
    return counted
