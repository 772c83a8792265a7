"""Pages at three sizes: lists, what is due, search; in the process and over HTTP, signed in and with rights.

Each stands beside the SQL of the same rows alone, and beside the same page among ten times fewer people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from sangyu.accounts.models import Account
from sangyu.activities.models import Participation
from sangyu.bench.measure import Measure, Size, milliseconds
from sangyu.bench.province import Province, found_province
from sangyu.bench.web import BARE, Visitor, requests_a_second, served
from sangyu.kit import clock
from sangyu.members.models import Organization
from sangyu.members.queries import organizations
from sangyu.members.queries.people import signed_in_as
from sangyu.members.queries.search import search
from sangyu.members.rules import OFFICERS

SIZES = (10_000, 100_000, 1_000_000)
ROWS = 50
TIMES = 40
REQUESTS = 400
LIST, SEARCH = "≤ 25 毫秒", "≤ 30 毫秒"
WORDS = (("常见姓", "王"), ("常见两字", "王建"), ("名中两字", "建林"), ("首字母", "wj"), ("没有的名字", "龘龘"))


@dataclass(frozen=True, slots=True)
class Page:
    """A page, who opens it, and the rows it shows."""

    name: str
    account: int
    url: str
    rows: QuerySet[Any]
    aim: str


def run(size: Size) -> Iterator[Measure]:
    before: dict[str, float] = {}
    for full in SIZES:
        people = size.of(full, least=1_000)
        found_province(people)
        with served() as port:
            for page in _pages(people):
                yield from _measured(page, people, port, before)
            if full == SIZES[-1]:
                yield _throughput(port)


def _measured(page: Page, people: int, port: int, before: dict[str, float]) -> Iterator[Measure]:
    """One page three ways; `before` holds the medians of the size before, by page."""
    client = _browser(page.account)
    sql = _bare_sql(page.rows)
    bare, _ = milliseconds(sql, TIMES)
    inside, inside_p95 = milliseconds(partial(_get, client, page.url), TIMES)
    visitor = Visitor(port, client.cookies["sessionid"].value)
    over, over_p95 = milliseconds(partial(visitor.get, page.url), TIMES)
    named = f"{page.name}，{people:,} 人"
    yield Measure("pages", f"{named}：进程内中位", inside, "毫秒", "只取这些行", bare, aim=page.aim)
    yield Measure("pages", f"{named}：进程内 p95", inside_p95, "毫秒", "只取这些行", bare)
    yield Measure("pages", f"{named}：经 HTTP 中位", over, "毫秒", "只取这些行", bare, aim=page.aim)
    yield Measure("pages", f"{named}：经 HTTP p95", over_p95, "毫秒", "只取这些行", bare)
    if page.name in before:
        earlier = before[page.name]
        yield Measure("pages", f"{named}：比人数少九成时", inside, "毫秒", "那时的中位", earlier, gate="<= 1.2")
    before[page.name] = inside


def _throughput(port: int) -> Measure:
    client = _browser(Province.root)
    session = client.cookies["sessionid"].value
    asked = partial(requests_a_second, port, session, count=REQUESTS)
    page = asked(url=reverse("console:people_below", args=[Province.root]))
    return Measure(
        "pages", f"{ROWS} 行名单，同时 4 人", page, "次/秒", "空白的 50 行页面", asked(url=BARE), gate=">= 0.33"
    )


def _pages(people: int) -> Iterator[Page]:
    """Each page with its rows; the root sees all, a branch's secretary fifty people."""
    root, branch = (Organization.objects.get(pk=pk) for pk in (Province.root, Province.branch))
    for name, place, number in (("全部党员名单", root, people), ("一个支部的名单", branch, ROWS)):
        actor = signed_in_as(place.pk, "console").actor
        rows = organizations.members_below(actor, place, clock.today(), number)
        yield Page(name, place.pk, reverse("console:people_below", args=[place.pk]), rows, LIST)
    parts = Participation.objects.filter(organization__line__overlap=actor.realm(OFFICERS)).select_related("activity")
    yield Page("到期事项", branch.pk, reverse("console:home"), parts, LIST)
    for who, place in (("全部", root), ("一个支部", branch)):
        actor = signed_in_as(place.pk, "console").actor
        for what, words in WORDS:
            url = f"{reverse('members:search')}?{urlencode({'words': words})}"
            yield Page(f"{who}里找{what}", place.pk, url, search(actor, words).people, SEARCH)


def _browser(account: int) -> Client:
    """Signed in, with a session in the database as everybody has one."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(pk=account), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def _get(client: Client, url: str) -> None:
    response = client.get(url)
    if response.status_code != 200:
        raise ValueError(f"{url}: {response.status_code}")


def _bare_sql(rows: QuerySet[Any]) -> Callable[[], object]:
    """The database's answer alone: one page of the rows, without objects, templates or sign-in."""
    statement, values = rows[: ROWS + 1].query.sql_with_params()

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    return ask
