"""What the portal tells a member: what is next, how they took part, what is kept about them, who acted for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sangyu.activities import queries as activities
from sangyu.activities.models import Activity, RollLine, SignUp
from sangyu.journal import queries as journal
from sangyu.journal.actor import Actor
from sangyu.journal.declare import VERBS
from sangyu.kit import clock
from sangyu.kit.partial_date import PartialDate
from sangyu.members.models import Membership, Person
from sangyu.members.queries import people

AHEAD = 3  # what is next, and two more: a page of few things
SHOWN = 10
NEAR = ("今天", "明天", "后天")


@dataclass(frozen=True, slots=True)
class Invited:
    """One activity to come: in words, how near, and what was answered."""

    activity: Activity
    what: str
    near: str
    answer: SignUp | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did in the member's name."""

    at: datetime
    by: str
    what: str


def coming_up(actor: Actor) -> list[Invited]:
    """What is next for the member (or the helped person), soonest first."""
    names = activities.kind_names()
    return [
        Invited(activity, _what(activity, names), _near(activity), activities.own_answer(activity))
        for activity in activities.invitations_of(actor)[:AHEAD]
    ]


def _what(activity: Activity, names: dict[str, str]) -> str:
    """主题党日“看变化、谈初心”; the title alone where it says the kind itself."""
    kinds = "、".join(names[code] for code in activity.kinds if code in names and names[code] not in activity.title)
    return f"{kinds}“{activity.title}”" if kinds else activity.title


def _near(activity: Activity) -> str:
    days = (clock.day_of(activity.starts_at) - clock.today()).days
    return NEAR[days] if days < len(NEAR) else ""


def years_of_record(actor: Actor) -> list[int]:
    """Years in which the member took part in something, newest first."""
    days = activities.record_of(actor).order_by().dates("participation__on", "year", order="DESC")
    return [day.year for day in days]


def record_of_year(actor: Actor, year: int) -> list[RollLine]:
    """How the member took part in one year, newest first."""
    return list(activities.record_of(actor).filter(participation__on__year=year))


def kept_about(actor: Actor, person: Person) -> Iterator[tuple[str, str]]:
    """What is kept about the person, name and value; identity number and telephone masked."""
    yield "姓名", person.name
    yield "性别", person.get_sex_display() or "未登记"
    yield "出生", _partial(person.born_on, person.born_precision)
    yield "入党时间", _partial(person.joined_party_on, person.joined_party_precision)
    yield "原职级", person.get_rank_display() or "未登记"
    yield "身份证号", person.id_number_masked
    yield "电话", person.phone_masked
    circumstances = people.circumstances_of(actor, person, clock.today())
    yield "需要照顾的情况", "、".join(one.get_kind_display() for one in circumstances) or "没有登记"


def belonging_of(actor: Actor, person: Person) -> Iterator[tuple[str, str]]:
    """Where the person belongs and what offices they hold, name and value."""
    for membership in people.memberships_of(actor, person):
        yield membership.get_kind_display(), f"{membership.organization.name}（{_during(membership)}）"
    for office in people.offices_of(actor, person):
        yield office.get_role_display(), office.organization.name


def deeds_in_name_of(actor: Actor, limit: int | None) -> list[Deed]:
    """What others did in the member's name, newest first. Two queries."""
    entries = list(journal.entries_in_name_of(actor)[:limit])
    names = dict(Person.objects.filter(pk__in={e.actor_id for e in entries}).values_list("pk", "name"))
    return [Deed(e.at, names.get(e.actor_id or 0, "工作人员"), VERBS.get(e.verb, "办理事项")) for e in entries]


def _partial(day: date | None, precision: str) -> str:
    return str(PartialDate(day, precision)) if day else "未登记"  # type: ignore[arg-type]


def _during(membership: Membership) -> str:
    since, until = membership.during.lower, membership.during.upper
    start = f"{since:%Y年%-m月%-d日}起" if since else "一直"
    return f"{start}，到{until:%Y年%-m月%-d日}前" if until else start
