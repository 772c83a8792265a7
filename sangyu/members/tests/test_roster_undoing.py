"""Undoing a whole import: all of it goes, or nothing does and everything that was built on it is told."""

from datetime import date

import pytest
from django.db import connection
from django.urls import get_resolver

from sangyu.journal.actor import STRANGER
from sangyu.journal.models import Entry, Fact
from sangyu.kit.refusals import Conflict, NotAllowed, Refusal
from sangyu.members.actions import memberships, people, rosters
from sangyu.members.actions.roster_undo import undo_roster
from sangyu.members.models import Appointment, Circumstance, Membership, Person, RosterImport
from sangyu.members.queries.roster_undo import MODELS, built_on, kind_of, made_by, references
from sangyu.members.tests.cast import OPERATOR, Cast, make_cast
from sangyu.members.tests.factories import account_of, brought_in, forget_what_it_wrote
from sangyu.members.tests.roster_files import NEIGHBOUR, person, receive_file, roster_file, states
from sangyu.members.tests.workbook import number_of
from sangyu.members.traces import TRACES

pytestmark = pytest.mark.django_db
TABLES = (Person, Membership, Appointment, Circumstance)
FRAIL = {"居住地": "外地", "身体状况": "体弱"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def rows_there() -> list[int]:
    return [table.objects.count() for table in TABLES]


def told(cast: Cast, roster: RosterImport) -> list[str]:
    """What stands in the way, in sentences."""
    actor = cast.actor(cast.clerk)
    found = built_on(actor, roster, made_by(actor, roster))
    return [trace.sentence for trace in found.traces] + found.rest


def test_everybody_and_everything_the_import_brought_goes(cast: Cast) -> None:
    before = rows_there()
    roster = brought_in(cast, person("马老", **FRAIL), person("牛老", 2, 党内职务="委员"), person("羊老", 3, NEIGHBOUR))
    assert rows_there() == [n + more for n, more in zip(before, (3, 3, 1, 2), strict=True)]
    undo_roster(cast.actor(cast.clerk), roster)
    roster.refresh_from_db()
    assert rows_there() == before
    assert (roster.state, states(roster)) == ("undone", ["undone"] * 3)
    assert not roster.lines.filter(person__isnull=False).exists()


def test_every_figure_forgets_them(cast: Cast) -> None:
    brought_in(cast, person("朱老", 9))
    roster = brought_in(cast, person("马老"), person("羊老", 3, NEIGHBOUR))
    gone = list(Membership.objects.filter(person__name__in=["马老", "羊老"]).values_list("person_id", flat=True))
    undo_roster(cast.actor(cast.clerk), roster)
    with connection.cursor() as cursor:
        cursor.execute("select person_id, sum(amount) from journal_fact where person_id = any(%s) group by 1", [gone])
        assert [int(amount) for _, amount in cursor.fetchall()] == [0, 0]
    assert Fact.objects.filter(person_id=Person.objects.get(name="朱老").pk, amount__lt=0).count() == 0


def test_the_journal_says_what_went_and_who_did_it(cast: Cast) -> None:
    roster = brought_in(cast, person("马老", **FRAIL))
    undo_roster(cast.actor(cast.clerk), roster)
    entry = Entry.objects.get(verb="members.roster_undone")
    assert (entry.actor_id, entry.subject_id, entry.organization_id) == (cast.clerk.pk, roster.pk, cast.office.pk)
    assert entry.detail == {"person": 1, "membership": 1, "appointment": 0, "circumstance": 2}


def test_who_was_known_before_stays_without_what_the_import_added(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    known = people.write_person(bureau, cast.branch, "马老", id_number=number_of("19480215"))
    memberships.note_circumstance(cast.actor(cast.secretary), known, cast.branch, "away", date(2018, 5, 3))
    people.write_person(bureau, cast.branch, "马老二")
    roster = brought_in(cast, person("马老", **FRAIL))
    undo_roster(bureau, roster)
    assert Person.objects.filter(pk=known.pk).exists()
    assert not known.memberships.exists()
    assert list(known.circumstances.values_list("kind", flat=True)) == ["away"]


def test_the_same_file_may_be_uploaded_again_and_comes_in(cast: Cast) -> None:
    content = roster_file(person("马老"))
    first = brought_in(cast, content=content)
    undo_roster(cast.actor(cast.clerk), first)
    again = brought_in(cast, content=content)
    assert again.pk != first.pk
    assert (states(again), Person.objects.filter(name="马老").count()) == (["imported"], 1)


def test_undone_twice_is_undone_once(cast: Cast) -> None:
    roster = brought_in(cast, person("马老"))
    undo_roster(cast.actor(cast.clerk), roster)
    before = Entry.objects.count()
    undo_roster(cast.actor(cast.clerk), roster)
    assert Entry.objects.count() == before


def test_when_anything_was_built_on_it_nothing_goes_and_all_of_it_is_told(cast: Cast) -> None:
    roster = brought_in(cast, person("马老"), person("牛老", 2), person("羊老", 3, NEIGHBOUR))
    bureau, came = cast.actor(cast.clerk), Person.objects.get(name="马老")
    people.reveal(bureau, came.pk, "id_number", "核对证件")
    account_of(Person.objects.get(name="牛老"))
    memberships.leave(bureau, Membership.objects.get(person__name="羊老"), date(2020, 1, 1))
    before = (rows_there(), Entry.objects.count(), states(roster))
    with pytest.raises(Conflict, match="什么都没有撤销"):
        undo_roster(bureau, roster)
    assert (rows_there(), Entry.objects.count(), states(roster)) == before
    assert set(told(cast, roster)) == {
        f"{cast.branch.name}的马老的信息已被查看1次",
        f"{cast.branch.name}的牛老已开通账号",
        f"{cast.neighbour.name}的羊老已办过1次“转出或结束组织关系”",
    }


def test_a_circumstance_that_somebody_ended_since_is_told(cast: Cast) -> None:
    roster = brought_in(cast, person("马老", **FRAIL))
    noted = Circumstance.objects.get(person__name="马老", kind="frail")
    memberships.end_circumstance(cast.actor(cast.secretary), noted, cast.branch, date(2019, 1, 1))
    assert f"{cast.branch.name}的马老有1项个人情况已被改动" in told(cast, roster)


def test_what_was_added_by_hand_is_told(cast: Cast) -> None:
    roster = brought_in(cast, person("马老"))
    came = Person.objects.get(name="马老")
    memberships.join(cast.actor(cast.clerk), came, cast.neighbour, "attached", date(2019, 1, 1))
    memberships.note_circumstance(cast.actor(cast.secretary), came, cast.branch, "frail", date(2019, 1, 1))
    assert set(told(cast, roster)) == {
        f"{cast.branch.name}的马老另有1条组织关系",
        f"{cast.branch.name}的马老另有1项个人情况",
    }


def test_another_roster_that_knows_them_stands_in_the_way_until_it_is_given_up(cast: Cast) -> None:
    roster, bureau = brought_in(cast, person("马老")), cast.actor(cast.clerk)
    other = receive_file(cast, roster_file(person("马老"), person("牛老", 2)))
    assert told(cast, roster) == [f"{cast.branch.name}的马老在别的花名册里还有1行"]
    rosters.give_up_roster(bureau, other, "经办人决定不导入。")
    undo_roster(bureau, roster)
    assert not Person.objects.filter(name="马老").exists()


def test_fifty_are_named_and_the_rest_is_counted(cast: Cast) -> None:
    names = [f"{one}{two}" for one in "甲乙丙丁戊己庚" for two in "东南西北中上下左"]
    roster = brought_in(cast, *(person(name, i + 10) for i, name in enumerate(names)))
    for came in Person.objects.filter(name__in=names):
        people.reveal(cast.actor(cast.clerk), came.pk, "id_number", "核对证件")
    sentences = told(cast, roster)
    assert len(sentences) == 51
    assert sentences[-1] == "还有6人的信息已被查看6次"


def test_an_import_from_before_its_rows_were_noted_is_refused_with_a_sentence(cast: Cast) -> None:
    roster = brought_in(cast, person("马老"))
    forget_what_it_wrote(roster)
    with pytest.raises(Refusal, match="系统升级以前导入"):
        undo_roster(cast.actor(cast.clerk), roster)
    assert Person.objects.filter(name="马老").exists()


def test_what_brought_nobody_in_has_nothing_to_undo(cast: Cast) -> None:
    roster = receive_file(cast, roster_file(person("马老")))
    with pytest.raises(Refusal, match="没有带进来"):
        undo_roster(cast.actor(cast.clerk), roster)


@pytest.mark.parametrize("who", ["secretary", "member", "other_clerk", "stranger"])
def test_who_does_not_keep_the_office_undoes_nothing(cast: Cast, who: str) -> None:
    actor = STRANGER if who == "stranger" else cast.actor(getattr(cast, who))
    roster = brought_in(cast, person("马老"))
    before = (rows_there(), Entry.objects.count())
    with pytest.raises(NotAllowed):
        undo_roster(actor, roster)
    assert (rows_there(), Entry.objects.count()) == before


def test_the_operator_undoes_without_being_anybody(cast: Cast) -> None:
    undo_roster(OPERATOR, brought_in(cast, person("马老")))
    assert not Person.objects.filter(name="马老").exists()


def test_every_reference_to_such_a_row_has_words_for_people() -> None:
    assert get_resolver().url_patterns  # every area is loaded
    kinds = {kind_of(place) for model in MODELS.values() for place in references(model)}
    assert len(kinds) > 10
    assert kinds <= set(TRACES), "say it in the area's metrics.py: traces(...)"
