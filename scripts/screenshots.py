"""Photographs the pages of the demo for README and docs: `make screenshots` (which lives the demo first).

Serves the sample data on a free port, signs in as each sample person without a password, and writes
docs/screenshots/*.png at phone or desk width.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from sangyu.commands.session import load, look_at_demo
from sangyu.commands.up import free_port
from sangyu.config import database, environment

OUT = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
PHONE, DESK = {"width": 390, "height": 1180}, {"width": 1280, "height": 860}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--lang=zh-CN"]  # fmt: skip


def main() -> None:
    look_at_demo()
    if environment.uses_embedded():
        database.start_embedded()
    shots = list(load("scripts.scenes").scenes())  # before the browser: it runs a loop in which Django will not read
    port = free_port("127.0.0.1", 8100)
    server = subprocess.Popen([sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port),
                               "--log-level", "error", "sangyu.config.wsgi:application"])  # fmt: skip
    try:
        _wait(port)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=os.environ["SANGYU_CHROMIUM"], args=FLAGS)
            _take_all(browser, f"http://127.0.0.1:{port}", shots)
    finally:
        server.terminate()
        server.wait()
        load("django.db").connections.close_all()
        database.rest_embedded()


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            urlopen(f"http://127.0.0.1:{port}/health", timeout=2)
            return
        except URLError:
            time.sleep(0.2)
    raise SystemExit("网页服务没有启动。")


def _take_all(browser: Browser, site: str, shots: list[Any]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for name, cookie, path, wide in shots:
        context = browser.new_context(viewport=DESK if wide else PHONE, locale="zh-CN", device_scale_factor=1)
        if cookie:
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
        page = context.new_page()
        page.goto(site + path)
        page.screenshot(path=OUT / f"{name}.png")
        context.close()


if __name__ == "__main__":
    main()
