"""What the bureau does with a roster at its desk, by page: says columns, corrects rows, undoes an import."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sangyu.journal.models import Entry
from sangyu.members import tasks
from sangyu.members.actions import people, rosters
from sangyu.members.models import Person, RosterColumn, RosterImport, RosterLine
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.factories import brought_in
from sangyu.members.tests.roster_files import BRANCH, person, receive
from sangyu.members.tests.signing_in import signed_in
from sangyu.members.tests.workbook import number_of, workbook

pytestmark = pytest.mark.django_db
NUMBER = number_of("19480215", "005")
WRONG = person("牛老", 身份证号="620299194802150019", 联系电话="13900000009")
HEADER = ["老同志", "证照号", "归属"]
CHOICES = {"column_0": "name", "column_1": "id_number", "column_2": "branch"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def text(response: HttpResponse) -> str:
    return response.content.decode()


def unclear(cast: Cast, *above: list[str]) -> RosterImport:
    content = workbook({"名单": [*above, HEADER, ["马老", NUMBER, BRANCH]]})
    stored = rosters.store_roster(cast.actor(cast.clerk), cast.office, "台账.xlsx", content)
    tasks.read_roster_file(stored.pk, cast.clerk.pk)
    return stored


def line_page(line: RosterLine, name: str = "roster_line") -> str:
    return reverse(f"members:{name}", args=[line.roster_id, line.pk])


def bad_line(roster: RosterImport) -> RosterLine:
    return roster.lines.get(state="bad")


def bad_lines(roster: RosterImport) -> int:
    return roster.lines.filter(state="bad").count()


def corrected(line: RosterLine, **texts: str) -> dict[str, str]:
    return {**line.text, **texts}


def test_an_unclear_file_shows_its_first_rows_and_asks_what_each_column_is(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), unclear(cast)
    page = text(clerk.get(reverse("members:roster", args=[roster.pk])))
    assert "指定各列是什么" in page and "确认导入" not in page
    page = text(clerk.get(reverse("members:roster_columns", args=[roster.pk])))
    assert "“证照号”这一列是" in page and "不需要" in page and "马老" in page
    assert NUMBER not in page and "620****" in page  # to tell columns apart nobody has to read numbers


def test_the_answer_is_remembered_and_the_file_read_again(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), unclear(cast)
    answer = clerk.post(reverse("members:roster_columns", args=[roster.pk]), CHOICES, follow=True)
    assert "记住了这些列名" in text(answer) and "很快开始读取" in text(answer)
    tasks.read_roster_file(roster.pk, cast.clerk.pk)
    assert "确认导入1人" in text(clerk.get(reverse("members:roster", args=[roster.pk])))
    taught = text(clerk.get(reverse("members:taught_columns")))
    assert "证照号" in taught and "身份证号" in taught
    column = RosterColumn.objects.get(label="归属")
    assert "忘掉了“归属”" in text(clerk.post(reverse("members:forget_column", args=[column.pk]), follow=True))


def test_what_cannot_be_meant_is_told_and_the_choices_stay(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), unclear(cast)
    page = text(clerk.post(reverse("members:roster_columns", args=[roster.pk]), {**CHOICES, "column_1": "none"}))
    assert "至少要指出哪一列是姓名" in page and '<option value="name" selected>' in page
    assert not RosterColumn.objects.exists()


def test_another_row_can_be_chosen_for_the_header(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), unclear(cast, ["甲乙", "丙丁", "戊己"])
    address = reverse("members:roster_columns", args=[roster.pk])
    assert "“证照号”这一列是" in text(clerk.get(f"{address}?sheet=名单&header=2"))
    page = text(clerk.post(f"{address}?sheet=名单&header=2", CHOICES, follow=True))
    assert "记住了这些列名" in page


def test_a_row_shows_its_faults_first_and_the_look_is_recorded_once_per_opening(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), receive(cast, person("马老"), WRONG)
    line = bad_line(roster)
    page = text(clerk.get(line_page(line)))
    assert "校验码对不上" in page and "620299194802150019" in page and "13900000009" in page
    assert page.index("620299194802150019") < page.index("13900000009")
    assert Entry.objects.filter(verb="members.roster_line_opened", actor_id=cast.clerk.pk).count() == 1


def test_corrected_it_is_ready_and_the_list_offers_to_bring_it_in(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), brought_in(cast, person("马老"), WRONG)
    line = bad_line(roster)
    page = text(clerk.post(line_page(line), corrected(line, id_number=NUMBER), follow=True))
    assert "第4行改好了" in page and "导入改好的1行" in page
    assert bad_lines(roster) == 0


def test_still_wrong_the_reasons_are_new_and_what_was_typed_stays(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), receive(cast, WRONG)
    line = bad_line(roster)
    page = text(clerk.post(line_page(line), corrected(line, id_number=NUMBER, phone="139", rank="县级")))
    assert "不是完整的号码" in page and NUMBER in page and "县级" in page
    assert "校验码对不上" not in page


def test_a_row_left_out_moves_to_the_list_of_those(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), receive(cast, person("马老"), WRONG)
    line = bad_line(roster)
    assert "看不导入的行" not in text(clerk.get(reverse("members:roster_lines", args=[roster.pk])))
    page = text(clerk.post(line_page(line, "leave_out_line"), follow=True))
    assert "第4行不导入" in page and "没有需要改正的行" in page and "看不导入的行（1行）" in page
    left_out = text(clerk.get(reverse("members:roster_lines", args=[roster.pk]) + "?left_out=1"))
    assert "牛老" in left_out and "改正" in left_out


def test_the_list_of_bad_rows_goes_page_by_page(cast: Cast) -> None:
    roster = receive(cast, *(person(f"朱{i}", i + 40) for i in range(45)))
    clerk, seen, url = signed_in(cast.clerk), 0, reverse("members:roster_lines", args=[roster.pk])
    address = url
    for shown in (20, 20, 5):
        answer = clerk.get(address)
        assert len(answer.context["rows"]) == shown
        seen, address = seen + shown, url + answer.context["next_url"]
    assert seen == 45 and address == url


def test_undoing_says_what_will_go_and_takes_it(cast: Cast) -> None:
    clerk = signed_in(cast.clerk)
    roster = brought_in(cast, person("马老", 居住地="外地"), person("羊老", 2))
    address = reverse("members:undo_roster", args=[roster.pk])
    page = " ".join(text(clerk.get(address)).split())
    assert "<b>2</b><span>人的登记</span>" in page and "<b>1</b><span>项个人情况</span>" in page
    assert Person.objects.filter(name="马老").exists()
    page = text(clerk.post(address, follow=True))
    assert "正在撤销" in page and Person.objects.filter(name="马老").exists()
    tasks.undo_roster(roster.pk, cast.clerk.pk)
    page = text(clerk.get(reverse("members:roster", args=[roster.pk])))
    assert "这次导入已经撤销" in page
    assert not Person.objects.filter(name="马老").exists()
    assert clerk.get(address).status_code == 302


def test_undoing_what_was_built_on_tells_by_whom_and_where_to_look(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), brought_in(cast, person("马老"))
    came = Person.objects.get(name="马老")
    people.reveal(cast.actor(cast.clerk), came.pk, "id_number", "核对证件")
    page = text(clerk.get(reverse("members:undo_roster", args=[roster.pk])))
    assert "不能撤销" in page and f"{cast.branch.name}的马老的信息已被查看1次" in page
    assert reverse("members:person", args=[came.pk]) in page and "确认撤销" not in page
    page = text(clerk.post(reverse("members:undo_roster", args=[roster.pk])))
    assert "什么都没有撤销" in page and Person.objects.filter(pk=came.pk).exists()


def test_who_was_quicker_than_the_worker_keeps_it_all_and_the_page_says_so(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), brought_in(cast, person("马老"))
    clerk.post(reverse("members:undo_roster", args=[roster.pk]))
    came = Person.objects.get(name="马老")
    people.reveal(cast.actor(cast.clerk), came.pk, "id_number", "核对证件")
    tasks.undo_roster(roster.pk, cast.clerk.pk)
    page = text(clerk.get(reverse("members:roster", args=[roster.pk])))
    assert "什么都没有撤销" in page and "撤销这次导入" in page and "正在撤销" not in page
    assert Person.objects.filter(pk=came.pk).exists()


@pytest.mark.parametrize("who", ["secretary", "member", "other_clerk"])
def test_nobody_else_opens_or_does_any_of_it(cast: Cast, who: str) -> None:
    browser, roster = signed_in(getattr(cast, who)), receive(cast, person("马老"), WRONG)
    waiting, line = unclear(cast), bad_line(roster)
    before = Entry.objects.count()
    columns = reverse("members:roster_columns", args=[waiting.pk])
    for answer in (
        browser.get(columns),
        browser.post(columns, CHOICES),
        browser.get(line_page(line)),
        browser.post(line_page(line), corrected(line, id_number=NUMBER)),
        browser.post(line_page(line, "leave_out_line")),
        browser.post(reverse("members:undo_roster", args=[roster.pk])),
    ):
        assert answer.status_code == 404
    assert (Entry.objects.count(), RosterColumn.objects.count(), bad_lines(roster)) == (before, 0, 1)


def test_the_pages_ask_no_more_for_more_rows(cast: Cast) -> None:
    clerk = signed_in(cast.clerk)
    few = brought_in(cast, person("马老"), WRONG)
    many = brought_in(cast, *(person("羊老", 20 + i) for i in range(40)), WRONG)
    for page in (lambda r: reverse("members:undo_roster", args=[r.pk]), lambda r: line_page(bad_line(r))):
        counts = [_queries(clerk, page(roster)) for roster in (few, many)]
        assert counts[0] == counts[1] <= 10
    assert _queries(clerk, reverse("members:taught_columns")) <= 8


def _queries(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)
