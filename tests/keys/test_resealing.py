"""Everything that is sealed is sealed anew, in short steps that never stand in anybody's way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from sangyu.journal.actor import STRANGER
from sangyu.keys import actions, queries, rotation
from sangyu.keys.actions import add_new_keys, reseal
from sangyu.kit import crypto
from sangyu.kit.crypto import SEALED, SM4
from sangyu.kit.refusals import Conflict, NotAllowed
from sangyu.members.actions.appointments import register_officer
from sangyu.members.models import Organization, Person, RosterImport, RosterLine
from sangyu.members.models.belonging import Role
from sangyu.members.models.roster import CONTENT, NAME, PROBLEMS, READING, TEXT, seal_json
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast
from tests.keys.people import KEEPER, entries, index_versions, number, phone, register, told_numbers, versions

ID_NUMBER = SEALED["members_person", "id_number_sealed"]
PHONE = SEALED["members_person", "phone_sealed"]


@pytest.fixture
def cast(key_file: Path, db: None) -> Cast:
    return make_cast()


def silent(said: str, done: int) -> None:
    """Nobody watches."""


def rotate() -> rotation.Outcome:
    return rotation.reseal_everything(KEEPER, silent, patience=5)


@pytest.fixture
def in_threes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH_ROWS", 3)


def test_afterwards_nothing_needs_the_old_keys_and_everybody_reads_as_before(cast: Cast, in_threes: None) -> None:
    for serial in range(10):
        register(cast.office, serial)
    told = told_numbers()
    add_new_keys(KEEPER, SM4, with_index=True)
    outcome = rotate()
    assert outcome.whole and not outcome.faults
    assert outcome.done["members_person.id_number_sealed"] == 10
    assert (versions(), index_versions()) == ({2}, {2})
    assert told_numbers() == told


def test_a_second_run_changes_nothing(cast: Cast) -> None:
    register(cast.office, 1)
    add_new_keys(KEEPER)
    rotate()
    rows = list(Person.objects.values_list("id", "id_number_sealed", "phone_sealed").order_by("id"))
    assert not rotate().done
    assert list(Person.objects.values_list("id", "id_number_sealed", "phone_sealed").order_by("id")) == rows
    assert len(entries("keys.resealed")) == 1


def test_the_journal_tells_counts_and_nothing_else(cast: Cast) -> None:
    register(cast.office, 1)
    add_new_keys(KEEPER)
    rotate()
    (entry,) = entries("keys.resealed")
    assert '"members_person.id_number_sealed": 1' in str(entry["detail"])
    assert number(1) not in str(entry["detail"])


def test_a_batch_is_bounded_in_rows_and_in_bytes_and_goes_on_where_it_ended(
    cast: Cast, in_threes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [register(cast.office, serial) for serial in range(4)]
    add_new_keys(KEEPER)
    first = reseal(KEEPER, ID_NUMBER)
    assert (first.done, first.last) == (3, people[2].pk)
    assert reseal(KEEPER, ID_NUMBER, people[2].pk).done == 1
    assert reseal(KEEPER, ID_NUMBER, people[3].pk).last is None
    monkeypatch.setattr(actions, "BATCH_BYTES", 1)
    assert reseal(KEEPER, PHONE).done == 1


def test_rows_are_found_by_number_while_index_keys_change(cast: Cast) -> None:
    actor = cast.actor(cast.clerk)
    old = register_officer(actor, cast.branch, "人八", phone(8), Role.COMMITTEE, FOUNDED).person
    add_new_keys(KEEPER, with_index=True)
    again = register_officer(actor, cast.branch, "人八", phone(8), Role.LIAISON, FOUNDED).person
    assert again == old
    rotate()
    assert register_officer(actor, cast.branch, "人八", phone(8), Role.DEPUTY_SECRETARY, FOUNDED).person == old


def test_nobody_is_registered_twice_while_index_keys_change(cast: Cast) -> None:
    register(cast.office, 1)
    add_new_keys(KEEPER, with_index=True)
    register(cast.office, 2)
    for step in (lambda: None, lambda: reseal(KEEPER, ID_NUMBER), rotate):
        step()
        for serial in (1, 2):
            with pytest.raises(Conflict, match="已经登记过"):
                register(cast.office, serial)
    assert Person.objects.filter(name__startswith="人").count() == 2


def test_somebody_who_slipped_in_twice_is_named_and_nobody_is_lost(cast: Cast) -> None:
    first = register(cast.office, 1)
    others = [register(cast.office, serial) for serial in (2, 3)]
    add_new_keys(KEEPER, with_index=True)
    second = register(cast.office, 4)
    # As somebody leaves it who looked before the new key came and wrote after it.
    sealed = crypto.seal(crypto.keyring(), number(1), ID_NUMBER.about)
    index = crypto.blind_index(crypto.keyring(), number(1), ID_NUMBER.about)
    with connection.cursor() as cursor:
        cursor.execute(
            "update members_person set id_number_sealed = %s, id_number_index = %s where id = %s",
            [sealed, index, second.pk],
        )
    outcome = rotate()
    assert [fault for fault in outcome.faults if str(first.pk) in fault and str(second.pk) in fault] == outcome.faults
    assert len(outcome.faults) == 1 and "登记了两次" in outcome.faults[0]
    assert {Person.objects.get(pk=person.pk).id_number for person in (first, second)} == {number(1)}
    assert all(bytes(Person.objects.get(pk=other.pk).id_number_index or b"")[0] == 2 for other in others)


def test_a_row_that_does_not_open_is_named_and_left_as_it_is(cast: Cast) -> None:
    people = [register(cast.office, serial) for serial in range(3)]
    broken = b"\x01\x01" + b"?" * 40
    with connection.cursor() as cursor:
        cursor.execute("update members_person set phone_sealed = %s where id = %s", [broken, people[1].pk])
    add_new_keys(KEEPER)
    outcome = rotate()
    assert outcome.faults == [f"人员的电话：编号 {people[1].pk} 打不开，没有改动；缺少它的密钥，或内容已被改动。"]
    assert bytes(Person.objects.get(pk=people[1].pk).phone_sealed or b"") == broken
    assert [Person.objects.get(pk=people[n].pk).phone for n in (0, 2)] == [phone(0), phone(2)]


def make_roster(office: Organization) -> RosterImport:
    """A file with two rows, of which one could not be read."""
    roster = RosterImport.objects.create(
        organization=office,
        file_name="花名册.xlsx",
        digest=b"digest",
        content_sealed=crypto.seal_bytes(crypto.keyring(), b"\x00" * 100_000, CONTENT),
        reading_sealed=seal_json({"title": "花名册"}, READING),
        as_of=FOUNDED,
    )
    entry = ["人一", "", ["1950-01-01", "day"], number(1), *[""] * 9]
    for row, (known, index) in enumerate(((entry, crypto.blind_index), (None, lambda *told: None)), start=1):
        RosterLine.objects.create(
            roster=roster,
            sheet="花名册",
            number=row,
            state="ready",
            text_sealed=seal_json({"text": {"name": "人一"}, "entry": known, "branch": ""}, TEXT),
            problems_sealed=None if known else seal_json([["姓名", "没有填写"]], PROBLEMS),
            number_index=index(crypto.keyring(), number(1), ID_NUMBER.about),
            name_index=index(crypto.keyring(), "人一", NAME),
        )
    return roster


def test_rosters_are_sealed_anew_with_all_their_rows(cast: Cast) -> None:
    roster = make_roster(cast.office)
    told = [(line.contents, line.problems) for line in roster.lines.order_by("id")]
    add_new_keys(KEEPER, SM4, with_index=True)
    assert not rotate().faults
    assert (versions(), index_versions()) == ({2}, {2})
    fresh = RosterImport.objects.get(pk=roster.pk)
    assert (fresh.content, fresh.reading) == (b"\x00" * 100_000, {"title": "花名册"})
    lines = list(fresh.lines.order_by("id"))
    assert [(line.contents, line.problems) for line in lines] == told
    keys = crypto.keyring()
    assert bytes(lines[0].number_index or b"") == crypto.blind_index(keys, number(1), ID_NUMBER.about)
    assert bytes(lines[0].name_index or b"") == crypto.blind_index(keys, "人一", NAME)
    assert lines[1].number_index is None and lines[1].name_index is None


@pytest.mark.parametrize(
    "deed",
    [
        lambda: add_new_keys(STRANGER),
        lambda: reseal(STRANGER, PHONE),
        lambda: actions.record_resealing(STRANGER, crypto.keyring(), {}),
        lambda: actions.retire_old_keys(STRANGER),
        lambda: queries.holdings(STRANGER),
        lambda: queries.running_transactions(STRANGER),
    ],
)
def test_it_is_nobodys_but_the_one_who_runs_the_machine(cast: Cast, deed: Callable[[], object]) -> None:
    register(cast.office, 1)
    with pytest.raises(NotAllowed):
        deed()
    assert versions() == {1} and not entries("keys.resealed")
