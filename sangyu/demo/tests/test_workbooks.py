"""The demo's two rosters, read back as an office would upload them."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from sangyu.demo.people import (
    AS_OF,
    BRANCHES,
    COMMITTEE_FROM,
    CONSULTATIVE,
    SMALL_BRANCHES,
    SURNAMES,
    UNKNOWN_BRANCH,
    WORKING_COMMITTEE,
    InventedPerson,
    invent_people,
    invent_strays,
)
from sangyu.demo.workbooks import write_main_roster, write_second_roster
from sangyu.kit.identity_number import birth_date, fault, sex
from sangyu.members.roster.entry import RosterEntry
from sangyu.members.tests.workbook import Roster, read_roster

TODAY = date(2018, 6, 15)
PEOPLE = invent_people()
# One character of every given name in the sources, so that none of those people can be invented.
CHARACTERS_OF_THE_LIVING = set("年刚琦玉斌联艺友仁龙有平守廷")


@pytest.fixture(scope="module")
def main_roster(tmp_path_factory: pytest.TempPathFactory) -> Roster:
    path = tmp_path_factory.mktemp("main") / "roster.xlsx"
    write_main_roster(path)
    return read_roster(path.read_bytes(), TODAY)


@pytest.fixture(scope="module")
def second_roster(tmp_path_factory: pytest.TempPathFactory) -> Roster:
    path = tmp_path_factory.mktemp("second") / "roster.xlsx"
    write_second_roster(path)
    return read_roster(path.read_bytes(), TODAY)


def members(roster: Roster) -> list[RosterEntry]:
    """Those who come in: right rows of branches that exist. Who stands twice is found when the file is imported."""
    entries = [row.entry for row in roster.rows if row.entry and row.entry.branch in dict(BRANCHES)]
    return list({entry.id_number: entry for entry in entries}.values())


def assert_same(entry: RosterEntry, person: InventedPerson) -> None:
    for field in ("name", "sex", "id_number", "phone", "branch", "rank", "residence", "mobility", "post"):
        assert getattr(entry, field) == getattr(person, field), (person.name, field)
    assert entry.status == "full"
    assert entry.born.day == person.born
    assert entry.joined_party and f"{entry.joined_party.day:%Y%m}" == f"{person.joined_party:%Y%m}"
    assert entry.since and entry.since.day == person.since


def test_the_main_roster_brings_in_everybody_it_should(main_roster: Roster) -> None:
    expected = [person for person in PEOPLE if person.branch != CONSULTATIVE]
    found = members(main_roster)
    assert len(found) == len(expected) == 92
    for entry, person in zip(found, expected, strict=True):
        assert_same(entry, person)


def test_the_main_roster_counts_as_told(main_roster: Roster) -> None:
    counted = Counter(entry.branch for entry in members(main_roster))
    assert counted == {branch: size for branch, size in BRANCHES if branch != CONSULTATIVE}
    five = [entry for entry in members(main_roster) if entry.branch == WORKING_COMMITTEE]
    assert sum(entry.residence == "away" for entry in five) == 2
    assert sum(entry.mobility == "housebound" for entry in five if entry.residence == "here") == 1
    assert sum(entry.mobility == "housebound" for entry in five) == 1


def test_the_main_roster_is_understood(main_roster: Roster) -> None:
    assert main_roster.title == "嘉峪关市离退休干部党员花名册（截至2018年5月）"
    assert main_roster.as_of == AS_OF
    assert len(main_roster.columns["花名册"]) == 13
    assert main_roster.ignored == ("民族", "备注")


def test_the_wrong_rows_say_why(main_roster: Roster) -> None:
    misread, impossible, _ = invent_strays()
    wrong = [(row.text["name"].replace("　", ""), row.problems) for row in main_roster.rows if row.problems]
    assert [name for name, _ in wrong] == [misread.name, impossible.name]
    (number,), (day,) = (problems for _, problems in wrong)
    assert number.column == "身份证号码" and "校验码对不上" in number.reason
    assert day.column == "入党时间" and "1971年2月没有30日" in day.reason


def test_one_member_stands_twice(main_roster: Roster) -> None:
    numbers = [row.entry.id_number for row in main_roster.rows if row.entry]
    assert [number for number, times in Counter(numbers).items() if times > 1] == [PEOPLE[0].id_number]


def test_one_right_row_has_a_branch_that_nobody_knows(main_roster: Roster) -> None:
    strangers = [row.entry for row in main_roster.rows if row.entry and row.entry.branch not in dict(BRANCHES)]
    assert [entry.branch for entry in strangers] == [UNKNOWN_BRANCH]


def test_the_second_roster_is_read_whole(second_roster: Roster) -> None:
    expected = [person for person in PEOPLE if person.branch == CONSULTATIVE]
    assert len(second_roster.rows) == len(members(second_roster)) == 44
    assert second_roster.as_of == AS_OF
    for entry, person in zip(members(second_roster), expected, strict=True):
        assert_same(entry, person)
    assert sum(entry.rank == "prefecture" for entry in members(second_roster)) == 23


@pytest.mark.parametrize("seed", range(30))
def test_invented_people_are_plausible_whatever_the_seed(seed: int) -> None:
    people = (*invent_people(seed), *invent_strays(seed))
    for person in people:
        assert fault(person.id_number) is None
        assert (birth_date(person.id_number), sex(person.id_number)) == (person.born, person.sex)
        assert 61 <= (AS_OF - person.born).days / 365.25 < 87
        assert 19 <= (person.joined_party - person.born).days / 365.25 <= 41
        assert person.joined_party < person.since <= AS_OF
        assert not CHARACTERS_OF_THE_LIVING & set(person.name[1:])
    for field in ("name", "id_number", "phone"):
        assert len({getattr(person, field) for person in people}) == len(people)


@pytest.mark.parametrize("seed", range(30))
def test_each_branch_is_led_by_somebody_who_can_come(seed: int) -> None:
    people = invent_people(seed)
    for branch, size in BRANCHES:
        posts = [person for person in people if person.branch == branch and person.post]
        assert sum(person.post == "secretary" for person in posts) == 1
        assert (len(posts) > 1) == (size >= COMMITTEE_FROM)
        assert all(person.residence == "here" and person.mobility != "housebound" for person in posts)


def test_the_same_seed_gives_the_same_people() -> None:
    assert invent_people(7) == invent_people(7) != invent_people(8)


def test_the_small_branches_are_thirteen_of_three_to_six() -> None:
    assert len(SMALL_BRANCHES) == 13
    assert all(3 <= size <= 6 for _, size in SMALL_BRANCHES)
    assert {"单", "仇", "曾", "解", "查", "区"} <= set(SURNAMES)


def test_the_workbooks_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write_main_roster(first)
    write_main_roster(second)
    assert read_roster(first.read_bytes(), TODAY) == read_roster(second.read_bytes(), TODAY)
