"""Every page of the url table, as everybody who opens it sees it: accessible, large enough, silent, and its own."""

from collections.abc import Sequence
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from sangyu.kit import clock
from tests.browser.looking import Watch, keep_picture, looked_over
from tests.browser.pages import BUREAU, LIAISON, MEMBER, NO_PAGES, PAGES, SECRETARY, STRANGER, Look, person_in
from tests.browser.site import DESK, Site
from tests.house.doors import doors
from tests.world import NOW

pytestmark = pytest.mark.browser
SAMPLES = {"int": 1, "string": "x"}
LOOKS = [(look, role) for look in PAGES for role in look.roles]


def test_no_page_is_forgotten(quiet_site: Site) -> None:
    """What is neither listed nor for buttons only would never be looked at."""
    told = {look.name for look in PAGES} | set(NO_PAGES)
    client = Client()
    client.force_login(quiet_site.world.cast.clerk.account)
    for door in doors():
        if door.name not in told:
            address = reverse(door.name, kwargs={key: SAMPLES[kind] for key, kind in door.arguments.items()})
            assert client.get(address).status_code == 405, f"{door.name} is a page: add it to tests/browser/pages.py"


def test_no_listed_page_is_gone() -> None:
    there = {door.name for door in doors()}
    assert not {look.name for look in PAGES} - there
    assert not set(NO_PAGES) - there


@pytest.mark.parametrize("look,role", LOOKS, ids=[f"{look.title}-{role}" for look, role in LOOKS])
def test_a_page_can_be_used_by_everybody(quiet_site: Site, look: Look, role: str) -> None:
    address = look.address(quiet_site.world)
    page = quiet_site.page(person_in(quiet_site.world, role), DESK)
    watch = Watch(page, quiet_site.address)
    answer = page.goto(address)
    status = answer.status if answer else 0
    if status != 200 and not (status == 403 and look.state == "dead"):
        pytest.fail(f"{address} answers {role} with {status}: {page.inner_text('body')[:200]}", pytrace=False)
    if page.url != quiet_site.address + quote(address, safe="/?=&"):
        pytest.fail(f"{address} leads {role} to {page.url}", pytrace=False)
    dead = dead_links(quiet_site, page, role)
    check(page, watch, role, f"{look.title}-{role}", status, dead)


FOLLOWED: dict[tuple[str, str], int] = {}


def dead_links(site: Site, page: Page, role: str) -> list[str]:
    """Links of the page that lead this person nowhere."""
    client, person = Client(), person_in(site.world, role)
    if person is not None and person.account is not None:
        client.force_login(person.account)
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href.split('#')[0])")
    others = {link for link in links if link.startswith(f"{site.address}/") and link != page.url}
    inside = sorted(link.removeprefix(site.address) for link in others)
    for link in inside:
        if (role, link) not in FOLLOWED:
            with clock.at(NOW):
                FOLLOWED[role, link] = client.get(link).status_code
    return [f"a link to {link} gives {FOLLOWED[role, link]}" for link in inside if FOLLOWED[role, link] >= 400]


def check(page: Page, watch: Watch, role: str, title: str, status: int, dead: Sequence[str] = ()) -> None:
    """Fails with everything that is wrong with the page, not only the first thing."""
    is_portal = "/console/" not in page.url
    problems = looked_over(page, is_portal, is_portal or role != BUREAU) + watch.problems + [*dead]
    keep_picture(page, title.replace(":", "_"))
    page.context.close()
    # Chromium reports a refused page as an error of its own.
    problems = [problem for problem in problems if status == 200 or f"status of {status}" not in problem]
    if problems:
        pytest.fail("\n".join([f"{title} has {len(problems)} problems:", *problems]), pytrace=False)


REFUSED = [
    (MEMBER, "/console/rosters/", 403),
    (SECRETARY, "/console/alliances/propose/", 403),
    (MEMBER, "/portal/activities/999999/", 404),
    (LIAISON, "/console/people/999999/", 404),
    (STRANGER, "/nowhere/", 404),
    (BUREAU, "/nowhere/", 404),
]


@pytest.mark.parametrize("role,where,status", REFUSED, ids=[f"{role}-{where}" for role, where, _ in REFUSED])
def test_a_refusal_is_a_page_too(quiet_site: Site, role: str, where: str, status: int) -> None:
    page = quiet_site.page(person_in(quiet_site.world, role), DESK)
    watch = Watch(page, quiet_site.address)
    answer = page.goto(where)
    assert answer is not None and answer.status == status
    check(page, watch, role, f"refused-{role}{where.rstrip('/').replace('/', '_')}", status)


def test_files_come_as_files(quiet_site: Site) -> None:
    world = quiet_site.world
    client = Client()
    client.force_login(world.cast.clerk.account)
    month = {"organization_id": world.cast.branch.pk, "year": 2026, "month": 10}
    roster = {"roster_id": world.roster.pk}
    for address in (reverse("activities:ledger", kwargs=month), reverse("members:roster_faults", kwargs=roster)):
        answer = client.get(address)
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
        assert b"".join(answer)[:2] == b"PK"
