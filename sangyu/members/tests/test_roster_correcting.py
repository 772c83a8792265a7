"""A bad row is corrected in place and comes in alone; or it is left out."""

import pytest

from sangyu.journal.actor import STRANGER
from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict, NotAllowed
from sangyu.members.actions import rosters
from sangyu.members.actions.roster_corrections import correct_line, leave_out_line, open_line
from sangyu.members.models import Membership, Person, RosterImport, RosterLine
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.roster_files import bring_in, person, receive, states
from sangyu.members.tests.workbook import number_of

pytestmark = pytest.mark.django_db
WRONG = person("牛老", 身份证号="620299194802150019", 联系电话="1390000")
RIGHT = {"id_number": number_of("19480215", "005"), "phone": "13900000009"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def wrong_row(roster: RosterImport) -> RosterLine:
    return roster.lines.select_related("roster__organization").get(state="bad")


def test_a_corrected_row_is_ready_and_keeps_its_other_texts(cast: Cast) -> None:
    roster = receive(cast, person("马老"), WRONG)
    judged = correct_line(cast.actor(cast.clerk), wrong_row(roster), RIGHT)
    assert (judged.state, judged.problems, judged.text["name"]) == ("ready", [], "牛老")
    roster.refresh_from_db()
    assert (states(roster), roster.total) == (["ready", "ready"], 2)


def test_still_wrong_the_reasons_are_new_and_nothing_typed_is_lost(cast: Cast) -> None:
    roster = receive(cast, person("马老"), WRONG)
    judged = correct_line(cast.actor(cast.clerk), wrong_row(roster), {**RIGHT, "phone": "139"})
    assert judged.state == "bad"
    assert [column for column, _ in judged.problems] == ["联系电话"]
    assert (judged.text["phone"], judged.text["id_number"]) == ("139", RIGHT["id_number"])


def test_after_the_import_the_corrected_row_comes_in_alone(cast: Cast) -> None:
    roster, clerk = bring_in(cast, person("马老"), WRONG), cast.actor(cast.clerk)
    assert roster.state == "done"
    correct_line(clerk, wrong_row(roster), RIGHT)
    roster.refresh_from_db()
    assert (roster.state, roster.total) == ("read", 1)
    rosters.apply_roster(clerk, roster)
    roster.refresh_from_db()
    assert (roster.state, states(roster)) == ("done", ["imported", "imported"])
    assert Membership.objects.filter(person__name__in=["马老", "牛老"]).count() == 2
    assert Person.objects.get(name="牛老").phone == "13900000009"


def test_corrected_into_somebody_of_another_row_it_stays_out(cast: Cast) -> None:
    roster = receive(cast, person("马老", 5), WRONG)
    judged = correct_line(cast.actor(cast.clerk), wrong_row(roster), RIGHT)
    assert judged.state == "bad"
    assert any("身份证号相同" in reason for _, reason in judged.problems)


def test_a_row_left_out_does_not_come_in_and_can_be_brought_back(cast: Cast) -> None:
    roster, clerk = receive(cast, person("马老"), WRONG), cast.actor(cast.clerk)
    line = wrong_row(roster)
    leave_out_line(clerk, line)
    assert states(roster) == ["ready", "left_out"]
    rosters.apply_roster(clerk, roster)
    assert not Person.objects.filter(name="牛老").exists()
    assert correct_line(clerk, line, RIGHT).state == "ready"


def test_leaving_out_the_last_corrected_row_ends_the_import_again(cast: Cast) -> None:
    roster, clerk = bring_in(cast, person("马老"), WRONG), cast.actor(cast.clerk)
    line = correct_line(clerk, wrong_row(roster), RIGHT)
    leave_out_line(clerk, line)
    roster.refresh_from_db()
    assert (roster.state, roster.total) == ("done", 0)


def test_the_journal_names_the_row_and_the_fields_but_no_text(cast: Cast) -> None:
    roster = receive(cast, person("马老"), WRONG)
    line, clerk = wrong_row(roster), cast.actor(cast.clerk)
    open_line(clerk, line)
    correct_line(clerk, line, RIGHT)
    opened, corrected = Entry.objects.filter(verb__startswith="members.roster_line_").order_by("id")
    assert (opened.verb, opened.detail) == ("members.roster_line_opened", {"row": 4, "line": line.pk})
    assert corrected.detail == {"row": 4, "line": line.pk, "fields": ["id_number", "phone"]}
    assert corrected.subject_id == roster.pk


def test_who_is_in_already_is_not_changed_by_it(cast: Cast) -> None:
    roster = bring_in(cast, person("马老"))
    line = roster.lines.get()
    for deed in (lambda a: correct_line(a, line, RIGHT), lambda a: leave_out_line(a, line)):
        with pytest.raises(Conflict, match="已经导入"):
            deed(cast.actor(cast.clerk))
    assert states(roster) == ["imported"]


def test_while_the_worker_has_it_nothing_is_changed(cast: Cast) -> None:
    roster, clerk = receive(cast, person("马老"), WRONG), cast.actor(cast.clerk)
    line = wrong_row(roster)
    rosters.confirm_roster(clerk, roster)
    with pytest.raises(Conflict, match="等它完成"):
        correct_line(clerk, line, RIGHT)
    assert states(roster) == ["ready", "bad"]


@pytest.mark.parametrize("who", ["secretary", "member", "other_clerk", "stranger"])
def test_who_does_not_keep_the_office_touches_no_row(cast: Cast, who: str) -> None:
    actor = STRANGER if who == "stranger" else cast.actor(getattr(cast, who))
    roster = receive(cast, person("马老"), WRONG)
    line, before = wrong_row(roster), Entry.objects.count()
    for deed in (open_line, leave_out_line, lambda a, row: correct_line(a, row, RIGHT)):
        with pytest.raises(NotAllowed):
            deed(actor, line)
    assert (states(roster), Entry.objects.count()) == (["ready", "bad"], before)


def test_what_came_in_stays_when_the_corrected_row_is_given_up(cast: Cast) -> None:
    roster, clerk = bring_in(cast, person("马老"), WRONG), cast.actor(cast.clerk)
    correct_line(clerk, wrong_row(roster), RIGHT)
    rosters.give_up_roster(clerk, roster, "经办人决定不导入。")
    roster.refresh_from_db()
    assert (roster.state, roster.refusal, states(roster)) == ("done", "经办人决定不导入。", ["imported", "ready"])
    assert Membership.objects.filter(person__name="马老").exists()
