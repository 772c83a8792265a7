"""What the bureau does at its desk: cards for a branch in one go, a roster by upload, a figure down to its record."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sangyu.members.models import Membership, Person
from sangyu.members.tasks import apply_roster, read_roster_file
from sangyu.members.tests.workbook import number_of, workbook
from tests.browser.looking import keep_picture, looked_over
from tests.browser.site import DESK, Site

pytestmark = pytest.mark.browser
BRANCH = "财政局离退休干部党支部"
ROWS = [
    ["所在支部", "姓名", "身份证号码", "入党时间"],
    [BRANCH, "顾新来", number_of("19510302", "031"), "1975年7月"],
    [BRANCH, "贾错号", "620299195103020010", "1975年7月"],
]


def desk(site: Site, address: str) -> Page:
    page = site.page(site.world.cast.clerk, DESK)
    page.goto(address)
    return page


def upload(page: Page, file: Path) -> None:
    page.get_by_label("组织").select_option(label="嘉峪关市委老干部局")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()


def test_a_branch_gets_its_cards_in_one_go_and_they_are_shown_once(site: Site) -> None:
    branch = site.world.cast.neighbour
    page = desk(site, reverse("members:organization", args=[branch.pk]))
    page.get_by_role("button", name="开通账号并打印登录卡").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录卡（3张）")
    expect(page.locator("article")).to_have_count(3)
    assert page.locator("article svg[role=img]").count() == 3
    assert looked_over(page, is_portal=False, is_large_print=True) == []
    keep_picture(page, "members_cards-bureau")
    assert Person.objects.filter(memberships__organization=branch, account=None).count() == 0
    page.goto(reverse("members:organization", args=[branch.pk]))
    page.get_by_role("button", name="开通账号并打印登录卡").click()
    expect(page.get_by_role("status").first).to_contain_text("都已有账号")


def test_a_roster_comes_in_by_upload(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "名单.xlsx"
    file.write_bytes(workbook({"名单": ROWS}))
    page = desk(site, reverse("members:rosters"))
    upload(page, file)
    expect(page.get_by_role("heading", name="正在读取")).to_be_visible()
    roster_id = int(page.url.rstrip("/").rpartition("/")[2])
    read_roster_file(roster_id, site.world.cast.clerk.pk)
    expect(page.get_by_role("region", name="需要改正的行")).to_contain_text("第3行")  # the page asks by itself
    expect(page.get_by_role("region", name="需要改正的行")).to_contain_text("身份证号")
    assert not Membership.objects.filter(person__name="顾新来").exists()
    page.get_by_role("button", name="确认导入1人").click()
    expect(page.get_by_role("heading", name="正在导入")).to_be_visible()
    assert looked_over(page, is_portal=False, is_large_print=False) == []
    apply_roster(roster_id, site.world.cast.clerk.pk)
    expect(page.get_by_role("heading", name="导入的结果")).to_be_visible()  # the page asks by itself
    assert looked_over(page, is_portal=False, is_large_print=False) == []
    assert Membership.objects.get(person__name="顾新来").organization.name == BRANCH


def test_what_is_no_workbook_is_told_and_changes_nothing(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "照片.xlsx"
    file.write_bytes(b"\x89PNG not a workbook")
    page = desk(site, reverse("members:rosters"))
    before = Person.objects.count()
    upload(page, file)
    expect(page.get_by_role("alert").first).to_be_visible()
    assert looked_over(page, is_portal=False, is_large_print=False) == []
    assert Person.objects.count() == before


def test_a_figure_opens_onto_its_facts_and_a_fact_onto_its_record(site: Site) -> None:
    page = desk(site, reverse("reports:figures"))
    page.get_by_role("link", name="支部联盟主题党日").click()
    page.get_by_role("link", name="看2021年6月17日").first.click()
    page.get_by_role("link", name="打开").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("庆祝建党百年")
