"""Looking at one page: everything that is wrong with it, in one list."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from sangyu.config import environment
from tests.browser.site import DESK, PHONE, SMALLEST, TALL

CHECKS = (Path(__file__).parent / "checks.js").read_text().partition("\n")[2]
KNOWN_WORDS = ["Word", "PDF", "Excel", "WPS", "xlsx", "xls", "docx"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = Axe()


class Watch:
    """Listens to a page from before its first request: what it fetches, what its console says."""

    def __init__(self, page: Page, address: str) -> None:
        self.problems: list[str] = []
        page.on("console", lambda said: said.type == "error" and self.problems.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("request", lambda asked: self._asked(asked.url, address))

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((f"{address}/", "data:", "blob:", "about:")):
            self.problems.append(f"request to a foreign host: {url}")


def looked_over(page: Page, is_portal: bool, is_large_print: bool) -> list[str]:
    """Everything wrong with the page as it is shown, at the width of a desk, of a phone, and of the smallest phone."""
    found = []
    for width in (DESK, PHONE):
        resize(page, width)
        problems = _axe(page, is_portal) + page.evaluate(CHECKS, [is_large_print, KNOWN_WORDS])
        found += [f"{width}px: {problem}" for problem in dict.fromkeys(problems)]
    resize(page, SMALLEST)
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    if scrolled > SMALLEST:
        found.append(f"{SMALLEST}px: {scrolled}px wide, scrolls sideways")
    return found


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": TALL[width]})


def _axe(page: Page, is_portal: bool) -> list[str]:
    rules = {"color-contrast-enhanced": {"enabled": True}} if is_portal else {}
    options = {"runOnly": {"type": "tag", "values": WCAG}, "rules": rules, "resultTypes": ["violations"]}
    results = AXE.run(page, options=options)
    return [
        f"axe {broken['id']}: {node['html'][:90]} {_cause(node)}"
        for broken in results.response["violations"]
        for node in broken["nodes"]
    ]


def _cause(node: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(check["message"][:110] for check in node["any"] + node["all"] + node["none"])[:240]


def keep_picture(page: Page, name: str) -> None:
    """With SANGYU_SCREENSHOTS=1 each page is kept as people see it, for people to look at."""
    if os.environ.get("SANGYU_SCREENSHOTS") != "1":
        return
    folder = environment.REPOSITORY / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    for width in (DESK, PHONE):
        resize(page, width)
        page.screenshot(path=folder / f"{name}_{width}.png", full_page=True)
