"""The checks find what they are for: a check that finds nothing anywhere would let every page pass."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import Watch, looked_over

pytestmark = pytest.mark.browser
GOOD = """<!doctype html><html lang="zh-CN"><head><title>好</title><style>
body { font: 20px sans-serif; color: #000; background: #fff } a, button, summary { display: inline-block }
a, button, summary { padding: 14px }
input, select, textarea { font-size: 20px; min-height: 48px }
label { display: block; min-height: 44px }
button { font-size: 20px } .button-main { min-height: 60px }
</style></head><body><main><h1>到期事项</h1>%s</main></body></html>"""

FAULTS = {
    "text of 16px": '<p style="font-size: 16px">小字</p>',
    "control with text of 12px": '<label>姓名<input style="font-size: 12px"></label>',
    "target of": '<a href="/" style="padding: 0; font-size: 18px">小</a>',
    "× 50": '<button class="button-main" style="min-height: 50px; padding: 0; width: 90px; height: 50px">完成</button>',
    'foreign word "Submit"': "<p>Submit 一下</p>",
    "2 h1": "<h1>再来一个</h1>",
    "axe color-contrast:": '<p style="color: #999">看不清</p>',
    "axe color-contrast-enhanced": '<p style="color: #666">不够清楚</p>',
    "axe label": "<input>",
    "axe image-alt": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "scrolls sideways": '<div style="width: 400px">太宽</div>',
}


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


def problems_of(page: Page, body: str) -> list[str]:
    page.set_content(GOOD % body)
    return looked_over(page, is_portal=True, is_large_print=True)


def test_a_good_page_has_no_problems(page: Page) -> None:
    body = (
        '<p>三楼有电梯 2026年11月19日</p><a href="/">首页</a><button class="button-main">完成</button>'
        '<label><input type="checkbox">同意</label>'
        '<details><summary>更多</summary><p style="font-size: 9px">收起</p></details>'
        '<p style="position: absolute; width: 1px; height: 1px; overflow: hidden">hidden words</p>'
        "<p>用 Word 打开，登录名 ql1234</p>"
    )
    assert problems_of(page, body) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(page: Page, fault: str) -> None:
    found = problems_of(page, FAULTS[fault])
    assert any(fault in problem for problem in found), found


def test_small_print_may_stay_where_large_print_is_not_asked_for(page: Page) -> None:
    page.set_content(GOOD % FAULTS["text of 16px"])
    assert looked_over(page, is_portal=False, is_large_print=False) == []


def test_foreign_hosts_and_broken_scripts_are_heard(page: Page) -> None:
    body = "<script src='http://elsewhere.example/x.js'></script><script>throw Error('broken')</script>"
    page.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html"))
    watch = Watch(page, "http://here.example")
    page.goto("http://here.example/")
    assert any("elsewhere.example" in problem for problem in watch.problems)
    assert any("broken" in problem for problem in watch.problems)
