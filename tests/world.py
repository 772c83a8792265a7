"""A small but complete world for the browser: an office, twelve branches, an alliance with a rota and a past.

Made through the actions that pages call. It stands still at `NOW`; passwords of its people are `PASSWORD`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from sangyu.accounts import actions as accounts
from sangyu.accounts.actions import Card
from sangyu.activities.actions import planning, roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Activity, Participation
from sangyu.activities.queries import expected_at
from sangyu.alliances import actions as alliances
from sangyu.alliances import queries as alliance_queries
from sangyu.alliances.models import Alliance
from sangyu.duties.actions import adopt_rule_pack
from sangyu.duties.models import DutyRule
from sangyu.journal.actor import Actor
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.members.actions import appointments, cards, memberships, organizations, people, rosters
from sangyu.members.actions.roster_columns import map_columns
from sangyu.members.actions.roster_lines import read_lines
from sangyu.members.models import Appointment, Organization, Person, RosterImport
from sangyu.members.models.belonging import CircumstanceKind, MembershipKind, Role
from sangyu.members.models.organization import Bond, OrganizationKind
from sangyu.members.queries.people import actor_of
from sangyu.members.tests.cast import FOUNDED, OPERATOR, Cast, make_branch, make_cast, make_member
from sangyu.members.tests.workbook import number_of, workbook
from sangyu.voices import actions as voices
from sangyu.voices.models import Complaint

NOW = datetime(2026, 11, 19, 10, 0, tzinfo=SHANGHAI)
PASSWORD = "qiliuyuan2026"
SMALL = ("财政局", "教育局", "民政局", "水务局", "卫健委", "统计局", "审计局", "林草局", "档案馆")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
STEPS = (("重温入党誓词", True), ("学习文件", True), ("参观交流", False))
MINUTES = "传达了文件，大家谈了体会，议定下月去敬老院。"


@dataclass
class World:
    """Who and what is in it; everything a page's address may ask for."""

    cast: Cast
    big_branch: Organization  # thirty members
    big_secretary: Person
    alliance: Alliance
    waiting_place: int  # an invitation to another alliance that the home branch has not answered
    past: Activity  # closed by all; the home branch corrected its roll
    upcoming: Activity  # published, to come
    draft: Activity  # planned by the home branch, not published
    begun: Participation  # the home branch's own sitting has begun, its roll is open
    big_begun: Participation  # the same with thirty people
    roster: RosterImport
    unclear: RosterImport  # its columns wait for somebody to say what they mean
    imported: RosterImport  # came in by columns that somebody has explained; nothing was built on it
    complaint: Complaint  # waits for an answer
    duty: int  # the rule of the monthly theme day
    entry: int  # what the journal says about the past activity's closing
    card: Card  # not yet used, of the housebound member
    members: list[Person]  # of the big branch

    def part(self, activity: Activity, organization: Organization | None = None) -> Participation:
        return activity.participations.get(organization=organization or self.cast.branch)


def make_world() -> World:
    """Build it in the database of this connection; a few seconds."""
    with clock.at(moment(2026, 8, 3)):
        cast = make_cast()
        bureau = cast.actor(cast.clerk)
        adopt_rule_pack(OPERATOR, cast.office, FOUNDED)
        big_branch, members = _big_branch(bureau, cast.office)
        small = [_small_branch(bureau, cast.office, name, 100 + 10 * i) for i, name in enumerate(SMALL)]
        alliance = _alliance(bureau, cast, [cast.branch, cast.neighbour, *small])
        _circumstances(bureau, cast)
        _other_kinds_of_membership(bureau, cast)
    _theme_day(alliance, moment(2021, 6, 17), "庆祝建党百年")
    _theme_day(alliance, moment(2026, 9, 10), "学习全会精神")
    past = _theme_day(alliance, moment(2026, 10, 15), "看变化、谈初心")
    _correct_home_roll(cast, past)
    with clock.at(NOW - timedelta(days=2)):
        upcoming = _plan(_host(alliance, moment(2026, 11, 26)), moment(2026, 11, 26), "走进新时代", alliance)
        draft = _plan(cast.secretary, moment(2026, 12, 3), "年终组织生活会", publish=False)
        begun = _plan(cast.secretary, NOW - timedelta(hours=1), "集体学习")
        big_begun = _plan(members[0], NOW - timedelta(hours=1), "主题党日：三十人的一课")
        waiting = alliances.propose_alliance(
            bureau, cast.office, "书画联盟", [cast.branch, cast.neighbour], clock.today(), uuid4()
        )
        complaint = _voices(cast)
    with clock.at(NOW - timedelta(hours=2)):
        card = _accounts(cast, big_branch, members[0])
        people.reveal(bureau, cast.member.pk, "phone", "核对通讯录")
        roster = _roster(bureau, cast.office)
        imported = _foreign_roster(bureau, cast.office, "老同志", "证照号码")
        unclear = _foreign_roster(bureau, cast.office, "老先生", "号码", is_explained=False)
    return World(
        cast,
        big_branch,
        members[0],
        alliance,
        waiting.places.get(organization=cast.branch).pk,
        past,
        upcoming,
        draft,
        begun.participations.get(),
        big_begun.participations.get(),
        roster,
        unclear,
        imported,
        complaint,
        DutyRule.objects.get(organization=cast.office, code="theme_day").pk,
        Entry.objects.get(verb="activities.closed", subject_id=past.pk).pk,
        card,
        members,
    )


