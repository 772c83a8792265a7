"""Answering what people said: by the bureau of their place, and whoever said it can read the answer."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.journal.models import Entry
from sangyu.kit.refusals import NotAllowed, Refusal
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import signed_in
from sangyu.voices.actions import answer, complain
from sangyu.voices.models import Complaint
from sangyu.voices.queries import own_complaints

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def complaint(cast: Cast) -> Complaint:
    return complain(cast.actor(cast.member, "portal"), "活动室的楼梯太陡。", "/portal/", uuid4())


def inbox(client: Client) -> str:
    return client.get(reverse("voices:inbox")).content.decode()


def test_whoever_said_it_reads_the_answer_and_who_gave_it(cast: Cast, complaint: Complaint) -> None:
    answer(cast.actor(cast.clerk), complaint, " 下月装扶手。 ")
    mine = own_complaints(cast.actor(cast.member, "portal")).get()
    assert (mine.answer, mine.answered_by) == ("下月装扶手。", cast.clerk)
    assert Entry.objects.filter(verb="voices.answered", subject_id=complaint.pk).exists()


def test_an_empty_answer_is_refused_and_writes_nothing(cast: Cast, complaint: Complaint) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refusal, match="写下答复"):
        answer(cast.actor(cast.clerk), complaint, " ")
    complaint.refresh_from_db()
    assert (complaint.answered_at, Entry.objects.count()) == (None, before)


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_only_the_bureau_above_answers(cast: Cast, complaint: Complaint, who: str) -> None:
    client = signed_in(getattr(cast, who))
    before = Entry.objects.count()
    with pytest.raises(NotAllowed):
        answer(cast.actor(getattr(cast, who)), complaint, "下月装扶手。")
    response = client.post(reverse("voices:answer", args=[complaint.pk]), {"text": "下月装扶手。"})
    assert response.status_code == 404 and "活动室" not in inbox(client)
    complaint.refresh_from_db()
    assert (complaint.answer, Entry.objects.count()) == ("", before)


def test_the_inbox_has_the_unanswered_on_top_and_the_answered_below(cast: Cast, complaint: Complaint) -> None:
    other = complain(cast.actor(cast.housebound, "portal"), "字太小。", "/portal/", uuid4())
    bureau = signed_in(cast.clerk)
    assert "等待答复（2件）" in inbox(bureau)
    address = reverse("voices:answer", args=[complaint.pk])
    assert "活动室的楼梯太陡" in bureau.get(address).content.decode()
    shown = bureau.post(address, {"text": "下月装扶手。"}, follow=True).content.decode()
    assert "等待答复（1件）" in shown and shown.index(other.text) < shown.index(complaint.text)


def test_nothing_typed_is_lost(cast: Cast, complaint: Complaint) -> None:
    response = signed_in(cast.clerk).post(reverse("voices:answer", args=[complaint.pk]), {"text": "好"})
    assert "写下答复" in response.content.decode() and ">\n好</textarea>" in response.content.decode()


def test_sixty_complaints_have_pages_and_ask_few_questions(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(60):
        complain(cast.actor(cast.member, "portal"), f"第{number}页的字太小。", "/portal/", uuid4())
    bureau = signed_in(cast.clerk)
    with django_assert_max_num_queries(14):
        shown = inbox(bureau)
    assert "等待答复（60件）" in shown and shown.count("的字太小。") == 50 and "下一页" in shown
