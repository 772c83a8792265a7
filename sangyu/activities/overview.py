"""An activity as its officers see it: each branch's part, and what the members of one's own branches answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery

from sangyu.activities import queries, rules
from sangyu.activities.models import Activity, ActivityState, Answer, Participation, SignUp
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.members.models import Membership, Person
from sangyu.members.models.belonging import MembershipKind


@dataclass(frozen=True, slots=True)
class PartLine:
    """One branch's part: whose it is, how it stands, how many said they come."""

    part: Participation
    is_mine: bool
    may_read: bool
    coming: int
    standing: str
    badge: str  # met, due, planned: the look of the badge


@dataclass(frozen=True, slots=True)
class Invited:
    """A member of one's own branch, with the answer in words."""

    person: Person
    branch: str
    is_coming: bool
    answer: str


def standing_of(part: Participation) -> tuple[str, str]:
    """How a part stands, in words, and the badge that goes with it."""
    if part.activity.state == ActivityState.CANCELLED:
        return "已取消", ""
    if part.is_closed:
        return "已完成点名", "met"
    if part.activity.starts_at > clock.now():
        return "还没开始", "planned"
    return ("请联络员补完" if part.handed_to_liaison else "待点名"), "due"


def own_parts(actor: Actor, activities: Sequence[Activity]) -> dict[int, list[tuple[Participation, str, str]]]:
    """By activity: the parts whose roll the actor takes, each with its standing and badge. One query."""
    own: dict[int, list[tuple[Participation, str, str]]] = defaultdict(list)
    parts = Participation.objects.filter(rules.roll_taken_by(actor), activity__in=activities)
    for part in parts.select_related("activity", "organization").order_by("organization__reading"):
        own[part.activity_id].append((part, *standing_of(part)))
    return own


def part_lines(actor: Actor, activity: Activity) -> list[PartLine]:
    """Every branch's part, one's own first. Rolls inside stay with their branch. One query."""
    lines = []
    for part in queries.parts_of(actor, activity).annotate(coming=_coming()):
        part.activity = activity
        standing, badge = standing_of(part)
        mine, read = rules.may_take_roll(actor, part), rules.may_read_part(actor, part)
        lines.append(PartLine(part, mine, read, part.coming or 0, standing, badge))
    return sorted(lines, key=lambda line: not line.is_mine)


def invited(actor: Actor, activity: Activity, parts: Sequence[Participation]) -> list[Invited]:
    """Members of the branches whose life the actor runs, those who come first, each with the answer. One query."""
    own = [part.organization_id for part in parts if rules.may_take_roll(actor, part)]
    said = SignUp.objects.filter(activity=activity, person=OuterRef("person"))
    members = (
        Membership.objects.on(clock.day_of(activity.starts_at))
        .filter(kind=MembershipKind.FORMAL, organization_id__in=own)
        .annotate(answer=Subquery(said.values("answer")), reason=Subquery(said.values("reason")))
        .select_related("person", "organization")
    )
    people = [_invited(m, m.answer, m.reason) for m in members.order_by("person__reading", "person_id")]
    return sorted(people, key=lambda one: not one.is_coming)


def _invited(member: Membership, answer: str | None, reason: str | None) -> Invited:
    words = Answer(answer).label if answer else "还没有答复"
    words = f"{words}：{reason}" if reason else words
    return Invited(member.person, member.organization.short_name, answer == Answer.COMING, words)


def _coming() -> Subquery:
    """Of a part: how many formal members of its branch on the day said they come."""
    members = Membership.objects.filter(
        organization=OuterRef("organization"),
        kind=MembershipKind.FORMAL,
        during__contains=OuterRef("on"),
        person__sign_ups__activity=OuterRef("activity"),
        person__sign_ups__answer=Answer.COMING,
    )
    return Subquery(members.order_by().values("kind").annotate(n=Count("person")).values("n"))
