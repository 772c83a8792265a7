"""How the site may be reached: https, hosts, origins; and what must not be on where others can come."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from sangyu.config import environment
from sangyu.config.checkup.finding import Finding, fine, must, notice
from sangyu.config.running import running

HERE = {"localhost", "127.0.0.1", "[::1]", "::1"}


def findings() -> Iterator[Finding]:
    elsewhere = is_open()
    yield from _way() if elsewhere else [fine("site", "只有这台机器能打开")]
    if settings.DEBUG:
        grade = must if elsewhere else notice
        yield grade("debug", "开着，出错时会把内部情况显示给别人。请去掉 SANGYU_DEBUG。")
    if settings.DEMO:
        yield _demo(elsewhere)


def is_open() -> bool:
    """True when somebody on another machine is meant to open the site."""
    listens = any(one.host not in HERE for one in running() if one.web)
    return listens or settings.HTTPS or bool(set(settings.ALLOWED_HOSTS) - HERE)


def _way() -> Iterator[Finding]:
    told = []
    if not settings.HTTPS:
        told.append(
            must("site", "别的机器能打开，但没有 https，密码会被路上的人看到。请放在 https 之后，设 SANGYU_HTTPS=1。")
        )
    if not set(settings.ALLOWED_HOSTS) - HERE:
        told.append(
            must("site", "没有写对外的网址，别的机器打开会出错。请设 SANGYU_HOSTS，例如 sangyu.example.gov.cn。")
        )
    if "*" in settings.ALLOWED_HOSTS:
        told.append(must("site", "SANGYU_HOSTS 是 *，任何网址都接受，不安全。请写明网址。"))
    wrong = [one for one in settings.CSRF_TRUSTED_ORIGINS if not _is_origin(one)]
    if wrong:
        told.append(must("site", f"SANGYU_ORIGINS 写得不对：{'、'.join(wrong)}。要写成 https://网址，后面没有斜杠。"))
    yield from told or [fine("site", f"经 https，网址 {'、'.join(sorted(set(settings.ALLOWED_HOSTS) - HERE))}")]


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.path


def _demo(elsewhere: bool) -> Finding:
    """The demo shows sample accounts with their password on the sign-in page."""
    if elsewhere or (environment.uses_embedded() and environment.database_name() != environment.DEMO_DATABASE):
        return must("demo", "开着，登录页会公开示例账号和密码。正式使用请去掉 SANGYU_DEMO，用 sangyu up 启动。")
    return notice("demo", "这里看到的是示例数据，人物是虚构的")
