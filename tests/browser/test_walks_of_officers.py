"""What a secretary and a liaison do: plan, publish, take the roll, close, correct, and never lose a word."""

import re
from io import BytesIO

import docx
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sangyu.activities.models import Activity, ActivityState, Participation, RollLine
from sangyu.journal.models import Entry
from tests.browser.looking import looked_over
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def roll_page(site: Site, page: Page) -> Page:
    """The roll of the home branch's sitting that has begun."""
    page.goto(reverse("activities:roll", args=[site.world.begun.pk]))
    return page


def mark(page: Page, name: str, label: str) -> None:
    page.get_by_role("group", name=name).get_by_text(label, exact=True).click()


def marks_of(part: Participation) -> dict[str, str]:
    return dict(RollLine.objects.filter(participation=part).values_list("person__name", "mark"))


def test_from_plan_to_ledger(site: Site) -> None:
    page = site.page(site.world.cast.secretary)
    page.goto(reverse("console:home"))
    page.get_by_role("link", name="计划一次活动").click()
    page.get_by_label("名称").fill("读书会：重读经典")
    page.get_by_label("开始时间").fill("2026-11-19T08:00")
    page.get_by_label("结束时间").fill("2026-11-19T09:30")
    page.get_by_label("地点").fill("二楼阅览室")
    if page.get_by_role("radio", name="本支部单独开展").count():
        page.get_by_role("radio", name="本支部单独开展").check()
    page.get_by_role("checkbox", name="主题党日").first.check()
    page.get_by_role("button", name="保存计划").click()
    expect(page.get_by_role("status").first).to_contain_text("草稿")
    page.get_by_role("button", name="发布").click()
    page.get_by_role("link", name="去点名").click()
    page.get_by_label("会议记录").fill("读了三篇文章，大家都发了言。")
    page.get_by_role("button", name="完成点名").click()
    expect(page.get_by_role("status").first).to_contain_text("点名完成")
    activity = Activity.objects.get(title="读书会：重读经典")
    assert activity.state == ActivityState.CLOSED
    with page.expect_download() as download:
        page.get_by_role("link", name="下载11月纪实").click()
    assert download.value.suggested_filename.endswith(".docx")
    paper = docx.Document(BytesIO(download.value.path().read_bytes()))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    words = "\n".join([paragraph.text for paragraph in paper.paragraphs] + cells)
    assert "读书会：重读经典" in words and "读了三篇文章" in words


def test_a_notice_is_ready_to_paste(site: Site) -> None:
    page = site.page(site.world.cast.secretary, permissions=["clipboard-read", "clipboard-write"])
    page.goto(reverse("activities:notice", args=[site.world.upcoming.pk]))
    page.locator("[data-copy]").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    assert "走进新时代" in page.evaluate("navigator.clipboard.readText()")


