"""A roster comes in: looked through first, then written whole; nobody twice."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from sangyu.journal.actor import STRANGER
from sangyu.journal.models import Entry
from sangyu.kit.refusals import NotAllowed, Refusal
from sangyu.members import tasks
from sangyu.members.actions import appointments, organizations, rosters
from sangyu.members.actions.people import write_person
from sangyu.members.models import Appointment, Membership, Person, RosterImport, RosterLine
from sangyu.members.models.belonging import Role
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.tests.cast import FOUNDED, OPERATOR, Cast, make_cast
from sangyu.members.tests.roster_files import (
    AS_OF,
    NEIGHBOUR,
    bring_in,
    person,
    reasons,
    receive,
    receive_file,
    roster_file,
    states,
)
from sangyu.members.tests.workbook import number_of, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def formal(name: str) -> Membership:
    return Membership.objects.get(person__name=name, kind="formal")


def test_looking_through_writes_nobody(cast: Cast) -> None:
    before = Person.objects.count()
    roster = receive(cast, person("马老"), person("牛老", 2, NEIGHBOUR))
    assert (states(roster), roster.total, roster.as_of) == (["ready", "ready"], 2, AS_OF)
    assert Person.objects.count() == before


def test_a_row_becomes_a_person_in_its_branch(cast: Cast) -> None:
    row = person("马老", 2, 居住地="外地（兰州）", 身体状况="体弱", 联系电话="13900000009", 转入时间="2018年5月")
    roster = bring_in(cast, row)
    membership = formal("马老")
    came = membership.person
    assert (roster.state, states(roster)) == ("done", ["imported"])
    assert (membership.organization, membership.during.lower) == (cast.branch, date(2018, 5, 1))
    assert (came.sex, came.born_on, came.born_precision) == ("female", date(1948, 2, 15), "day")
    assert (came.id_number, came.phone) == (number_of("19480215", "002"), "13900000009")
    assert set(came.circumstances.values_list("kind", flat=True)) == {"away", "frail"}
    assert {c.during.lower for c in came.circumstances.all()} == {AS_OF}
    assert RosterLine.objects.get(roster=roster).person == came


def test_membership_starts_on_the_rosters_day_where_no_other_is_written(cast: Cast) -> None:
    bring_in(cast, person("马老"))
    assert formal("马老").during.lower == AS_OF


def test_a_given_day_goes_before_the_title(cast: Cast) -> None:
    day = date(2019, 1, 1)
    roster = rosters.receive_roster(cast.actor(cast.clerk), cast.office, "a.xlsx", roster_file(person("马老")), day)
    rosters.apply_roster(cast.actor(cast.clerk), roster)
    assert formal("马老").during.lower == day


def test_posts_become_appointments(cast: Cast) -> None:
    branch = organizations.found_organization(
        cast.actor(cast.clerk), cast.office, "文联离退休干部党支部", OrganizationKind.BRANCH, FOUNDED
    )
    bring_in(cast, person("马老", 1, "文联支部", 党内职务="书记"), person("牛老", 2, "文联支部", 党内职务="组织委员"))
    held = Appointment.objects.filter(organization=branch).values_list("person__name", "role")
    assert set(held) == {("马老", "secretary"), ("牛老", "committee")}


def test_a_second_secretary_comes_in_without_the_post(cast: Cast) -> None:
    roster = bring_in(cast, person("马老", 党内职务="书记"))
    assert (states(roster), formal("马老").organization) == (["imported"], cast.branch)
    assert reasons(roster) == [("党内职务", "机关工委离退休干部党支部已有书记，请先办理离任。")]
    assert Appointment.objects.filter(organization=cast.branch, role="secretary").count() == 1


def test_wrong_rows_stay_out_and_say_why(cast: Cast) -> None:
    misread = person("牛老", 身份证号="620299194802150019")
    roster = bring_in(cast, person("马老"), misread, person("杨老", 3, "老年大学临时党支部"))
    assert states(roster) == ["imported", "bad", "bad"]
    (first, digit), (second, branch) = reasons(roster)
    assert (first, second) == ("身份证号", "所在支部")
    assert "校验码对不上" in digit
    assert branch == "没有找到支部“老年大学临时党支部”。请先在组织树中新建它，或改正支部名称"
    assert not Person.objects.filter(name__in=["牛老", "杨老"]).exists()


def test_a_branch_of_another_office_is_not_found(cast: Cast) -> None:
    far = cast.actor(cast.other_clerk)
    office = far.offices[0].organization_id
    organization = type(cast.office).objects.get(pk=office)
    roster = rosters.receive_roster(far, organization, "a.xlsx", roster_file(person("马老")))
    assert states(roster) == ["bad"]


def test_two_branches_of_one_name_are_not_guessed(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    above = organizations.found_organization(bureau, cast.office, "机关党委", OrganizationKind.COMMITTEE, FOUNDED)
    organizations.found_organization(bureau, above, cast.branch.name, OrganizationKind.BRANCH, FOUNDED)
    assert "2个支部都叫" in reasons(receive(cast, person("马老")))[0][1]


def test_rows_need_no_branch_when_the_branch_itself_is_chosen(cast: Cast) -> None:
    content = workbook({"名单": [["姓名", "身份证号"], ["马老", number_of("19480215")]]})
    bureau = cast.actor(cast.clerk)
    into_office = rosters.receive_roster(bureau, cast.office, "a.xlsx", content)
    into_branch = rosters.receive_roster(bureau, cast.branch, "a.xlsx", content)
    assert (states(into_office), states(into_branch)) == (["bad"], ["ready"])
    assert "没有写是哪个支部" in reasons(into_office)[0][1]


def test_nobody_joins_before_the_branch_was_founded(cast: Cast) -> None:
    roster = bring_in(cast, person("马老", 转入时间="2010年3月"), person("牛老", 2, 转入时间="2018年"))
    assert states(roster) == ["bad", "imported"]
    assert reasons(roster) == [
        ("转入时间", f"转入时间是2010年3月，支部“{cast.branch.name}”到2018年5月1日才成立，请核对后改正")
    ]
    assert formal("牛老").during.lower == FOUNDED


def test_a_roster_older_than_the_branch_counts_from_the_founding(cast: Cast) -> None:
    young = organizations.found_organization(
        cast.actor(cast.clerk), cast.office, "文联离退休干部党支部", OrganizationKind.BRANCH, date(2020, 3, 1)
    )
    bring_in(cast, person("马老", branch=young.name))
    assert formal("马老").during.lower == date(2020, 3, 1)


def test_known_by_number_nothing_changes(cast: Cast) -> None:
    bring_in(cast, person("马老"))
    before = Person.objects.count()
    again = bring_in(cast, person("马老", 居住地="外地"), person("牛老", 2))
    assert states(again) == ["known", "imported"]
    assert (Person.objects.count(), formal("马老").person.circumstances.count()) == (before + 1, 0)


@pytest.mark.parametrize("born", ["1950年3月", "1950", "1950.3.1"])
def test_known_by_name_and_birth_where_there_is_no_number(cast: Cast, born: str) -> None:
    content = workbook({cast.branch.name: [["姓名", "出生年月"], ["仇老", born], ["仇老", "1951年3月"]]})
    roster = rosters.receive_roster(cast.actor(cast.clerk), cast.office, "a.xlsx", content)
    assert states(roster) == ["known", "ready"]


def test_the_same_person_twice_without_a_number_comes_in_once(cast: Cast) -> None:
    rows = [["马老", "1948年2月"], ["马老", "1948.2"], ["马老", "1949.2"]]
    content = workbook({cast.branch.name: [["姓名", "出生年月"], *rows]})
    roster = rosters.receive_roster(cast.actor(cast.clerk), cast.office, "a.xlsx", content)
    assert states(roster) == ["ready", "bad", "ready"]
    assert "第2行" in reasons(roster)[0][1]


def test_the_second_row_of_one_number_points_to_the_first(cast: Cast) -> None:
    header, number = ("姓名", "身份证号"), number_of("19480215")
    sheets = {cast.branch.name: [header, ("马老", number)], NEIGHBOUR: [header, ("牛老", ""), ("马老", number.lower())]}
    roster = rosters.receive_roster(cast.actor(cast.clerk), cast.office, "a.xlsx", workbook(sheets))
    assert states(roster) == ["ready", "bad", "bad"]
    reason = f"与工作表“{cast.branch.name}”第2行（马老）的身份证号相同，请核对；是同一人就删去这一行"
    assert reasons(roster)[1] == ("身份证号", reason)


def test_who_belongs_elsewhere_has_to_be_transferred_first(cast: Cast) -> None:
    bring_in(cast, person("马老"))
    roster = receive(cast, person("马老", branch=NEIGHBOUR))
    assert states(roster) == ["bad"]
    assert reasons(roster) == [("所在支部", f"组织关系已在“{cast.branch.name}”，请先办理转出")]


def test_another_offices_branch_is_not_named(cast: Cast) -> None:
    bring_in(cast, person("马老"))
    far = cast.actor(cast.other_clerk)
    office = type(cast.office).objects.get(pk=far.offices[0].organization_id)
    organizations.found_organization(far, office, "文联支部", OrganizationKind.BRANCH, FOUNDED)
    roster = rosters.receive_roster(far, office, "a.xlsx", roster_file(person("马老", branch="文联支部")))
    assert reasons(roster) == [("所在支部", "组织关系已在另一个单位，请先办理转出")]


def test_who_is_registered_without_a_membership_joins_and_stays_one_person(cast: Cast) -> None:
    number = number_of("19480215")
    known = write_person(cast.actor(cast.clerk), cast.branch, "马老", id_number=number)
    appointments.appoint(cast.actor(cast.clerk), known, cast.branch, Role.LIAISON, FOUNDED)
    bring_in(cast, person("马老"))
    assert formal("马老").person == known


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    content = roster_file(person("马老"), person("杨老", 3, "老年大学临时党支部"))
    first = rosters.apply_roster(cast.actor(cast.clerk), receive_file(cast, content))
    before = (Person.objects.count(), Entry.objects.count(), RosterImport.objects.count(), states(first))
    again = rosters.apply_roster(cast.actor(cast.clerk), receive_file(cast, content))
    assert again == first
    assert (Person.objects.count(), Entry.objects.count(), RosterImport.objects.count(), states(again)) == before


def test_the_same_file_again_finds_a_branch_founded_since(cast: Cast) -> None:
    content = roster_file(person("马老"), person("杨老", 3, "老年大学临时党支部"))
    first = rosters.apply_roster(cast.actor(cast.clerk), receive_file(cast, content))
    organizations.found_organization(
        cast.actor(cast.clerk), cast.office, "老年大学临时党支部", OrganizationKind.BRANCH, FOUNDED
    )
    again = receive_file(cast, content)
    assert (again, again.state, states(again)) == (first, "read", ["imported", "ready"])
    assert states(rosters.apply_roster(cast.actor(cast.clerk), again)) == ["imported", "imported"]
    assert Person.objects.filter(name__in=["马老", "杨老"]).count() == 2


def test_what_changed_since_looking_through_is_seen_when_writing(cast: Cast) -> None:
    roster = receive(cast, person("马老"), person("牛老", 2))
    bring_in(cast, person("马老"), person("驴老", 5))
    done = rosters.apply_roster(cast.actor(cast.clerk), roster)
    assert states(done) == ["known", "imported"]
    assert Person.objects.filter(name="马老").count() == 1


def test_confirmed_twice_is_one_job(cast: Cast) -> None:
    roster = receive(cast, person("马老"))
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    roster.refresh_from_db()
    assert roster.state == "queued"
    assert ProcrastinateJob.objects.filter(task_name=rosters.TASK).count() == 1
    assert Entry.objects.filter(verb="members.roster_confirmed").count() == 1


def test_the_worker_brings_it_in_in_the_name_of_who_confirmed(cast: Cast) -> None:
    roster = receive(cast, person("马老"))
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    job = ProcrastinateJob.objects.get(task_name=rosters.TASK)
    tasks.apply_roster(**job.args)
    tasks.apply_roster(**job.args)
    roster.refresh_from_db()
    assert (roster.state, states(roster)) == ("done", ["imported"])
    entry = Entry.objects.get(verb="members.roster_imported")
    assert (entry.actor_id, entry.door, entry.detail["imported"]) == (cast.clerk.pk, "worker", 1)


def test_rights_lost_before_the_worker_came_keep_everybody_out(cast: Cast) -> None:
    roster = receive(cast, person("马老"))
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    office = Appointment.objects.get(person=cast.clerk)
    appointments.end_appointment(cast.actor(cast.clerk), office, date(2020, 1, 1))
    tasks.apply_roster(roster.pk, cast.clerk.pk)
    roster.refresh_from_db()
    assert (roster.state, Person.objects.filter(name="马老").exists()) == ("refused", False)
    assert "权限" in roster.refusal


def test_nothing_to_bring_in_cannot_be_confirmed(cast: Cast) -> None:
    roster = receive(cast, person("杨老", 3, "老年大学临时党支部"))
    with pytest.raises(Refusal, match="没有可以导入的人"):
        rosters.confirm_roster(cast.actor(cast.clerk), roster)


def test_given_up_it_may_be_uploaded_again(cast: Cast) -> None:
    content = roster_file(person("马老"))
    first = receive_file(cast, content)
    rosters.give_up_roster(cast.actor(cast.clerk), first, "经办人决定不导入。")
    again = receive_file(cast, content)
    assert again != first and again.state == "read"
    first.refresh_from_db()
    assert rosters.apply_roster(cast.actor(cast.clerk), first).state == "refused"


@pytest.mark.parametrize("who", ["secretary", "member", "other_clerk", "stranger"])
def test_who_does_not_keep_this_office_writes_nothing(cast: Cast, who: str) -> None:
    actor = STRANGER if who == "stranger" else cast.actor(getattr(cast, who))
    roster = receive(cast, person("马老"))
    before = Entry.objects.count()
    for deed in (
        lambda: rosters.receive_roster(actor, cast.office, "a.xlsx", roster_file(person("牛老", 2))),
        lambda: rosters.confirm_roster(actor, roster),
        lambda: rosters.apply_roster(actor, roster),
        lambda: rosters.give_up_roster(actor, roster, "不要了"),
        lambda: rosters.hand_out_faults(actor, roster),
    ):
        with pytest.raises(NotAllowed):
            deed()
    roster.refresh_from_db()
    assert (roster.state, RosterImport.objects.count(), Entry.objects.count()) == ("read", 1, before)


def test_the_operator_imports_without_being_anybody(cast: Cast) -> None:
    roster = rosters.receive_roster(OPERATOR, cast.office, "a.xlsx", roster_file(person("马老")))
    assert rosters.apply_roster(OPERATOR, roster).by is None
    assert formal("马老").organization == cast.branch


def test_looking_through_asks_the_database_as_often_for_one_row_as_for_many(cast: Cast) -> None:
    def asked(rows: int, first: int) -> int:
        people = [person(f"{'甲乙丙丁戊己庚辛壬癸'[i % 10]}{'东南西北中'[i // 10]}", first + i) for i in range(rows)]
        with CaptureQueriesContext(connection) as queries:
            receive(cast, *people)
        return len(queries)

    assert asked(1, 1) == asked(40, 100)


def test_names_and_numbers_stand_nowhere_in_clear(cast: Cast) -> None:
    wrong = person("牛老", 身份证号="620299194802150019", 联系电话="1390000")
    repeated = person("马老", 3)
    bring_in(cast, person("马老", 3, 联系电话="13900000009"), wrong, repeated)
    tables = ("members_rosterimport", "members_rosterline", "journal_entry", "procrastinate_jobs")
    with connection.cursor() as cursor:
        stored = ""
        for table in tables:
            cursor.execute(f"select coalesce(string_agg(t::text, '\n'), '') from {table} t")
            stored += cursor.fetchone()[0]
            cursor.execute(f"select * from {table}")
            raw = [bytes(value) for row in cursor for value in row if isinstance(value, memoryview | bytes)]
            stored += b" ".join(raw).decode("utf-8", "ignore")
    assert "花名册.xlsx" in stored
    for secret in ("马老", "牛老", "620299", "13900000009", "1390000", "19480215"):
        assert secret not in stored, secret
