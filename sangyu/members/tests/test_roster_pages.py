"""Importing a roster by page: upload, look, confirm, watch, and take the rows to correct home."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from sangyu.journal.models import Entry
from sangyu.members import tasks
from sangyu.members.actions import rosters
from sangyu.members.models import Person, RosterImport
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.roster_files import HEADER, bring_in, person, receive, roster_file
from sangyu.members.tests.signing_in import signed_in
from sangyu.members.tests.workbook import workbook

pytestmark = pytest.mark.django_db
WRONG = person("牛老", 身份证号="620299194802150019")
READ_PAGES = (
    "roster",
    "roster_progress",
    "roster_faults",
    "roster_lines",
    "roster_branches",
    "roster_columns",
    "undo_roster",
)
NOWHERE = person("杨老", 3, "老年大学临时党支部")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def address(name: str, roster: RosterImport) -> str:
    return reverse(f"members:{name}", args=[roster.pk])


def text(response: HttpResponse) -> str:
    return response.content.decode()


def upload(browser: Client, cast: Cast, content: bytes) -> HttpResponse:
    form = {"organization": cast.office.pk, "file": SimpleUploadedFile("花名册.xlsx", content)}
    return browser.post(reverse("members:rosters"), form, follow=True)


def read(cast: Cast) -> RosterImport:
    """The last upload, as the worker reads it."""
    roster = RosterImport.objects.latest("id")
    tasks.read_roster_file(roster.pk, cast.clerk.pk)
    return roster


def queries_of(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


def test_the_upload_answers_at_once_and_is_read_behind_the_scenes(cast: Cast) -> None:
    clerk = signed_in(cast.clerk)
    page = text(upload(clerk, cast, roster_file(person("马老"), WRONG)))
    assert "正在读取" in page and "可以离开这一页" in page and "看最新进度" in page
    assert "确认导入1人" not in page
    roster = read(cast)
    assert "确认导入1人" in text(clerk.get(address("roster", roster)))


def test_read_it_shows_what_will_happen(cast: Cast) -> None:
    clerk, before = signed_in(cast.clerk), Person.objects.count()
    upload(clerk, cast, roster_file(person("马老"), WRONG, NOWHERE))
    page = text(clerk.get(address("roster", read(cast))))
    assert "确认导入1人" in page
    assert "第4行" in page and "校验码对不上" in page
    assert "没有找到支部“老年大学临时党支部”" in page
    assert "认出了8列" in page
    assert Person.objects.count() == before


def test_no_number_is_shown_in_clear(cast: Cast) -> None:
    clerk = signed_in(cast.clerk)
    upload(clerk, cast, roster_file(person("马老", 联系电话="13900000009"), WRONG))
    roster = read(cast)
    for page in (clerk.get(address("roster", roster)), clerk.get(address("roster_lines", roster))):
        assert "62029919480215" not in text(page) and "13900000009" not in text(page)


def test_the_same_file_again_leads_to_the_earlier_import(cast: Cast) -> None:
    clerk, content = signed_in(cast.clerk), roster_file(person("马老"))
    upload(clerk, cast, content)
    confirmed = read(cast)
    rosters.apply_roster(cast.actor(cast.clerk), confirmed)
    assert "这份花名册已经上传过，什么都没有改变" in text(upload(clerk, cast, content))
    assert RosterImport.objects.count() == 1


def test_a_file_that_cannot_be_read_is_told_when_the_worker_tried(cast: Cast) -> None:
    clerk = signed_in(cast.clerk)
    upload(clerk, cast, workbook({"表": [["一", "二"], ["三", "四"]]}))
    page = text(clerk.get(address("roster", read(cast))))
    assert "没有导入，什么都没有写入" in page and "没有找到表头" in page


def test_confirmed_twice_it_comes_in_once_and_the_page_follows(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), receive(cast, person("马老"), WRONG)
    assert clerk.post(address("confirm_roster", roster)).status_code == 302
    waiting = clerk.post(address("confirm_roster", roster), follow=True)
    assert "已经排队" in text(waiting) and "重新开始" in text(waiting)
    tasks.apply_roster(roster.pk, cast.clerk.pk)
    done = text(clerk.get(address("roster", roster)))
    assert "人已导入" in done and "校验码对不上" in done and "确认导入" not in done
    assert Person.objects.filter(name="马老").count() == 1


def test_the_progress_asks_again_until_it_is_done(cast: Cast) -> None:
    clerk, htmx = signed_in(cast.clerk), {"HX-Request": "true"}
    upload(clerk, cast, roster_file(person("马老")))
    roster = RosterImport.objects.get()
    reading = text(clerk.get(address("roster_progress", roster), headers=htmx))
    assert "很快开始读取" in reading and 'hx-trigger="every 1s"' in reading and "<html" not in reading
    read(cast)
    assert clerk.get(address("roster_progress", roster), headers=htmx)["HX-Refresh"] == "true"
    rosters.confirm_roster(cast.actor(cast.clerk), roster)
    assert "已经排队" in text(clerk.get(address("roster_progress", roster), headers=htmx))
    tasks.apply_roster(roster.pk, cast.clerk.pk)
    assert clerk.get(address("roster_progress", roster), headers=htmx)["HX-Refresh"] == "true"
    assert clerk.get(address("roster_progress", roster)).status_code == 302


def test_the_list_follows_what_is_under_way_and_says_when_it_is_done(cast: Cast) -> None:
    clerk, htmx = signed_in(cast.clerk), {"HX-Request": "true"}
    upload(clerk, cast, roster_file(person("马老")))
    listed, roster = text(clerk.get(reverse("members:rosters"))), RosterImport.objects.get()
    watching = f"{reverse('members:rosters_under_way')}?watch={roster.pk}"
    assert f"watch={roster.pk}" in listed and "关掉浏览器" in listed
    assert "很快开始读取" in text(clerk.get(watching, headers=htmx))
    read(cast)
    assert clerk.get(watching, headers=htmx)["HX-Refresh"] == "true"
    page = text(clerk.get(reverse("members:rosters")))
    assert "“花名册.xlsx”：已读取，等待确认" in page and "等您办理" in page
    assert clerk.get(watching).status_code == 302


def test_nobody_watches_what_is_not_theirs(cast: Cast) -> None:
    receive(cast, person("马老"))
    watching = f"{reverse('members:rosters_under_way')}?watch={RosterImport.objects.get().pk}&watch=x"
    answer = signed_in(cast.other_clerk).get(watching, headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true" and "花名册.xlsx" not in text(answer)


def test_a_roster_not_wanted_can_be_given_up(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), receive(cast, person("马老"))
    page = text(clerk.post(address("give_up_roster", roster), follow=True))
    assert "什么都没有写入" in page and "确认导入" not in page


def test_a_post_that_was_taken_is_told(cast: Cast) -> None:
    roster = bring_in(cast, person("马老", 党内职务="书记"))
    page = text(signed_in(cast.clerk).get(address("roster", roster)))
    assert "已导入，但有一处没有登记" in page and "已有书记" in page


def test_the_rows_to_correct_come_as_a_workbook_that_can_be_uploaded_again(cast: Cast) -> None:
    clerk, roster = signed_in(cast.clerk), bring_in(cast, person("马老"), NOWHERE, person("=1+1", 5))
    answer = clerk.get(address("roster_faults", roster))
    content = b"".join(answer.streaming_content)
    header, *rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert header[:3] == ["原工作表", "原行号", "需要改正的地方"] and set(header[3:]) == set(HEADER)
    assert [row[1] for row in rows] == ["4", "5"]
    assert "没有找到支部" in rows[0][2] and "=1+1" in rows[1]
    again = rosters.receive_roster(cast.actor(cast.clerk), cast.office, "again.xlsx", content)
    assert again.lines.count() == 2
    assert Entry.objects.filter(verb="members.roster_faults_taken", actor_id=cast.clerk.pk).count() == 1


def test_what_stands_in_a_roster_never_becomes_a_formula(cast: Cast) -> None:
    roster = receive(cast, person("=HYPERLINK(1)"))
    content = rosters.hand_out_faults(cast.actor(cast.clerk), roster)
    assert b"<f>" not in b"".join(_parts(content))


def _parts(content: bytes) -> list[bytes]:
    with ZipFile(BytesIO(content)) as package:
        return [package.read(name) for name in package.namelist()]


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_nobody_else_sees_or_does_anything(cast: Cast, who: str) -> None:
    browser, roster = signed_in(getattr(cast, who)), receive(cast, person("马老"), WRONG)
    before = Entry.objects.count()
    for name in READ_PAGES:
        assert browser.get(address(name, roster)).status_code == 404
    for name in ("confirm_roster", "give_up_roster", "undo_roster", "roster_columns"):
        assert browser.post(address(name, roster)).status_code == 404
    answer = upload(browser, cast, roster_file(person("驴老", 7)))
    assert answer.status_code == (200 if who == "other_clerk" else 403)
    assert "正在读取" not in text(answer)
    assert (RosterImport.objects.count(), Entry.objects.count()) == (1, before)


def test_a_stranger_is_asked_to_sign_in(cast: Cast) -> None:
    roster = receive(cast, person("马老"))
    for name in READ_PAGES:
        assert Client().get(address(name, roster)).status_code == 302
    assert upload(Client(), cast, roster_file(person("驴老", 7))).redirect_chain
    assert RosterImport.objects.count() == 1


def test_the_list_names_earlier_imports_with_what_came_of_them(cast: Cast) -> None:
    bring_in(cast, person("马老"), WRONG)
    page = text(signed_in(cast.clerk).get(reverse("members:rosters")))
    assert "导入1人" in page and "1行需要改正" in page and "丁一" in page


def test_no_page_asks_more_for_more_rows(cast: Cast) -> None:
    clerk = signed_in(cast.clerk)
    few = receive(cast, person("马老"), WRONG)
    many = receive(cast, *(person("羊老", 20 + i) for i in range(9)), *(person(f"朱{i}", i + 40) for i in range(60)))
    for name, most in (("roster", 8), ("roster_lines", 8), ("roster_branches", 8)):
        counts = [queries_of(clerk, address(name, roster)) for roster in (few, many)]
        assert counts[0] == counts[1] <= most, name


def test_the_list_of_imports_asks_as_often_for_many_as_for_one(cast: Cast) -> None:
    clerk = signed_in(cast.clerk)
    receive(cast, person("马老"), WRONG)
    one = queries_of(clerk, reverse("members:rosters"))
    for place in range(22):
        receive(cast, person("羊老", 20 + place))
    assert queries_of(clerk, reverse("members:rosters")) == one <= 8
    assert "下一页" in text(clerk.get(reverse("members:rosters")))
