"""Chinese letters are drawn: without a font every page would pass its checks as rows of empty boxes."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
MISSING = "\U0010fffd"  # private use: no font has it


def drawn(browser: Browser, letter: str) -> bytes:
    page = browser.new_page(viewport={"width": 120, "height": 120})
    page.set_content(f'<html lang="zh-CN"><body style="margin:0;font:80px/1.2 sans-serif">{letter}</body></html>')
    try:
        return page.screenshot()
    finally:
        page.close()


def test_chinese_letters_are_drawn(browser: Browser) -> None:
    elm, mulberry, box = drawn(browser, "榆"), drawn(browser, "桑"), drawn(browser, MISSING)
    assert box not in (elm, mulberry), "no Chinese font: install one, such as fonts-noto-cjk"
    assert elm != mulberry, "no Chinese font: install one, such as fonts-noto-cjk"
    assert drawn(browser, "桑") == mulberry, "the same letter is drawn the same way"
