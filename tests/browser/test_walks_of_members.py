"""What an old comrade does on a phone, from the card to the answer."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sangyu.activities.models import SignUp
from sangyu.journal.models import Entry
from sangyu.voices.models import Complaint
from tests.browser.looking import looked_over
from tests.browser.site import Site
from tests.world import PASSWORD

pytestmark = pytest.mark.browser

# A device with one Chinese voice, its own or one that sends the text elsewhere; what it says is kept.
DEVICE = """
window.spoken = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "zh-CN", name: "x", localService: OWN }],
  speak: (said) => { window.spoken.push(said.text); setTimeout(() => said.onend(), 0); },
  cancel: () => {}, addEventListener: () => {},
} });
"""


def enter_with_card(page: Page, site: Site, pin: str) -> None:
    page.goto(reverse("accounts:card", args=[site.world.card.secret]))
    page.get_by_label("六位数字").fill(pin)
    page.get_by_role("button", name="进入").click()


def test_the_card_lets_its_owner_in_once(site: Site) -> None:
    page = site.page()
    enter_with_card(page, site, site.world.card.pin)
    expect(page.get_by_role("heading", level=1)).to_contain_text("查老")
    again = site.page()
    answer = again.goto(reverse("accounts:card", args=[site.world.card.secret]))
    assert answer is not None and answer.status == 403
    expect(again.get_by_role("alert")).to_contain_text("不能用了")


def test_a_wrong_number_is_told_and_five_kill_the_card(site: Site) -> None:
    page = site.page()
    wrong = f"{(int(site.world.card.pin) + 1) % 1_000_000:06d}"
    enter_with_card(page, site, wrong)
    expect(page.get_by_text("请对照登录卡再输入一次").first).to_be_visible()
    assert looked_over(page, is_portal=True, is_large_print=True) == []
    for _ in range(4):
        enter_with_card(page, site, wrong)
    expect(page.get_by_role("alert")).to_contain_text("联络员换一张")
    expect(page.get_by_label("六位数字")).to_have_count(0)


def test_who_has_a_password_signs_in_and_out(site: Site) -> None:
    member = site.world.cast.member
    page = site.page()
    page.goto("/")
    page.get_by_label("登录名").fill(member.account.sign_in_name if member.account else "")
    page.get_by_label("密码").fill("wrong-password")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert looked_over(page, is_portal=True, is_large_print=True) == []
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("仇老")
    page.get_by_role("button", name="退出").click()
    page.goto(reverse("portal:home"))
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_signing_up_is_said_at_once_and_can_be_changed(site: Site) -> None:
    page = site.page(site.world.cast.member)
    page.goto(reverse("portal:home"))
    page.get_by_role("button", name="我参加").click()
    expect(page.get_by_text("已报名参加").first).to_be_visible()
    page.get_by_role("link", name="看详情，改答复").click()
    page.get_by_role("button", name="改成去不了").click()
    expect(page.get_by_text("这次不参加").first).to_be_visible()
    assert SignUp.objects.get(person=site.world.cast.member).answer == "declined"


def test_a_double_press_signs_up_once(site: Site) -> None:
    page = site.page(site.world.cast.member)
    page.goto(reverse("portal:home"))
    page.get_by_role("button", name="我参加").dblclick(no_wait_after=True)
    expect(page.get_by_text("已报名参加").first).to_be_visible()
    assert SignUp.objects.filter(person=site.world.cast.member).count() == 1


def test_signing_up_needs_no_script(site: Site) -> None:
    page = site.page(site.world.cast.member, java_script_enabled=False)
    page.goto(reverse("portal:home"))
    page.get_by_role("button", name="我参加").click()
    expect(page.get_by_text("已报名参加").first).to_be_visible()
    assert SignUp.objects.filter(person=site.world.cast.member, answer="coming").exists()


def test_the_page_is_read_aloud_by_a_voice_of_the_device_s_own(site: Site) -> None:
    page = site.page(site.world.cast.member)
    page.add_init_script(DEVICE.replace("OWN", "true"))
    page.goto(reverse("portal:home"))
    page.get_by_role("button", name="朗读本页").click()
    page.wait_for_function("document.querySelector('[data-read-aloud]').dataset.state === 'idle'")
    said = "".join(page.evaluate("window.spoken"))
    assert "您好，仇老同志" in said and "我的记录" not in said  # what is next, not the navigation


@pytest.mark.parametrize("voices", ["false", None])
def test_no_voice_of_the_device_s_own_no_reading(site: Site, voices: str | None) -> None:
    page = site.page(site.world.cast.member)
    if voices:
        page.add_init_script(DEVICE.replace("OWN", voices))
    page.goto(reverse("portal:home"))
    expect(page.locator("[data-read-aloud]")).to_be_hidden()


def test_text_grows_and_stays_so(site: Site) -> None:
    page = site.page(site.world.cast.member)
    page.goto(reverse("portal:home"))
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.get_by_role("button", name="特大").click()
    page.wait_for_load_state()
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= before * 1.5
    assert looked_over(page, is_portal=True, is_large_print=True) == []
    other = site.page(site.world.cast.member)
    other.goto(reverse("portal:record"))
    assert other.evaluate("document.documentElement.dataset.textSize") == "largest"


def test_a_complaint_is_written_once_and_answered(site: Site) -> None:
    cast = site.world.cast
    page = site.page(cast.member)
    page.goto(reverse("portal:record"))
    page.get_by_role("link", name="投诉与建议").click()
    page.get_by_label("您想说什么").fill("楼梯太陡，老同志上不去。")
    page.get_by_role("button", name="送出").dblclick(no_wait_after=True)
    expect(page.get_by_role("status").first).to_contain_text("已经送到")
    complaint = Complaint.objects.get(text="楼梯太陡，老同志上不去。")
    assert complaint.page == reverse("portal:record")

    desk = site.page(cast.clerk, 1280)
    desk.goto(reverse("voices:inbox"))
    desk.locator("article").filter(has_text="楼梯太陡").get_by_role("link").click()
    desk.get_by_label("答复").fill("下月起改在一楼活动室。")
    desk.get_by_role("button", name="发出答复").click()
    expect(desk.get_by_role("status").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("下月起改在一楼活动室。")).to_be_visible()


def test_going_back_and_sending_again_says_it_once(site: Site) -> None:
    page = site.page(site.world.cast.member)
    page.goto(reverse("voices:write"))
    before = Complaint.objects.count()
    page.get_by_label("您想说什么").fill("活动通知太晚。")
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("status").first).to_contain_text("已经送到")
    page.go_back()
    if page.get_by_label("您想说什么").input_value():
        page.get_by_role("button", name="送出").click()
        page.wait_for_load_state()
    assert Complaint.objects.count() == before + 1


def test_acting_for_a_member_leaves_both_names(site: Site) -> None:
    cast = site.world.cast
    page = site.page(cast.liaison)
    page.goto(reverse("members:organization", args=[cast.branch.pk]))
    page.get_by_role("button", name="代仇老办理").click()
    expect(page.get_by_text("您正在代 仇老 办理")).to_be_visible()
    assert looked_over(page, is_portal=True, is_large_print=True) == []
    page.get_by_role("button", name="我参加").click()
    expect(page.get_by_text("由廖联络代办").first).to_be_visible()
    page.get_by_role("button", name="结束代办").click()
    expect(page.get_by_text("您正在代")).to_have_count(0)
    sign_up = SignUp.objects.get(person=cast.member)
    assert (sign_up.answer, sign_up.by) == ("coming", cast.liaison)
    entry = Entry.objects.filter(verb="activities.answered").latest("id")
    assert (entry.actor_id, entry.for_id) == (cast.liaison.pk, cast.member.pk)
    own = site.page(cast.member)
    own.goto(reverse("portal:about_me"))
    expect(own.get_by_text("廖联络").first).to_be_visible()


def test_who_looked_at_my_number_and_why_is_shown_to_me(site: Site) -> None:
    cast = site.world.cast
    desk = site.page(cast.clerk, 1280)
    desk.goto(reverse("members:person", args=[cast.member.pk]))
    expect(desk.locator("main")).not_to_contain_text("19900000001")
    desk.get_by_label("原因").fill("办理组织关系转接")
    desk.get_by_role("radio", name="电话号码").check()
    desk.get_by_role("button", name="查看").click()
    expect(desk.locator("main")).to_contain_text("19900000001")
    page = site.page(cast.member)
    page.goto(reverse("portal:about_me"))
    expect(page.get_by_text("办理组织关系转接")).to_be_visible()