def test_a_draft_survives_a_reload(site: Site) -> None:
    page = roll_page(site, site.page(site.world.cast.secretary))
    mark(page, "仇老", "请假")
    page.get_by_label("会议记录").fill("先写一半")
    expect(page.get_by_text(re.compile("草稿已保存"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("group", name="仇老").get_by_label("请假")).to_be_checked()
    expect(page.get_by_label("会议记录")).to_have_value("先写一半")
    other = roll_page(site, site.page(site.world.cast.liaison, 1280))
    expect(other.get_by_label("会议记录")).to_have_value("先写一半")


def test_what_was_typed_without_a_net_is_offered_again(site: Site) -> None:
    page = roll_page(site, site.page(site.world.cast.secretary))
    page.route("**/draft/", lambda route: route.abort())
    page.get_by_label("会议记录").fill("断网时写的")
    expect(page.get_by_text(re.compile("网络不通"))).to_be_visible()
    page.unroute("**/draft/")
    page.reload()
    page.get_by_role("button", name="找回来").click()
    expect(page.get_by_label("会议记录")).to_have_value("断网时写的")


def test_two_who_edit_one_roll_the_second_is_told_and_loses_nothing(site: Site) -> None:
    cast = site.world.cast
    first = roll_page(site, site.page(cast.liaison, java_script_enabled=False))
    second = roll_page(site, site.page(cast.secretary, java_script_enabled=False))
    first.get_by_role("group", name="解老").get_by_label("线上").check()
    first.get_by_role("button", name="保存草稿").click()
    second.get_by_role("group", name="仇老").get_by_label("请假").check()
    second.get_by_label("会议记录").fill("我写了很长的记录")
    second.get_by_role("button", name="完成点名").click()
    expect(second.get_by_role("alert")).to_contain_text("廖联络")
    expect(second.get_by_label("会议记录")).to_have_value("我写了很长的记录")
    expect(second.get_by_role("group", name="仇老").get_by_label("请假")).to_be_checked()
    assert marks_of(site.world.begun)["解老"] == "online"
    second.get_by_role("button", name="完成点名").click()
    site.world.begun.refresh_from_db()
    assert marks_of(site.world.begun)["仇老"] == "leave"


def test_a_draft_kept_by_script_is_told_of_the_other_editor_too(site: Site) -> None:
    cast = site.world.cast
    first, second = (roll_page(site, site.page(person)) for person in (cast.liaison, cast.secretary))
    mark(first, "解老", "线上")
    expect(first.get_by_text(re.compile("草稿已保存"))).to_be_visible()
    mark(second, "仇老", "请假")
    expect(second.get_by_text(re.compile("廖联络刚刚保存过"))).to_be_visible()
    expect(second.get_by_role("group", name="仇老").get_by_label("请假")).to_be_checked()
    assert marks_of(site.world.begun)["解老"] == "online"


def test_the_page_that_tells_of_the_other_editor_can_be_used_by_everybody(site: Site) -> None:
    cast = site.world.cast
    first, second = (roll_page(site, site.page(person)) for person in (cast.liaison, cast.secretary))
    first.get_by_role("button", name="保存草稿").click()
    first.wait_for_load_state()
    second.get_by_label("会议记录").fill("记录")
    second.get_by_role("button", name="保存草稿").click()
    expect(second.get_by_role("alert")).to_be_visible()
    assert looked_over(second, is_portal=False, is_large_print=True) == []


def test_pressing_twice_closes_once(site: Site) -> None:
    page = roll_page(site, site.page(site.world.cast.secretary))
    page.get_by_label("会议记录").fill("学习讨论，一致同意。")
    page.get_by_role("button", name="完成点名").dblclick(no_wait_after=True)
    expect(page.get_by_role("status").first).to_contain_text("点名完成")
    assert Entry.objects.filter(verb="activities.part_closed", subject_id=site.world.begun.pk).count() == 1


def test_going_back_after_closing_does_nothing_twice(site: Site) -> None:
    page = roll_page(site, site.page(site.world.cast.secretary))
    page.get_by_label("会议记录").fill("学习讨论，一致同意。")
    page.get_by_role("button", name="完成点名").click()
    expect(page.get_by_role("status").first).to_contain_text("点名完成")
    page.go_back()
    close = page.get_by_role("button", name="完成点名")
    if close.count():
        close.click()
        page.wait_for_load_state()
    else:
        expect(page.get_by_role("heading", level=1)).to_contain_text("更正点名")
    assert Entry.objects.filter(verb="activities.part_closed", subject_id=site.world.begun.pk).count() == 1


def test_an_old_page_sent_after_closing_loses_no_word(site: Site) -> None:
    cast = site.world.cast
    old = roll_page(site, site.page(cast.liaison, java_script_enabled=False))
    page = roll_page(site, site.page(cast.secretary))
    page.get_by_label("会议记录").fill("书记写的记录")
    page.get_by_role("button", name="完成点名").click()
    expect(page.get_by_role("status").first).to_contain_text("点名完成")
    old.get_by_label("会议记录").fill("联络员写了很久的记录")
    old.get_by_role("button", name="完成点名").click()
    expect(old.locator("main")).to_contain_text("联络员写了很久的记录")
    assert Entry.objects.filter(verb="activities.part_closed", subject_id=site.world.begun.pk).count() == 1


def test_a_correction_is_seen_in_the_history(site: Site) -> None:
    part = site.world.part(site.world.past)
    page = site.page(site.world.cast.liaison)
    page.goto(reverse("activities:part", args=[part.pk]))
    page.get_by_role("link", name="更正点名").click()
    mark(page, "仇老", "线上")
    page.get_by_role("button", name="保存更正").click()
    history = page.get_by_role("region", name="经过")
    expect(history).to_contain_text("仇老")
    expect(history).to_contain_text("廖联络")
    expect(history).to_contain_text("线上")
    page.goto(reverse("activities:part", args=[part.pk]))
    assert looked_over(page, is_portal=False, is_large_print=True) == []


def test_a_roll_handed_over_stands_on_top_of_the_liaison_s_list(site: Site) -> None:
    page = roll_page(site, site.page(site.world.cast.secretary))
    page.get_by_label("会议记录").fill("书记写了一半")
    page.get_by_role("button", name=re.compile("请联络员.*补完")).click()
    expect(page.get_by_role("status").first).to_contain_text("联络员")
    liaison = site.page(site.world.cast.liaison)
    liaison.goto(reverse("console:home"))
    expect(liaison.locator("main article").first).to_contain_text("集体学习")
    liaison.locator("main article").first.get_by_role("link").click()
    expect(liaison.get_by_label("会议记录")).to_have_value("书记写了一半")


def test_the_roll_needs_no_script(site: Site) -> None:
    page = roll_page(site, site.page(site.world.cast.secretary, java_script_enabled=False))
    page.get_by_role("group", name="仇老").get_by_label("缺席").check()
    page.get_by_role("group", name="仇老").get_by_label("原因").fill("没有联系上")
    page.get_by_label("会议记录").fill("学习讨论，一致同意。")
    page.get_by_role("button", name="完成点名").click()
    expect(page.get_by_role("status").first).to_contain_text("点名完成")
    line = RollLine.objects.get(participation=site.world.begun, person=site.world.cast.member)
    assert (line.mark, line.reason) == ("absent", "没有联系上")


def test_what_is_missing_is_said_and_nothing_is_lost(site: Site) -> None:
    page = roll_page(site, site.page(site.world.cast.secretary))
    mark(page, "曾老", "送学")
    page.get_by_role("button", name="完成点名").click()
    expect(page.get_by_role("alert")).to_contain_text("会议记录")
    expect(page.get_by_role("group", name="曾老").get_by_label("送学")).to_be_checked()
    assert looked_over(page, is_portal=False, is_large_print=True) == []


def test_planning_twice_plans_once(site: Site) -> None:
    page = site.page(site.world.cast.secretary)
    page.goto(reverse("duties:plan"))
    page.get_by_label("名称").fill("只计划一次")
    page.get_by_label("开始时间").fill("2026-12-10T09:00")
    page.get_by_label("结束时间").fill("")
    page.get_by_label("地点").fill("三楼")
    page.get_by_role("checkbox", name="主题党日").first.check()
    page.get_by_role("button", name="保存计划").dblclick(no_wait_after=True)
    expect(page.get_by_role("status").first).to_contain_text("草稿")
    assert Activity.objects.filter(title="只计划一次").count() == 1


def test_a_branch_consents_by_its_own_secretary(site: Site) -> None:
    page = site.page(site.world.cast.secretary)
    page.goto(reverse("alliances:list"))
    page.get_by_text("书画联盟").first.click()
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_role("status").first).to_be_visible()
    assert Entry.objects.filter(verb="alliances.consented", actor_id=site.world.cast.secretary.pk).exists()
