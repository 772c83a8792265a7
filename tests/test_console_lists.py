"""Every list of the console: one page of rows is read and shown, and as few questions are asked for many rows as for
few. At most eight, with those for the session, the account and the actor; a page that is not told here fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sangyu.activities.models import Activity, Participation
from sangyu.activities.tests.factories import NINE, make_activity
from sangyu.alliances.models import Alliance, Place
from sangyu.duties.actions import adopt_rule_pack
from sangyu.kit import clock
from sangyu.members.models import Membership, Organization, Person, RosterImport
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.models.roster import ImportState
from sangyu.members.tests.cast import FOUNDED, OPERATOR, Cast, make_cast, make_member
from sangyu.members.tests.signing_in import signed_in
from sangyu.voices.models import Complaint
from tests.browser.pages import PAGES
from tests.house.doors import doors

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8
NUMBERS = count(1)
NOW = NINE + timedelta(days=16)


def branches(cast: Cast, number: int) -> list[Organization]:
    """More branches of the office, as they would stand there."""
    made = []
    for _ in range(number):
        name = f"第{next(NUMBERS)}支部"
        made.append(
            Organization(name=name, kind="branch", parent=cast.office, founded_on=FOUNDED, reading=f"di {name}")
        )
    for branch in Organization.objects.bulk_create(made):
        branch.line = [cast.office.pk, branch.pk]
    Organization.objects.bulk_update(made, ["line"])
    return made


def members(cast: Cast, number: int) -> None:
    """More members of the home branch, among them some living away."""
    people = [
        Person(name="王建国", reading="wang jian guo", initials="wjg", grams=["王建", "建国"]) for _ in range(number)
    ]
    for person in Person.objects.bulk_create(people):
        person.circumstances.create(kind="away", during=(FOUNDED, None))
    Membership.objects.bulk_create(
        Membership(person=person, organization=cast.branch, kind=MembershipKind.FORMAL, during=(FOUNDED, None))
        for person in people
    )


def activities(cast: Cast, number: int) -> None:
    """More sittings of the home branch whose roll is open."""
    make_activity(cast)
    made = [
        Activity(
            title=f"第{next(NUMBERS)}次学习",
            kinds=["theme_day"],
            host=cast.branch,
            starts_at=NINE + timedelta(hours=hour),
            ends_at=NINE + timedelta(hours=hour + 1),
            place="会议室",
            state="published",
            token=uuid4(),
        )
        for hour in range(number)
    ]
    Participation.objects.bulk_create(
        Participation(activity=activity, organization=cast.branch, on=NINE.date())
        for activity in Activity.objects.bulk_create(made)
    )


def alliances(cast: Cast, number: int) -> None:
    made = Alliance.objects.bulk_create(
        Alliance(name=f"第{next(NUMBERS)}联盟", convener=cast.office, proposed_on=FOUNDED, token=uuid4())
        for _ in range(number)
    )
    Place.objects.bulk_create(
        Place(alliance=alliance, organization=cast.branch, invited_on=FOUNDED, during=(FOUNDED, None))
        for alliance in made
    )


def places(cast: Cast, number: int) -> None:
    """More members of the first alliance, and as many who have not answered."""
    alliance = first_alliance(cast)
    for during in ((FOUNDED, None), None):
        Place.objects.bulk_create(
            Place(alliance=alliance, organization=branch, invited_on=FOUNDED, during=during)
            for branch in branches(cast, number)
        )


def first_alliance(cast: Cast) -> Alliance:
    found, _ = Alliance.objects.get_or_create(
        name="支部联盟", convener=cast.office, defaults={"proposed_on": FOUNDED, "token": uuid4()}
    )
    return found


def complaints(cast: Cast, number: int) -> None:
    """More that wait, and as many answered."""
    for answered in (None, NINE):
        Complaint.objects.bulk_create(
            Complaint(
                person=cast.member,
                by=cast.member,
                organization=cast.branch,
                text="字太小。",
                at=NINE,
                answer="改了。" if answered else "",
                answered_at=answered,
                answered_by=cast.clerk if answered else None,
                token=uuid4(),
            )
            for _ in range(number)
        )


def rosters(cast: Cast, number: int) -> None:
    RosterImport.objects.bulk_create(
        RosterImport(
            organization=cast.office,
            file_name="花名册.xlsx",
            digest=uuid4().bytes,
            content_sealed=b"x",
            reading_sealed=b"x",
            as_of=FOUNDED,
            state=ImportState.READ,
        )
        for _ in range(number)
    )


@dataclass(frozen=True)
class Lists:
    """A page, who opens it, what fills it, by what a row is known in it, and how many rows a page of it has."""

    name: str
    who: str
    fill: Callable[[Cast, int], Any]
    row: str
    most: int
    query: str = ""
    about: Callable[[Cast], int] | None = None

    def address(self, cast: Cast) -> str:
        return reverse(self.name, args=[self.about(cast)] if self.about else []) + self.query


def the_branch(cast: Cast) -> int:
    return cast.branch.pk


def the_office(cast: Cast) -> int:
    return cast.office.pk


def the_alliance(cast: Cast) -> int:
    return first_alliance(cast).pk


ROW, CARD = '<th scope="row">', '<article class="card">'
LISTS = (
    Lists("console:home", "clerk", branches, '<a class="figure"', 5),
    Lists("console:organizations", "clerk", branches, "<li><a href", 80),
    Lists("console:people_below", "clerk", members, ROW, 50, about=the_office),
    Lists("console:people_below", "secretary", members, ROW, 50, about=the_branch),
    Lists("members:organization", "clerk", members, 'data-label="党员类别"', 100, about=the_branch),
    Lists("members:organization", "secretary", members, 'data-label="党员类别"', 100, about=the_branch),
    Lists("members:search", "clerk", members, ROW, 50, query="?words=wjg"),
    Lists("activities:list", "secretary", activities, CARD, 20),
    Lists("activities:list", "clerk", activities, CARD, 20),
    Lists("alliances:list", "clerk", alliances, "成员支部", 50),
    Lists("alliances:list", "secretary", alliances, "成员支部", 50),
    Lists("alliances:alliance", "clerk", places, 'data-label="加入日期"', 50, about=the_alliance),
    Lists("duties:board", "clerk", branches, ROW, 50),
    Lists("duties:board", "clerk", branches, ROW, 100, query="?standing=late"),
    Lists("members:rosters", "clerk", rosters, ROW, 20),
    Lists("voices:inbox", "clerk", complaints, CARD, 60),
    Lists("voices:inbox", "clerk", complaints, CARD, 50, query="?answered=1"),
)

# Console pages whose rows are shown whole, each with what bounds them.
WHOLE = {
    "activities:activity": "the branches of one alliance, the members of one branch",
    "activities:ledgers": "twelve months",
    "activities:part": "the members of one branch",
    "activities:roll": "the members of one branch: a roll is called as a whole",
    "activities:sheet": "the members of one branch: a sheet is printed as a whole",
    "duties:rules": "the rules set at or above one place",
    "duties:kinds": "the kinds of activities that a city has",
    "members:person": "what one person belonged to",
    "reports:figures": "the figures of the documents",
    "reports:entry": "one entry, its facts and at most a page of what was done to the same record",
}
# Pages that other tests hold to the same.
ELSEWHERE = {
    "members:roster",
    "members:roster_branches",
    "members:roster_lines",
    "members:taught_columns",
    "reports:figure",
}
# Forms and sheets that list nothing but what can be chosen.
FORMS = {
    "activities:notice",
    "alliances:propose",
    "duties:actions",
    "duties:change",
    "duties:new",
    "duties:plan",
    "duties:rule",
    "members:appoint",
    "members:found",
    "members:move",
    "members:join",
    "members:register",
    "members:replace_card",
    "members:roster_columns",
    "members:roster_line",
    "members:undo_roster",
    "voices:answer",
}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_rule_pack(OPERATOR, cast.office, FOUNDED)
    return cast


def asked(cast: Cast, shown: Lists) -> tuple[list[str], str]:
    """What the page asks the database, and what it shows."""
    client, address = signed_in(getattr(cast, shown.who)), shown.address(cast)
    with clock.at(NOW), CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return [query["sql"] for query in queries], response.content.decode()


@pytest.mark.parametrize("shown", LISTS, ids=[f"{one.name}{one.query}-{one.who}" for one in LISTS])
def test_many_rows_cost_no_more_questions_than_few(cast: Cast, shown: Lists) -> None:
    shown.fill(cast, 2)
    few, _ = asked(cast, shown)
    shown.fill(cast, shown.most)
    many, page = asked(cast, shown)
    assert len(few) <= MOST_QUERIES and len(many) <= MOST_QUERIES, "\n".join([str(len(many)), *many])
    assert len(many) <= len(few) or shown.name == "console:home", "\n".join([*few, "", *many])
    assert page.count(shown.row) <= shown.most, page.count(shown.row)


@pytest.mark.parametrize("who", ["secretary", "liaison"])
def test_what_is_due_costs_the_same_however_much_it_is(cast: Cast, who: str) -> None:
    home = Lists("console:home", who, activities, CARD, 1000)
    activities(cast, 2)
    few, _ = asked(cast, home)
    activities(cast, 30)
    many, _ = asked(cast, home)
    assert len(few) == len(many) <= MOST_QUERIES, "\n".join(many)


def test_two_hundred_branches_are_too_many_to_tell_how_each_stands(cast: Cast) -> None:
    branches(cast, 200)
    shown = next(one for one in LISTS if one.name == "console:home")
    _, page = asked(cast, shown)
    assert "支部很多" in page and "个支部有逾期事项" not in page


def test_no_list_is_forgotten() -> None:
    told = {one.name for one in LISTS} | set(WHOLE) | ELSEWHERE | FORMS
    there = {look.name for look in PAGES if is_console(look.name)}
    assert there == told, f"not told: {there - told}; gone: {told - there}"


def is_console(name: str) -> bool:
    door = next(door for door in doors() if door.name == name)
    samples = {"int": 1, "string": "x"}
    address = reverse(name, kwargs={argument: samples[kind] for argument, kind in door.arguments.items()})
    return address.startswith("/console/")


def test_everybody_below_is_told_to_those_who_see_the_place_only(cast: Cast) -> None:
    make_member(cast.actor(cast.clerk), cast.neighbour, "邻丙", "77")
    office, branch = (reverse("console:people_below", args=[place.pk]) for place in (cast.office, cast.branch))
    shown = signed_in(cast.clerk).get(office).content.decode()
    assert "全部党员（9名）" in shown and "仇老" in shown and "邻丙" in shown and cast.member.phone not in shown
    own = signed_in(cast.secretary).get(branch).content.decode()
    assert "全部党员（5名）" in own and "邻甲" not in own
    for who in (cast.secretary, cast.neighbour_secretary, cast.other_clerk, cast.member):
        assert signed_in(who).get(office).status_code == 404
    for who in (cast.neighbour_secretary, cast.other_clerk, cast.member):
        assert signed_in(who).get(branch).status_code == 404


def test_the_tree_counts_at_any_date_one_level_at_a_time(cast: Cast) -> None:
    address, bureau = reverse("console:organizations"), signed_in(cast.clerk)
    shown = bureau.get(address).content.decode()
    assert "党支部2个，党员8名" in shown and "党员5名" in shown and "党员3名" in shown
    assert "这一天还没有组织" in bureau.get(address, {"on": "2018-04-30"}).content.decode()
    assert "党支部2个，党员8名" in bureau.get(address, {"on": "随便"}).content.decode()


def test_in_the_tree_one_goes_no_higher_than_ones_office(cast: Cast) -> None:
    address = reverse("console:organizations")
    for who in (cast.secretary, cast.other_clerk):
        assert signed_in(who).get(address, {"under": cast.office.pk}).status_code == 404
    own = signed_in(cast.secretary).get(address).content.decode()
    assert cast.branch.name in own and cast.office.name not in own and cast.neighbour.name not in own
    assert signed_in(cast.member).get(address).status_code == 403


def test_standing_is_told_alike_to_a_row_and_to_the_database(cast: Cast) -> None:
    dissolved = branches(cast, 1)[0]
    dissolved.dissolved_on = NOW.date()
    Organization.objects.bulk_update([dissolved], ["dissolved_on"])
    for day in (FOUNDED - timedelta(days=1), FOUNDED, NOW.date() - timedelta(days=1), NOW.date()):
        told = {one.pk for one in Organization.objects.all() if one.stands_on(day)}
        assert told == set(Organization.objects.standing(day).values_list("pk", flat=True)), day


def test_below_below_there_is_a_way_up_again(cast: Cast) -> None:
    """A place below an office that one does not hold is reached by its superior only, with the way up to the own."""
    county = branches(cast, 1)[0]
    Organization.objects.filter(pk=county.pk).update(kind="committee")
    leaf = Organization.objects.create(
        name="县里的支部", kind="branch", parent=county, founded_on=FOUNDED, reading="xian", line=[*county.line]
    )
    Organization.objects.filter(pk=leaf.pk).update(line=[*county.line, leaf.pk])
    address = reverse("console:organizations")
    top = signed_in(cast.clerk).get(address).content.decode()
    assert f"?under={county.pk}" in top and leaf.name not in top
    level = signed_in(cast.clerk).get(address, {"under": county.pk}).content.decode()
    assert leaf.name in level and f"?under={cast.office.pk}" in level
    assert signed_in(cast.other_clerk).get(address, {"under": county.pk}).status_code == 404
