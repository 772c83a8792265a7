"""Finding people by name: how they may be asked for, who finds whom, in what order, and by which index."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from sangyu.accounts.models import Account
from sangyu.journal.actor import STRANGER, Actor
from sangyu.kit import clock
from sangyu.members.actions.memberships import leave
from sangyu.members.models import Membership
from sangyu.members.queries import search as searching
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast, make_member
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    bureau = cast.actor(cast.clerk)
    for serial, name in enumerate(("王建国", "欧阳建", "阿不都·买买提", "吕国", "王建")):
        make_member(bureau, cast.branch, name, str(50 + serial))
    make_member(bureau, cast.neighbour, "李建国", "60")
    return cast


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if two organizations were too many to ask all their people."""
    monkeypatch.setattr(searching, "FEW", 0)


def names(actor: Actor, words: str) -> list[str]:
    return [person.name for person in searching.search(actor, words).people]


ASKED = [
    ("建国", ["李建国", "王建国"]),
    ("王建国", ["王建国"]),
    ("王国", []),  # not neighbours
    (" 王 建 ", ["王建", "王建国"]),
    ("wj", ["王建", "王建国"]),
    ("ＷＪＧ", ["王建国"]),
    ("w j g", ["王建国"]),
    ("wangjianguo", ["王建国"]),
    ("Wang Jian", ["王建", "王建国"]),
    ("lvguo", ["吕国"]),
    ("lü", ["吕国"]),
    ("oy", ["欧阳建"]),
    ("阿不都·买", ["阿不都·买买提"]),
    ("都买买提", ["阿不都·买买提"]),
    ("没有", []),
    ("·", []),
    ("%", []),
    ("王'--", []),
]


@pytest.mark.parametrize(("words", "found"), ASKED)
def test_the_bureau_finds_names_by_characters_initials_and_syllables(cast: Cast, words: str, found: list[str]) -> None:
    assert names(cast.actor(cast.clerk), words) == found


@pytest.mark.parametrize(("words", "found"), ASKED)
@pytest.mark.usefixtures("many")
def test_a_province_finds_the_same(cast: Cast, words: str, found: list[str]) -> None:
    assert names(cast.actor(cast.clerk), words) == found


def test_one_character_is_found_anywhere_in_a_name_by_those_who_work_for_a_few(cast: Cast) -> None:
    found = searching.search(cast.actor(cast.clerk), "建")
    assert [p.name for p in found.people] == ["李建国", "欧阳建", "王建", "王建国"]
    assert not found.by_surname


@pytest.mark.usefixtures("many")
def test_one_character_is_a_surname_where_there_are_many_and_the_page_says_so(cast: Cast) -> None:
    assert names(cast.actor(cast.clerk), "王") == ["王建", "王建国"]
    client = signed_in(cast.clerk)
    assert "这里列的是姓“王”的同志" in shown(client, "王")
    assert "请把相连的两个字一起写上" in shown(client, "建")


@pytest.mark.parametrize("few", [0, 200])
def test_everybody_finds_only_those_they_work_for(cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    assert names(cast.actor(cast.secretary), "建国") == ["王建国"]
    assert names(cast.actor(cast.liaison), "建国") == ["王建国"]
    assert names(cast.actor(cast.neighbour_secretary), "jg") == []
    assert names(cast.actor(cast.neighbour_secretary), "建国") == ["李建国"]
    for nobody in (cast.actor(cast.other_clerk), cast.actor(cast.member), STRANGER):
        assert names(nobody, "建国") == []


@pytest.mark.parametrize("few", [0, 200])
def test_an_officer_who_is_no_member_is_found_too(cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    assert names(cast.actor(cast.secretary), "廖联络") == ["廖联络"]
    assert names(cast.actor(cast.clerk), "ll") == ["廖联络"]
    assert names(cast.actor(cast.neighbour_secretary), "廖联络") == []


@pytest.mark.parametrize("few", [0, 200])
def test_who_left_is_still_found_and_shown_without_a_branch(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    bureau = cast.actor(cast.clerk)
    leave(bureau, Membership.objects.get(person__name="李建国"), clock.today())
    assert "没有组织关系" in shown(signed_in(cast.neighbour_secretary), "李建国")


def test_a_long_answer_comes_in_pages_that_miss_nobody(cast: Cast) -> None:
    bureau = cast.actor(cast.clerk)
    made = [make_member(bureau, cast.branch, "孙大山", str(100 + serial), FOUNDED).pk for serial in range(60)]
    client, seen = signed_in(cast.clerk), []
    url = reverse("members:search") + "?words=sds"
    while url:
        response = client.get(url)
        seen += [person.pk for person in response.context["people"]]
        url = response.context["next_url"] and reverse("members:search") + response.context["next_url"]
    assert seen == made
    first = shown(client, "sds")
    assert "后面还有更多" in first and "找到60位" not in first  # nobody counts them
    assert 'value="sds"' in first and "words=sds" in first


def test_nothing_found_tells_what_to_try(cast: Cast) -> None:
    page = shown(signed_in(cast.secretary), "李建国")
    assert "没有找到" in page and "写拼音" in page and "不归您管" in page


def test_an_empty_question_only_shows_the_form(cast: Cast) -> None:
    for words in ("", "   "):
        page = shown(signed_in(cast.secretary), words)
        assert "没有找到" not in page and 'name="words"' in page


def test_a_page_of_search_takes_at_most_eight_questions(cast: Cast, django_assert_max_num_queries: Any) -> None:
    bureau = cast.actor(cast.clerk)
    for serial in range(51):
        make_member(bureau, cast.branch, "孙大山", str(100 + serial))
    client = signed_in(cast.clerk)
    with django_assert_max_num_queries(8):
        shown(client, "孙大")


ORDERED = [
    ("王", "members_person_surname"),
    ("wj", "members_person_by_initials"),
    ("wang jian", "members_person_reading"),
]


@pytest.mark.parametrize(("words", "index"), ORDERED)
@pytest.mark.usefixtures("many")
def test_a_beginning_is_found_in_order_without_sorting(cast: Cast, words: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off")  # for ten people it would do both
    plan = searching.search(cast.actor(cast.clerk), words).people[:50].explain()
    assert index in plan and "Sort" not in plan


@pytest.mark.usefixtures("many")
def test_what_stands_within_names_is_found_by_its_grams(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_indexscan = off")
    assert "members_person_grams" in searching.search(cast.actor(cast.clerk), "建国").people[:50].explain()


def test_those_of_few_branches_are_asked_one_by_one_whatever_the_name(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")  # for ten people it would read them all
    plan = searching.search(cast.actor(cast.secretary), "王").people[:50].explain()
    # By whichever index that holds the number: what counts is that the name is only looked at then.
    assert "Filter: (grams @>" in plan and "members_person_grams" not in plan


def shown(client: Client, words: str) -> str:
    response = client.get(reverse("members:search"), {"words": words})
    assert response.status_code == 200
    return response.content.decode()


def test_a_stranger_is_asked_to_sign_in(db: None) -> None:
    assert Account.objects.count() == 0
    assert Client().get(reverse("members:search"), {"words": "建国"}).status_code == 302
