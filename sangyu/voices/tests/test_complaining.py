"""Saying what is wrong, from any page, and reading the answer."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from sangyu.journal.models import Entry
from sangyu.kit.refusals import NotAllowed, Refusal
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import helping, signed_in
from sangyu.voices import actions
from sangyu.voices.models import Complaint

pytestmark = pytest.mark.django_db
PAGE = "/voices/write/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def said(text: str = "字太小，看不清。", **more: str) -> dict[str, str]:
    return {"text": text, "token": str(uuid4()), **more}


def test_it_keeps_what_was_said_where_and_by_whom(cast: Cast) -> None:
    answer = signed_in(cast.member).post(PAGE, said(page="/portal/record/"))
    assert answer["Location"] == reverse("voices:write")
    complaint = Complaint.objects.get()
    assert (complaint.person_id, complaint.by_id, complaint.organization_id, complaint.page) == (
        cast.member.pk,
        cast.member.pk,
        cast.branch.pk,
        "/portal/record/",
    )
    assert Entry.objects.get(verb="voices.complained").detail == {}  # never the text


def test_the_page_one_came_from_is_remembered(cast: Cast) -> None:
    text = signed_in(cast.member).get(PAGE, {"from": "/portal/record/"}).content.decode()
    assert 'value="/portal/record/"' in text


def test_the_same_form_sent_twice_says_it_once(cast: Cast) -> None:
    client, form = signed_in(cast.member), said()
    for _ in range(2):
        client.post(PAGE, form)
    assert Complaint.objects.count() == 1


def test_an_empty_one_is_refused_in_words(cast: Cast) -> None:
    answer = signed_in(cast.member).post(PAGE, said("  "))
    assert "请写下您的意见" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_a_refused_one_loses_nothing_that_was_typed(cast: Cast) -> None:
    form = said("短")
    text = signed_in(cast.member).post(PAGE, form).content.decode()
    assert ">\n短</textarea>" in text and form["token"] in text


def test_a_helper_writes_it_with_both_names(cast: Cast) -> None:
    helping(cast.liaison, cast.housebound).post(PAGE, said())
    complaint = Complaint.objects.get()
    assert (complaint.person_id, complaint.by_id) == (cast.housebound.pk, cast.liaison.pk)
    assert "由廖联络代写" in signed_in(cast.housebound).get(PAGE).content.decode()


def test_one_reads_ones_own_and_the_answer_and_nobody_elses(cast: Cast) -> None:
    signed_in(cast.member).post(PAGE, said("活动室太冷"))
    actions.answer(cast.actor(cast.clerk), Complaint.objects.get(), "暖气已经修好")
    text = signed_in(cast.member).get(PAGE).content.decode()
    assert "活动室太冷" in text and "暖气已经修好" in text
    assert "活动室太冷" not in signed_in(cast.housebound).get(PAGE).content.decode()


def test_markup_is_shown_as_typed(cast: Cast) -> None:
    client = signed_in(cast.member)
    client.post(PAGE, said("<script>alert(1)</script>"))
    assert "&lt;script&gt;" in client.get(PAGE).content.decode()


def test_the_action_refuses_a_stranger_and_an_empty_text(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.complain(cast.stranger, "字太小", "", uuid4())
    with pytest.raises(Refusal):
        actions.complain(cast.actor(cast.member), " ", "", uuid4())
    assert not Complaint.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client: Any) -> None:
    assert client.post(PAGE, said()).status_code == 302
    assert not Complaint.objects.exists()


def test_many_of_them_cost_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast.member)
    for number in range(6):
        client.post(PAGE, said(f"第{number}条意见"))
    with django_assert_max_num_queries(10):
        client.get(PAGE)
