"""Files that cannot be imported: each gets a clear sentence, on the page too, and nothing is written."""

from typing import NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sangyu.journal.models import Entry
from sangyu.kit.refusals import Refusal
from sangyu.members import tasks
from sangyu.members.actions import rosters
from sangyu.members.models import Person, RosterImport, RosterLine
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.old_excel import locked_package
from sangyu.members.tests.roster_files import person, roster_file
from sangyu.members.tests.signing_in import signed_in
from sangyu.members.tests.workbook import workbook

pytestmark = pytest.mark.django_db


class BadFile(NamedTuple):
    content: bytes
    sentence: str


BAD = {
    "no workbook": BadFile("姓名,身份证号\n马老,1\n".encode(), "这不是Excel工作簿"),
    "a picture": BadFile(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "这不是Excel工作簿"),
    "nothing in it": BadFile(workbook({"Sheet1": []}), "工作簿里没有内容"),
    "a password": BadFile(locked_package(), "这个文件设了打开密码"),
    "cut off": BadFile(roster_file(person("马老"))[:900], "Excel"),
    "no header": BadFile(workbook({"Sheet1": [["马老", "男"], ["牛老", "女"]]}), "没有找到表头"),
    "no names": BadFile(workbook({"Sheet1": [["身份证号", "性别"], ["1", "男"]]}), "缺少姓名"),
    "no numbers": BadFile(workbook({"Sheet1": [["姓名", "性别"], ["马老", "男"]]}), "缺少身份证号（或出生年月）"),
}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (RosterImport, RosterLine, Person, Entry))


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_in_a_sentence_and_nothing_is_written(cast: Cast, bad: BadFile) -> None:
    before = written()
    with pytest.raises(Refusal, match=bad.sentence):
        rosters.receive_roster(cast.actor(cast.clerk), cast.office, "花名册.xlsx", bad.content)
    assert written() == before


AT_ONCE = {name: BAD[name] for name in ("no workbook", "a picture", "a password", "cut off")}
READ = {name: bad for name, bad in BAD.items() if name not in AT_ONCE}


@pytest.mark.parametrize("bad", READ.values(), ids=READ)
def test_what_only_reading_shows_is_said_by_the_worker(cast: Cast, bad: BadFile) -> None:
    roster = rosters.store_roster(cast.actor(cast.clerk), cast.office, "花名册.xlsx", bad.content)
    tasks.read_roster_file(roster.pk, cast.clerk.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.lines.count()) == ("refused", 0)
    assert bad.sentence in roster.refusal


@pytest.mark.parametrize("bad", AT_ONCE.values(), ids=AT_ONCE)
def test_the_page_says_it_beside_the_form(cast: Cast, bad: BadFile) -> None:
    clerk = signed_in(cast.clerk)
    before = written()
    file = SimpleUploadedFile("花名册.xlsx", bad.content)
    form = {"organization": cast.office.pk, "file": file, "as_of": "2020-01-01"}
    page = clerk.post(reverse("members:rosters"), form)
    assert page.status_code == 200
    assert bad.sentence in page.content.decode()
    assert 'value="2020-01-01"' in page.content.decode()  # nothing typed is lost
    assert written() == before


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"file": b""}, "文件是空的"),
        ({"file": None}, "请选择花名册文件"),
        ({"organization": ""}, "必填"),
        ({"as_of": "2999-01-01"}, "不能晚于今天"),
        ({"as_of": "昨天"}, "日期"),
    ],
)
def test_a_form_filled_in_wrongly_says_where(cast: Cast, form: dict[str, object], sentence: str) -> None:
    clerk = signed_in(cast.clerk)
    before = written()
    form = {"organization": cast.office.pk, "file": roster_file(person("马老")), **form}
    if form["file"] is None:
        del form["file"]
    else:
        form["file"] = SimpleUploadedFile("a.xlsx", form["file"])  # type: ignore[arg-type]
    page = clerk.post(reverse("members:rosters"), form)
    assert page.status_code == 200 and sentence in page.content.decode()
    assert written() == before


def test_a_file_too_large_is_refused_before_it_is_read(cast: Cast) -> None:
    file = SimpleUploadedFile("a.xlsx", b"x" * (20 * 1024 * 1024 + 1))
    page = signed_in(cast.clerk).post(reverse("members:rosters"), {"organization": cast.office.pk, "file": file})
    assert "文件超过20兆" in page.content.decode()
