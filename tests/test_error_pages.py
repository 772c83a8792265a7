"""Whatever goes wrong, a person reads a Chinese sentence and finds the way back."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from sangyu.members.tests.cast import make_cast
from sangyu.members.tests.signing_in import signed_in


@pytest.mark.django_db
def test_an_unknown_address_says_so_in_chinese() -> None:
    cast = make_cast()
    browser = signed_in(cast.member)
    answer = browser.get("/没有这一页/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_asks_a_stranger_nothing_but_chinese() -> None:
    assert "没有找到这一页" in Client().get("/wp-login.php").content.decode()


def test_the_page_for_our_own_mistakes_needs_nothing() -> None:
    page = render_to_string("500.html")
    assert "不是您的操作有误" in page
    assert 'href="/"' in page
