"""How much work it is: real presses and keys, counted inside the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sangyu.activities.models import SignUp
from tests.browser.site import Site

pytestmark = pytest.mark.browser

# Counted in the tab's own store, so that the count lives on when the page changes. Keys in the minutes are not counted.
COUNT = """
const count = (event) => {
  if (!event.isTrusted || (event.type === "keydown" && event.target.name === "minutes")) return;
  sessionStorage.setItem("taps", Number(sessionStorage.getItem("taps") ?? 0) + (event.type === "change" ? 2 : 1));
};
addEventListener("pointerdown", count, true);
addEventListener("keydown", count, true);
addEventListener("change", (event) => { if (event.target.tagName === "SELECT") count(event); }, true);
"""


@dataclass
class Taps:
    page: Page

    @property
    def done(self) -> int:
        return int(self.page.evaluate("sessionStorage.getItem('taps')") or 0)


@contextmanager
def counted(page: Page) -> Iterator[Taps]:
    """Counts from the page that is open now."""
    page.add_init_script(COUNT)
    page.reload()
    page.evaluate("sessionStorage.setItem('taps', 0)")
    yield Taps(page)


def test_the_counter_counts(site: Site) -> None:
    page = site.page(site.world.cast.member)
    page.goto(reverse("portal:home"))
    with counted(page) as taps:
        page.get_by_role("link", name="我的记录").click()
        page.wait_for_url("**/portal/record/")
        page.keyboard.press("Tab")
        assert taps.done == 2


def test_an_old_comrade_signs_up_in_three_taps_from_the_home_page(site: Site) -> None:
    member, activity = site.world.cast.member, site.world.upcoming
    page = site.page(member)
    page.goto(reverse("portal:home"))
    with counted(page) as taps:
        page.get_by_role("button", name="我参加").first.click()
        expect(page.get_by_text("已经报名")).to_be_visible()
        assert taps.done <= 3
    assert SignUp.objects.get(activity=activity, person=member).answer == "coming"


def test_an_old_comrade_declines_in_three_taps_from_the_home_page(site: Site) -> None:
    member, activity = site.world.cast.member, site.world.upcoming
    page = site.page(member)
    page.goto(reverse("portal:home"))
    with counted(page) as taps:
        page.get_by_role("button", name="这次去不了").first.click()
        page.get_by_role("button", name="身体不适").click()
        expect(page.get_by_text("这次不参加").first).to_be_visible()
        assert taps.done <= 3
    sign_up = SignUp.objects.get(activity=activity, person=member)
    assert (sign_up.answer, sign_up.reason) == ("declined", "身体不适")


def test_a_lost_card_is_replaced_in_two_taps(site: Site) -> None:
    member = site.world.cast.member
    page = site.page(site.world.cast.clerk)
    page.goto(reverse("members:person", args=[member.pk]))
    with counted(page) as taps:
        page.get_by_role("link", name="补发登录卡").click()
        page.get_by_role("button", name="出新卡").click()
        expect(page.get_by_text("登录卡只显示这一次")).to_be_visible()
        assert taps.done == 2
    assert member.account is not None
    assert member.account.invitations.filter(used_at=None, revoked_at=None).count() == 1


def test_thirty_people_three_exceptions_and_closing_take_twelve_taps(site: Site) -> None:
    part, members = site.world.big_begun, site.world.members
    page = site.page(site.world.big_secretary)
    page.goto(reverse("console:home"))
    with counted(page) as taps:
        page.get_by_role("link", name="三十人的一课").click()
        for person, label in ((members[5], "请假"), (members[12], "缺席"), (members[29], "送学")):
            page.get_by_role("group", name=person.name).get_by_text(label, exact=True).click()
        page.get_by_label("会议记录").click()
        page.keyboard.type("学习了全会精神，三位同志发言，会后参观。")
        page.get_by_role("button", name="完成点名").click()
        expect(page.get_by_role("status").first).to_contain_text("点名完成")
        assert taps.done <= 12
    marks = list(part.roll.values_list("mark", flat=True))
    assert sorted(marks) == sorted(["present"] * 27 + ["leave", "absent", "sent_home"])
    part.refresh_from_db()
    assert part.is_closed
