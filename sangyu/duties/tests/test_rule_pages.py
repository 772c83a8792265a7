"""The pages of rules, set actions and the board: what stands there, who may change it, how many questions they ask."""

import re
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.duties.actions import adopt_rule_pack
from sangyu.duties.models import DutyRule
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.members.tests.cast import FOUNDED, OPERATOR, Cast, make_branch, make_cast
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=SHANGHAI)
WORDING = {"name": "读书会", "period": "month", "times": "1", "owed_by": "every_branch", "basis": "局里规定"}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_rule_pack(OPERATOR, cast.office, FOUNDED)
    return cast


@pytest.fixture
def bureau(cast: Cast) -> Client:
    return signed_in(cast.clerk)


def page(client: Client, url: str, *args: int, **query: object) -> str:
    with clock.at(NOW):
        response = client.get(reverse(f"duties:{url}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, url: str, *args: int, **fields: object) -> str:
    with clock.at(NOW):
        return client.post(reverse(f"duties:{url}", args=args), fields, follow=True).content.decode()


def test_the_rules_stand_there_with_their_basis(cast: Cast, bureau: Client) -> None:
    shown = page(bureau, "rules")
    assert "主题党日" in shown and "第十六条" in shown and "每月1次" in shown and "theme_day" not in shown


def test_a_new_duty_is_set_once(cast: Cast, bureau: Client) -> None:
    fields = {**WORDING, "token": str(uuid4()), "satisfied_by": ["study"], "since": "2026-12-01"}
    assert "已经加上" in send(bureau, "new", **fields)
    assert "已经有了" in send(bureau, "new", **fields)
    assert DutyRule.objects.filter(name="读书会").count() == 1


def test_a_duty_is_changed_from_a_day_on_and_then_stopped(cast: Cast, bureau: Client) -> None:
    rule = DutyRule.objects.get(code="theme_day")
    assert 'value="2026-12-01"' in page(bureau, "rule", rule.pk)
    shown = send(bureau, "rule", rule.pk, **WORDING, on="2026-12-02")
    assert "一个周期的第一天" in shown and 'value="读书会"' in shown
    assert "从2026年12月1日起按新的规定" in send(bureau, "rule", rule.pk, **WORDING, on="2026-12-01")
    new = DutyRule.objects.get(name="读书会")
    assert "不早于" in send(bureau, "end", new.pk, on="2026-03-01")
    assert "不再要求" in send(bureau, "end", new.pk, on="2027-01-01")


def test_set_actions_are_one_a_line(cast: Cast, bureau: Client) -> None:
    assert "重温入党誓词\n政治理论学习" in page(bureau, "actions")
    shown = send(bureau, "actions", prescribed="奏唱国歌\r\n\r\n 交纳党费 ", chosen="参观调研")
    assert "奏唱国歌\n交纳党费" in shown
    assert "重复" in send(bureau, "actions", prescribed="参观调研", chosen="参观调研")


def test_the_board_shows_the_latest_first_and_opens_to_the_branch(cast: Cast, bureau: Client) -> None:
    shown = page(bureau, "board")
    assert "共有2个支部" in shown and "逾期" in shown and "2026年1月" in shown
    assert "没有这样的支部" in page(bureau, "board", standing="met")
    opened = page(bureau, "board", organization=cast.branch.pk)
    assert "机关工委支部的到期事项" in opened and "2026年11月30日 星期一" in opened


def test_a_board_of_62_branches_has_pages_and_asks_few_questions(
    cast: Cast,
    bureau: Client,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    clerk = cast.actor(cast.clerk)
    for number in range(60):
        make_branch(clerk, cast.office, f"第{number}支部")
    with django_assert_max_num_queries(8):
        shown = page(bureau, "board")
    assert shown.count('<th scope="row">') == 50 and "下一页" in shown
    next_page = re.search(r'href="\?after=([^"]+)"', shown)
    assert next_page and page(bureau, "board", after=next_page[1]).count('<th scope="row">') == 12
    assert "这一页看了62个，其中有“逾期”的62个" in page(bureau, "board", standing="late")
    with django_assert_max_num_queries(8):
        page(bureau, "rules")


def test_branch_officers_read_the_rules_and_their_own_branch_only(cast: Cast) -> None:
    secretary, rule = signed_in(cast.secretary), DutyRule.objects.get(code="theme_day")
    assert "按新的规定" not in page(secretary, "rule", rule.pk) and "新增规定" not in page(secretary, "rules")
    shown = page(secretary, "board")
    assert cast.branch.name in shown and cast.neighbour.name not in shown
    assert secretary.get(reverse("duties:board"), {"organization": cast.neighbour.pk}).status_code == 404


@pytest.mark.parametrize("who", ["secretary", "other_clerk", "member"])
def test_nobody_else_changes_them(cast: Cast, who: str) -> None:
    client, rule = signed_in(getattr(cast, who)), DutyRule.objects.get(code="theme_day")
    before = DutyRule.objects.count(), Entry.objects.count()
    with clock.at(NOW):
        for name, args in (("rule", [rule.pk]), ("end", [rule.pk]), ("new", []), ("actions", [])):
            fields = {**WORDING, "on": "2026-12-01", "token": uuid4(), "satisfied_by": ["study"], "since": "2026-12-01"}
            address = reverse(f"duties:{name}", args=args)
            status = client.post(f"{address}?organization={cast.office.pk}", fields).status_code
            assert status in (403, 404), name
    assert (DutyRule.objects.count(), Entry.objects.count()) == before
