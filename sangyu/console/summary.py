"""What the bureau sees first: how many branches want help, and what waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from sangyu.alliances.models import Place
from sangyu.alliances.queries import alliances_seen_by
from sangyu.duties.queries import Standing, owed_now
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.members.models import Organization
from sangyu.members.models.roster import ImportState
from sangyu.members.queries.rosters import rosters_seen_by
from sangyu.members.rules import BUREAU
from sangyu.voices.queries import inbox


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its words and the page that opens it."""

    number: int
    words: str
    url: str


def branches_of(actor: Actor, on: date) -> list[Organization]:
    """The branches of the bureau, standing that day."""
    return list(Organization.objects.within(actor, BUREAU).branches().standing(on))


def numbers_for(actor: Actor, branches: Sequence[Organization], on: date) -> list[Number]:
    """Nine queries, however many branches."""
    owed = owed_now(actor, branches, on)
    late = {item.organization.pk for item in owed if item.standing == Standing.LATE}
    month = {
        item.organization.pk for item in owed if item.standing != Standing.LATE and item.due_on <= clock.last_day(on)
    }
    asked = Place.objects.filter(during__isnull=True, alliance__in=alliances_seen_by(actor).values("pk"))
    rosters = rosters_seen_by(actor).filter(state=ImportState.READ)
    return [
        Number(len(late), "个支部有逾期事项", reverse("duties:board")),
        Number(len(month), "个支部本月还有事要办", reverse("duties:board")),
        Number(asked.count(), "份联盟邀请等支部答复", reverse("alliances:list")),
        Number(inbox(actor).waiting().count(), "条投诉与建议等答复", reverse("voices:inbox")),
        Number(rosters.count(), "份花名册等确认", reverse("members:rosters")),
    ]