def moment(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def secretary_of(organization: Organization) -> Person:
    return Appointment.objects.get(organization=organization, role=Role.SECRETARY).person


def officer(person: Person) -> Actor:
    return actor_of(person.pk, "console")


def _big_branch(bureau: Actor, office: Organization) -> tuple[Organization, list[Person]]:
    branch = make_branch(bureau, office, "公安局离退休干部党支部")
    members = [make_member(bureau, branch, f"{surname}建国", str(500 + i)) for i, surname in enumerate(SURNAMES)]
    appointments.appoint(bureau, members[0], branch, Role.SECRETARY, FOUNDED)
    for member in members[1:4]:
        appointments.appoint(bureau, member, branch, Role.COMMITTEE, FOUNDED)
    return branch, members


def _small_branch(bureau: Actor, office: Organization, name: str, serial: int) -> Organization:
    branch = make_branch(bureau, office, f"{name}离退休干部党支部")
    members = [make_member(bureau, branch, f"{surname}明", str(serial + i)) for i, surname in enumerate(SURNAMES[:4])]
    appointments.appoint(bureau, members[0], branch, Role.SECRETARY, FOUNDED)
    return branch


def _alliance(bureau: Actor, cast: Cast, branches: list[Organization]) -> Alliance:
    start = date(2019, 1, 1)
    alliance = alliances.propose_alliance(
        bureau, cast.office, "支部联盟", branches, start, uuid4(), "小支部一起过组织生活"
    )
    for place in alliance.places.select_related("organization"):
        alliances.consent(officer(secretary_of(place.organization)), place, start)
    for year in (2021, 2026):
        alliances.make_rota(bureau, alliance, year)
    return alliance


def _circumstances(bureau: Actor, cast: Cast) -> None:
    for person in cast.members[2:4]:
        memberships.note_circumstance(bureau, person, cast.branch, CircumstanceKind.AWAY, FOUNDED)
    memberships.note_circumstance(bureau, cast.housebound, cast.branch, CircumstanceKind.HOUSEBOUND, FOUNDED)


def _other_kinds_of_membership(bureau: Actor, cast: Cast) -> None:
    """The old comrade sings in a functional group and is registered with the community at home."""
    group = organizations.found_organization(
        bureau, cast.office, "合唱功能型党小组", OrganizationKind.FUNCTIONAL_GROUP, FOUNDED, Bond.INTEREST
    )
    community = organizations.found_organization(bureau, cast.office, "建设社区", OrganizationKind.COMMUNITY, FOUNDED)
    memberships.join(bureau, cast.member, group, MembershipKind.ATTACHED, FOUNDED)
    memberships.join(bureau, cast.member, community, MembershipKind.REGISTERED, FOUNDED)


def _host(alliance: Alliance, at: datetime) -> Person:
    turn = alliance_queries.turn_of(alliance, at.date())
    assert turn is not None
    return secretary_of(turn.host)


def _plan(
    secretary: Person, at: datetime, title: str, alliance: Alliance | None = None, publish: bool = True
) -> Activity:
    actor = officer(secretary)
    host = Appointment.objects.get(person=secretary, role=Role.SECRETARY).organization
    activity = planning.plan_activity(
        actor,
        host,
        alliance,
        uuid4(),
        STEPS,
        title=title,
        kinds=["theme_day"],
        place="老干部活动中心三楼",
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        notice="请带好学习笔记，三楼有电梯。",
        chair=secretary.name,
    )
    if publish:
        planning.publish_activity(actor, activity)
    activity.refresh_from_db()
    return activity


def _theme_day(alliance: Alliance, at: datetime, title: str) -> Activity:
    """A day of the alliance, lived through: planned, published, each branch's roll called and closed."""
    with clock.at(at - timedelta(days=5)):
        activity = _plan(_host(alliance, at), at, title, alliance)
    with clock.at(at + timedelta(hours=4)):
        for part in activity.participations.select_related("organization"):
            roll.close_part(officer(secretary_of(part.organization)), part, _marks(part), part.version, "", MINUTES)
    activity.refresh_from_db()
    return activity


def _marks(part: Participation) -> dict[int, Marked]:
    """Everybody came but the last by reading, who is on leave."""
    marks = {membership.person_id: Marked("present") for membership in expected_at(part)}
    marks[list(marks)[-1]] = Marked("leave", "身体不适")
    return marks


def _correct_home_roll(cast: Cast, activity: Activity) -> None:
    part = activity.participations.get(organization=cast.branch)
    marks = {line.person_id: Marked(line.mark, line.reason) for line in part.roll.all()}
    marks[cast.housebound.pk] = Marked("sent_home")
    with clock.at(moment(2026, 10, 20)):
        roll.correct_roll(cast.actor(cast.liaison), part, marks, part.version)


def _voices(cast: Cast) -> Complaint:
    """One answered, one waiting."""
    member = officer(cast.member)
    answered = voices.complain(member, "三楼没有扶手，走不稳。", "/portal/", uuid4())
    voices.answer(officer(cast.clerk), answered, "扶手已经装好，谢谢您的提醒。")
    return voices.complain(member, "通知的字太小，看不清楚。", "/portal/record/", uuid4())


def _accounts(cast: Cast, big_branch: Organization, big_secretary: Person) -> Card:
    """Accounts for the home branch, the big branch and the office; one card of the home branch stays unused."""
    made = [
        one
        for place in (cast.branch, big_branch, cast.office)
        for one in cards.open_accounts(officer(cast.clerk), place)
    ]
    for person in (cast.member, cast.secretary, cast.liaison, cast.clerk, big_secretary):
        person.refresh_from_db()
        assert person.account is not None
        accounts.set_password(OPERATOR, person.account, PASSWORD)
    return next(one.card for one in made if one.person == cast.housebound)


def _roster(bureau: Actor, office: Organization) -> RosterImport:
    """A roster of four rows, three of them bad, looked through and not yet confirmed."""
    rows: list[list[object]] = [
        ["所在支部", "姓名", "身份证号码", "入党时间"],
        ["财政局离退休干部党支部", "顾新来", number_of("19510302", "011"), "1975年7月"],
        ["财政局离退休干部党支部", "贾错号", "620299195103020010", "1975年7月"],
        ["无此支部", "甄无处", number_of("19490102", "013"), "1971年2月30日"],
        ["气象局离退休干部党支部", "齐新支", number_of("19480102", "014"), "1971年2月"],
    ]
    content = workbook({"花名册": [list(row) for row in rows]})
    return rosters.receive_roster(bureau, office, "花名册.xlsx", content, FOUNDED)


def _foreign_roster(
    bureau: Actor, office: Organization, name: str, number: str, is_explained: bool = True
) -> RosterImport:
    """A roster with columns that nobody knows; explained by the clerk and brought in, or waiting."""
    row = ["卫健委离退休干部党支部", "黄来客", number_of("19520302", "021"), "一般"]
    content = workbook({"台账": [["归属", name, number, "爱好"], row]})
    stored = rosters.store_roster(bureau, office, "外单位台账.xlsx", content)
    stored = read_lines(bureau, stored)
    if is_explained:
        meanings = {"归属": "branch", name: "name", number: "id_number", "爱好": ""}
        map_columns(bureau, stored, meanings)
        stored = rosters.apply_roster(bureau, read_lines(bureau, stored))
    return stored
