"""An uploaded roster is read by the worker: rows, or a question about its columns, or a sentence why not.

Its rows may then be corrected one by one."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from sangyu.journal.actor import STRANGER
from sangyu.journal.models import Entry
from sangyu.kit.refusals import Conflict, NotAllowed
from sangyu.members import tasks
from sangyu.members.actions import organizations, roster_lines, rosters
from sangyu.members.actions.people import write_person
from sangyu.members.models import Membership, Organization, Person, RosterImport, RosterLine
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.models.roster import TEXT, seal_json
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast
from sangyu.members.tests.roster_files import NEIGHBOUR, bring_in, person, reasons, receive, roster_file, states
from sangyu.members.tests.workbook import Rows, number_of, workbook

pytestmark = pytest.mark.django_db
WRONG = person("牛老", 2, 身份证号="620299194802150019")
STRANGE = ("编制序列", "证件编码", "所属组织")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def upload(cast: Cast, content: bytes) -> RosterImport:
    return rosters.store_roster(cast.actor(cast.clerk), cast.office, "花名册.xlsx", content)


def read(cast: Cast, roster: RosterImport) -> RosterImport:
    """As the worker does."""
    tasks.read_roster_file(roster.pk, cast.clerk.pk)
    roster.refresh_from_db()
    return roster


def strange_rows(cast: Cast) -> Rows:
    return [STRANGE, ("马老", number_of("19480215"), cast.branch.name), ("牛老", number_of("19480216"), NEIGHBOUR)]


def change(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def said(office: Organization, **meanings: str) -> None:
    """What the office has said of its columns."""
    for label, field in meanings.items():
        change(
            "insert into members_rostercolumn (organization_id, label, field) values (%s, %s, %s)",
            office.pk,
            label,
            field,
        )


def restate(cast: Cast, roster: RosterImport, place: int, **texts: str) -> RosterLine:
    line = roster.lines.order_by("id")[place]
    (stated,) = roster_lines.restate_lines(cast.actor(cast.clerk), roster, {line.pk: texts})
    roster.refresh_from_db()
    return stated


def test_an_upload_is_kept_and_waits_for_the_worker(cast: Cast) -> None:
    roster = upload(cast, roster_file(person("马老"), WRONG))
    assert (roster.state, roster.lines.count(), Person.objects.filter(name="马老").count()) == ("received", 0, 0)
    assert ProcrastinateJob.objects.get(task_name=rosters.READING_TASK).args["roster_id"] == roster.pk
    read(cast, roster)
    assert (roster.state, roster.total, states(roster)) == ("read", 1, ["ready", "bad"])
    entry = Entry.objects.get(verb="members.roster_read")
    assert (entry.actor_id, entry.door, entry.detail["ready"], entry.detail["bad"]) == (cast.clerk.pk, "worker", 1, 1)


def test_read_twice_it_is_read_once(cast: Cast) -> None:
    roster = read(cast, upload(cast, roster_file(person("马老"))))
    assert states(read(cast, roster)) == ["ready"]


def test_a_file_that_cannot_be_read_ends_with_a_sentence(cast: Cast) -> None:
    content = workbook({"Sheet1": [["马老", "男"], ["牛老", "女"]]})
    roster = read(cast, upload(cast, content))
    assert (roster.state, roster.lines.count()) == ("refused", 0)
    assert "没有找到表头" in roster.refusal
    assert upload(cast, content) != roster  # corrected or not, it may be sent again


def test_given_up_while_it_is_read_it_stays_given_up(cast: Cast) -> None:
    roster = upload(cast, roster_file(person("马老")))
    rosters.give_up_roster(cast.actor(cast.clerk), roster, "经办人决定不导入。")
    assert (read(cast, roster).state, roster.lines.count()) == ("refused", 0)


def test_columns_nobody_understands_are_asked_about_and_nothing_is_lost(cast: Cast) -> None:
    roster = read(cast, upload(cast, workbook({"登记": strange_rows(cast)})))
    assert (roster.state, roster.lines.count()) == ("unclear", 0)
    (sheet,) = roster.reading["unclear"]
    assert (sheet["sheet"], sheet["header"], sheet["labels"], sheet["understood"]) == ("登记", 0, list(STRANGE), {})
    assert sheet["rows"][1] == ["马老", number_of("19480215"), cast.branch.name]


def test_what_the_office_said_of_its_columns_goes_before_what_the_reader_knows(cast: Cast) -> None:
    said(cast.office, 编制序列="name", 证件编码="id_number", 所属组织="branch", 备注="residence", 性别="")
    rows = [
        (*row, more, "不详") for row, more in zip(strange_rows(cast), ("备注（现居）", "外地", "本地"), strict=True)
    ]
    rows[0] = (*rows[0][:-1], "性别")
    roster = read(cast, upload(cast, workbook({"登记": rows})))
    assert (roster.state, states(roster)) == ("read", ["ready", "ready"])
    assert roster.reading["columns"]["登记"] == {
        "name": "编制序列", "id_number": "证件编码", "branch": "所属组织", "residence": "备注(现居)",
    }  # fmt: skip


def test_each_office_has_its_own_columns(cast: Cast) -> None:
    far = cast.actor(cast.other_clerk)
    office = Organization.objects.get(pk=far.offices[0].organization_id)
    organizations.found_organization(far, office, "文联支部", OrganizationKind.BRANCH, FOUNDED)
    said(cast.office, 编制序列="name", 证件编码="id_number", 所属组织="branch")
    said(office, 证件编码="name", 编制序列="id_number", 所属组织="branch")
    theirs = workbook({"甲": [STRANGE, (number_of("19490101"), "羊老", "文联支部")]})
    for actor, into, content in (
        (cast.actor(cast.clerk), cast.office, workbook({"登记": strange_rows(cast)})),
        (far, office, theirs),
    ):
        rosters.apply_roster(actor, rosters.receive_roster(actor, into, "a.xlsx", content))
    came = Membership.objects.filter(person__name__in=["马老", "牛老", "羊老"])
    assert {row.person.name: row.organization.line[0] for row in came} == {
        "马老": cast.office.pk, "牛老": cast.office.pk, "羊老": office.pk,
    }  # fmt: skip


def test_a_sheet_whose_other_columns_are_all_passed_over_is_skipped(cast: Cast) -> None:
    sheets = {
        "名单": [("姓名", "身份证号"), ("马老", number_of("19480215"))],
        "统计": [("姓名", "性别", "奖项"), ("甲", "男", "无")],
    }
    assert read(cast, upload(cast, workbook(sheets))).state == "unclear"
    said(cast.office, 奖项="")
    roster = RosterImport.objects.get()
    rosters.read_again(cast.actor(cast.clerk), roster)
    assert read(cast, roster).state == "read"
    assert roster.reading["skipped_sheets"] == ["统计"]


def test_a_corrected_row_is_read_like_a_files_row_and_comes_in_alone(cast: Cast) -> None:
    roster = bring_in(cast, person("马老"), WRONG, person("杨老", 3, "老年大学临时党支部"))
    before = Entry.objects.filter(verb="members.joined").count()
    line = restate(cast, roster, 1, id_number=number_of("19480215", "002"), joined_party="1971年2月")
    assert (line.state, line.text["joined_party"], line.text["name"], line.problems) == (
        "ready",
        "1971年2月",
        "牛老",
        [],
    )
    assert (roster.state, roster.total) == ("read", 1)
    rosters.apply_roster(cast.actor(cast.clerk), roster)
    assert states(roster) == ["imported", "imported", "bad"]
    assert Entry.objects.filter(verb="members.joined").count() == before + 1
    assert str(Person.objects.get(name="牛老").joined_party_on) == "1971-02-01"


def test_a_row_corrected_wrongly_says_why_anew(cast: Cast) -> None:
    roster = receive(cast, person("马老"), WRONG)
    line = restate(cast, roster, 1, id_number="12", phone="1390000")
    assert line.state == "bad"
    assert [column for column, _ in line.problems] == ["身份证号", "联系电话"]


def test_the_branch_of_the_sheet_stays_unless_it_is_corrected(cast: Cast) -> None:
    content = workbook({cast.branch.name: [("姓名", "身份证号"), ("马老", "12")]})
    roster = rosters.receive_roster(cast.actor(cast.clerk), cast.office, "a.xlsx", content)
    assert restate(cast, roster, 0, id_number=number_of("19480215")).branch == cast.branch
    assert restate(cast, roster, 0, branch=NEIGHBOUR).branch == cast.neighbour


def test_a_row_corrected_to_the_number_of_another_stays_out(cast: Cast) -> None:
    roster = receive(cast, WRONG, person("马老", 3))
    line = restate(cast, roster, 0, id_number=number_of("19480215", "003"))
    assert states(roster) == ["bad", "ready"]
    assert "第4行（马老）的身份证号相同" in line.problems[0][1]
    assert restate(cast, roster, 0, id_number=number_of("19480215", "002")).state == "ready"


def test_what_came_in_is_never_restated(cast: Cast) -> None:
    roster = bring_in(cast, person("马老"))
    line = restate(cast, roster, 0, name="马老二")
    assert (line.state, line.text["name"], Person.objects.filter(name="马老二").exists()) == ("imported", "马老", False)


def test_nothing_is_restated_while_it_comes_in_or_by_who_may_not(cast: Cast) -> None:
    roster = receive(cast, person("马老"), WRONG)
    line = roster.lines.order_by("id")[1]
    for stranger in (STRANGER, cast.actor(cast.secretary), cast.actor(cast.other_clerk)):
        with pytest.raises(NotAllowed):
            roster_lines.restate_lines(stranger, roster, {line.pk: {"name": "甲"}})
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    with pytest.raises(Conflict):
        restate(cast, roster, 1, name="甲")
    assert reasons(roster) == line.problems


def test_each_line_names_the_rows_it_wrote(cast: Cast) -> None:
    roster = bring_in(
        cast, person("马老", 1, NEIGHBOUR, 居住地="外地", 身体状况="体弱", 党内职务="委员"), person("牛老", 2)
    )
    first, second = roster.lines.order_by("id")
    (member,) = Membership.objects.filter(person__name="马老")
    told = member.person
    assert first.made == {
        "person": [told.pk],
        "membership": [member.pk],
        "circumstance": list(told.circumstances.order_by("id").values_list("pk", flat=True)),
        "appointment": list(told.appointments.values_list("pk", flat=True)),
    }
    assert len(first.made["circumstance"]) == 2 and len(first.made["appointment"]) == 1
    assert set(second.made) == {"person", "membership"}


def test_who_was_known_is_not_among_the_rows_made(cast: Cast) -> None:
    write_person(cast.actor(cast.clerk), cast.branch, "马老", id_number=number_of("19480215"))
    roster = bring_in(cast, person("马老"), person("牛老", 2))
    assert [set(line.made) for line in roster.lines.order_by("id")] == [{"membership"}, {"person", "membership"}]


def test_an_import_read_before_the_upgrade_still_comes_in(cast: Cast) -> None:
    roster = receive(cast, person("马老", 居住地="外地"))
    line = roster.lines.get()
    text = seal_json(line.text, TEXT)
    change("update members_rosterline set text_sealed = %s, number_index = null, name_index = null", text)
    rosters.apply_roster(cast.actor(cast.clerk), roster)
    came = Membership.objects.get(person__name="马老")
    assert (came.organization, came.person.circumstances.get().kind) == (cast.branch, "away")
