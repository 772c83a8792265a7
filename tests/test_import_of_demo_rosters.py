"""The demo's two rosters, as offices keep them, come in through the importer: every person once, every bad row told."""

from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from sangyu.demo.people import (
    BRANCHES,
    CONSULTATIVE,
    CONSULTATIVE_PREFECTURE_RANKS,
    InventedPerson,
    invent_people,
    invent_strays,
)
from sangyu.demo.workbooks import write_main_roster, write_second_roster
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.members.actions import organizations, rosters
from sangyu.members.models import Appointment, Circumstance, Membership, Organization, Person, RosterImport
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.queries.people import actor_of
from sangyu.members.tests.cast import OPERATOR

pytestmark = pytest.mark.django_db
THEN = datetime(2018, 6, 15, 9, 0, tzinfo=SHANGHAI)
LONG_AGO = datetime(2010, 1, 1, tzinfo=SHANGHAI).date()


@pytest.fixture
def office() -> Organization:
    clerk = organizations.found_office(OPERATOR, "嘉峪关市委老干部局", "丁一", LONG_AGO)
    with clock.at(THEN):
        bureau = actor_of(clerk.pk, "console")
        office = Organization.objects.get(name="嘉峪关市委老干部局")
        for name, _ in BRANCHES:
            organizations.found_organization(bureau, office, name, OrganizationKind.BRANCH, LONG_AGO)
    return office


def import_both(office: Organization, folder: Path, saved: bytes = b"") -> list[RosterImport]:
    """Both files written and brought in; saved again with other bytes they are other files."""
    write_main_roster(folder / "main.xlsx")
    write_second_roster(folder / "second.xlsx")
    done = []
    with clock.at(THEN):
        for name in ("main.xlsx", "second.xlsx"):
            with ZipFile(folder / name, "a") as workbook:
                workbook.comment = saved
            roster = rosters.receive_roster(OPERATOR, office, name, (folder / name).read_bytes())
            done.append(rosters.apply_roster(OPERATOR, roster))
    return done


def test_every_invented_person_is_in_once_as_invented(office: Organization, tmp_path: Path) -> None:
    import_both(office, tmp_path)
    members = Membership.objects.select_related("person", "organization")
    told = {m.person.id_number: m for m in members}
    people = invent_people()
    assert len(told) == members.count() == len(people)
    for one in people:
        check(one, told[one.id_number])


def check(one: InventedPerson, membership: Membership) -> None:
    person = membership.person
    assert (person.name, person.sex, person.phone, person.rank) == (one.name, one.sex, one.phone, one.rank)
    assert (membership.organization.name, membership.during.lower) == (one.branch, one.since)
    placed = set(Circumstance.objects.filter(person=person).values_list("kind", flat=True))
    assert placed == {one.residence, one.mobility} - {"here", "well"}
    held = list(Appointment.objects.filter(person=person).values_list("role", flat=True))
    assert held == ([one.post] if one.post else [])


def test_the_four_bad_rows_are_told_and_stay_out(office: Organization, tmp_path: Path) -> None:
    main, second = import_both(office, tmp_path)
    bad = [problem for line in main.lines.filter(state="bad").order_by("number") for problem in line.problems]
    reasons = " ".join(reason for _, reason in bad)
    assert len(bad) == 4 and not second.lines.exclude(state="imported").exists()
    assert [word in reasons for word in ("校验码", "没有30日", "身份证号相同", "没有找到支部")] == [True] * 4
    strays = [one.name for one in invent_strays()]
    assert not Person.objects.filter(name__in=strays).exists()


def test_the_consultative_offices_ranks_are_counted_right(office: Organization, tmp_path: Path) -> None:
    import_both(office, tmp_path)
    leaders = Person.objects.filter(rank="prefecture", memberships__organization__name=CONSULTATIVE)
    assert leaders.count() == CONSULTATIVE_PREFECTURE_RANKS


def test_the_same_people_in_files_written_anew_change_nothing(office: Organization, tmp_path: Path) -> None:
    import_both(office, tmp_path)
    before = Person.objects.count(), Membership.objects.count(), Appointment.objects.count()
    main, second = import_both(office, tmp_path, b"again")
    assert (Person.objects.count(), Membership.objects.count(), Appointment.objects.count()) == before
    assert {line.state for roster in (main, second) for line in roster.lines.all()} == {"known", "bad"}
    assert main.lines.filter(state="bad").count() == 4
