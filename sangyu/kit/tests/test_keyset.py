"""Pages of a list: every row once and in order, forward and back, also while rows come and go."""

from collections.abc import Iterator, Sequence

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sangyu.kit.keyset import Slice, paged
from sangyu.kit.tests.factories import add, remove, rows

NAMES = st.lists(st.sampled_from(["", "a", "b", "b'", "仇", "仇老 a", "曾"]), max_size=12)
ORDERS = st.sampled_from([("name", "id"), ("-name", "-id"), ("id",), ("content_type__model", "name", "id")])


def opened(url: str, order: Sequence[str] = ("name", "id"), size: int = 3) -> Slice[Permission]:
    return paged(RequestFactory().get(f"/{url}"), rows(order), size)


def walk(url: str, order: Sequence[str], size: int, step: str) -> Iterator[Slice[Permission]]:
    """Pages from that address on, as somebody turns them."""
    while True:
        page = opened(url, order, size)
        yield page
        url = getattr(page, step)
        if not url:
            return


class Walking(TestCase):
    @given(NAMES, ORDERS, st.integers(1, 4))
    def test_there_and_back_shows_every_row_once_in_order(self, names: list[str], order: Sequence[str], n: int) -> None:
        add(names)
        pages = list(walk("", order, n, "next_url"))
        there = [row.pk for page in pages for row in page.rows]
        assert there == list(rows(order).values_list("pk", flat=True))
        assert all(len(page.rows) == n for page in pages[:-1]) and len(pages[-1].rows) <= n
        back = list(walk(pages[-1].previous_url, order, n, "previous_url")) if len(pages) > 1 else []
        assert [row.pk for page in reversed(back) for row in page.rows] == there[: n * (len(pages) - 1)]

    @given(NAMES, NAMES, ORDERS, st.integers(1, 4), st.data())
    def test_what_stays_is_shown_once_while_others_come_and_go(
        self, names: list[str], late: list[str], order: Sequence[str], n: int, data: st.DataObject
    ) -> None:
        made = add(names)
        gone = set(data.draw(st.lists(st.sampled_from(made), unique=True) if made else st.just([])))
        pages = walk("", order, n, "next_url")
        seen = [row.pk for row in next(pages).rows]
        add(late)
        remove([row.pk for row in gone])
        after = []
        for page in pages:
            after += [row.pk for row in page.rows]
        if not rows().filter(pk__in=after).exists() or set(seen) & set(after):
            return  # all that was left behind the first page has gone: the list began again
        stayed = [pk for pk in rows(order).values_list("pk", flat=True) if pk in {row.pk for row in made} - gone]
        shown = [pk for pk in seen + after if pk in stayed]
        assert shown == stayed


@pytest.fixture
def thirty(db: None) -> list[Permission]:
    return add([f"name {i:02}" for i in range(30)])


def test_a_page_is_one_query(thirty: list[Permission], django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    url = opened("").next_url
    with django_assert_num_queries(1):
        page = opened(url, size=10)
        assert [row.content_type.pk for row in page.rows]


@pytest.mark.parametrize("url", ["?after=", "?after=x", "?before=%00", "?after=仇", "?after=bm8", "?after=" + "A" * 60])
def test_a_mangled_address_shows_the_beginning(thirty: list[Permission], url: str) -> None:
    page = opened(url)
    assert page.rows == thirty[:3] and not page.previous_url


def test_one_changed_letter_is_mangled(thirty: list[Permission]) -> None:
    url = opened("").next_url
    changed = url[:-2] + ("A" if url[-2] != "A" else "B") + url[-1]
    assert opened(url).rows == thirty[3:6] and opened(changed).rows == thirty[:3]


def test_a_place_of_another_list_is_no_place_here(thirty: list[Permission]) -> None:
    assert opened(opened("", ("name", "id")).next_url, ("content_type__model", "name", "id")).rows != thirty[3:6]
    assert opened(opened("", ("name", "id")).next_url, ("id",)).rows == thirty[:3]


def test_an_address_tells_nothing_of_the_row(thirty: list[Permission]) -> None:
    urls = {opened("").next_url for _ in range(2)}
    assert len(urls) == 2  # sealed anew each time, so that equal places are not even seen to be equal
    assert not [url for url in urls if "name" in url]


def test_other_words_of_the_address_stay(thirty: list[Permission]) -> None:
    page = opened(opened("?words=仇&on=2026-11-19").next_url)
    for url in (page.next_url, page.previous_url):
        assert "on=2026-11-19" in url and url.count("after=") + url.count("before=") == 1


def test_behind_a_place_where_nothing_is_left_the_list_begins_again(thirty: list[Permission]) -> None:
    second = opened("")
    remove([row.pk for row in thirty[3:]])
    page = opened(second.next_url)
    assert (page.rows, page.previous_url, page.next_url) == (thirty[:3], "", "")


def test_an_empty_list_has_no_other_pages(db: None) -> None:
    assert opened("") == Slice([], "", "")


def test_the_comparison_walks_the_index(db: None) -> None:
    """Not sorted and not filtered: what lies before the place is never read."""
    add(["name"] * 2000)
    with connection.cursor() as cursor:
        for road in ("seqscan", "sort", "incremental_sort"):  # they suit a table as small as this
            cursor.execute(f"set local enable_{road} = off")
        order = ("content_type_id", "codename")  # an index of the table stands so, and is unique
        first = paged(RequestFactory().get("/"), Permission.objects.order_by(*order), 1000)
        with CaptureQueriesContext(connection) as asked:
            paged(RequestFactory().get(f"/{first.next_url}"), Permission.objects.order_by(*order), 50)
        cursor.execute(f"explain {asked[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (ROW(content_type_id, (codename)::text) > ROW(" in plan and "Sort" not in plan
