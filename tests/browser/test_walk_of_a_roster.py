"""A roster from upload to undo at the clerk's desk: columns explained, a row corrected, brought in, undone."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sangyu.kit.tests.working import work
from sangyu.members.models import Membership, Person, RosterColumn
from sangyu.members.tests.workbook import number_of, workbook
from tests.browser.looking import keep_picture, looked_over
from tests.browser.site import DESK, Site

pytestmark = pytest.mark.browser
BRANCH = "财政局离退休干部党支部"
HEADER = ["归口支部", "长者", "有效证号", "爱好"]
ROWS = [
    [BRANCH, "顾新来", number_of("19510302", "031"), "书法"],
    [BRANCH, "贾错号", "620299195103020010", "太极"],
    [BRANCH, "甄多余", "620299195103020020", "合唱"],
]
MEANS = {"归口支部": "所在支部", "长者": "姓名", "有效证号": "身份证号", "爱好": "不需要"}


def upload(page: Page, file: Path) -> None:
    page.goto(reverse("members:rosters"))
    page.get_by_label("组织").select_option(label="嘉峪关市委老干部局")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="正在读取")).to_be_visible()


def looks_right(page: Page, picture: str) -> None:
    assert looked_over(page, is_portal=False, is_large_print=False) == []
    keep_picture(page, f"walk_{picture}")


def came_in() -> int:
    return Membership.objects.filter(person__name__in=["顾新来", "贾错号", "甄多余"]).count()


def explain_columns(page: Page) -> None:
    page.get_by_role("link", name="指定各列是什么").click()
    looks_right(page, "columns")
    for column, field in MEANS.items():
        page.get_by_label(f"“{column}”这一列是").select_option(label=field)
    page.get_by_role("button", name="记住并重新读取").click()
    expect(page.get_by_role("status").first).to_contain_text("记住了这些列名")


def correct_a_row(page: Page) -> None:
    page.get_by_role("link", name=re.compile("改正 ?第3行")).click()
    looks_right(page, "line")
    page.get_by_label("有效证号").fill("6202991951030200")
    page.get_by_role("button", name="保存并检查").click()
    expect(page.get_by_label("有效证号")).to_have_value("6202991951030200")  # still wrong: nothing typed is lost
    page.get_by_label("有效证号").fill(number_of("19510302", "033"))
    page.get_by_role("button", name="保存并检查").click()
    expect(page.get_by_role("status").first).to_contain_text("第3行改好了")


def leave_out_a_row(page: Page) -> None:
    page.get_by_role("link", name=re.compile("改正 ?第4行")).click()
    page.get_by_role("button", name="这一行不导入").click()
    expect(page.get_by_role("status").first).to_contain_text("第4行不导入")


def test_from_upload_to_undo(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "外单位台账.xlsx"
    file.write_bytes(workbook({"台账": [HEADER, *ROWS]}))
    page = site.page(site.world.cast.clerk, DESK)
    upload(page, file)
    looks_right(page, "reading")
    work()
    explain_columns(page)
    work()
    expect(page.get_by_role("button", name="确认导入1人")).to_be_visible()
    page.get_by_role("button", name="确认导入1人").click()
    work()
    expect(page.get_by_role("heading", name="导入的结果")).to_be_visible()
    assert came_in() == 1
    correct_a_row(page)
    leave_out_a_row(page)
    looks_right(page, "corrected")
    page.get_by_role("button", name="导入改好的1行").click()
    work()
    expect(page.get_by_role("heading", name="导入的结果")).to_be_visible()
    assert came_in() == 2
    page.get_by_role("link", name="撤销这次导入").click()
    looks_right(page, "undo")
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_role("heading", name="正在撤销")).to_be_visible()
    work()
    expect(page.get_by_text("这次导入已经撤销")).to_be_visible()
    looks_right(page, "undone")
    assert came_in() == 0 and not Person.objects.filter(name="顾新来").exists()
    assert RosterColumn.objects.filter(label="长者", field="name").exists()


def test_what_was_built_on_an_import_keeps_it_and_is_told(site: Site) -> None:
    came = Person.objects.get(name="黄来客")
    page = site.page(site.world.cast.clerk, DESK)
    page.goto(reverse("members:person", args=[came.pk]))
    page.get_by_label("原因").first.fill("核对证件")
    page.get_by_role("button", name="查看").first.click()
    page.goto(reverse("members:undo_roster", args=[site.world.imported.pk]))
    expect(page.get_by_role("region", name="已经办过的事")).to_contain_text("黄来客的信息已被查看1次")
    looks_right(page, "built_on")
    assert page.get_by_role("button", name="确认撤销").count() == 0
