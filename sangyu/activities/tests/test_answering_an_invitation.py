"""Saying “I come” or “I can't”: oneself, or by a helper with both names; until it begins; twice is once."""

import pytest

from sangyu.activities.actions import planning
from sangyu.activities.models import SignUp
from sangyu.activities.tests.factories import NINE, make_activity
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.refusals import Gone, NotAllowed, Refusal
from sangyu.members.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
BEFORE = NINE.replace(day=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_it_keeps_the_answer_and_its_entry(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(BEFORE):
        sign_up = planning.answer_invitation(cast.actor(cast.member, "portal"), activity.pk, "coming")
    assert (sign_up.person_id, sign_up.by_id, sign_up.answer) == (cast.member.pk, cast.member.pk, "coming")
    entry = Entry.objects.get(verb="activities.answered")
    assert (entry.actor_id, entry.for_id, entry.door) == (cast.member.pk, None, "portal")


def test_the_last_answer_stands(cast: Cast) -> None:
    activity, actor = make_activity(cast), cast.actor(cast.member)
    with clock.at(BEFORE):
        planning.answer_invitation(actor, activity.pk, "coming")
        planning.answer_invitation(actor, activity.pk, "declined", "外出")
    answer = SignUp.objects.get()
    assert (answer.answer, answer.reason) == ("declined", "外出")


def test_a_helper_answers_with_both_names(cast: Cast) -> None:
    activity = make_activity(cast)
    helper = cast.actor(cast.liaison).on_behalf_of(cast.housebound.pk)
    with clock.at(BEFORE):
        sign_up = planning.answer_invitation(helper, activity.pk, "declined", "身体不适")
    assert (sign_up.person_id, sign_up.by_id) == (cast.housebound.pk, cast.liaison.pk)
    entry = Entry.objects.get(verb="activities.answered")
    assert (entry.actor_id, entry.for_id) == (cast.liaison.pk, cast.housebound.pk)


def test_the_reason_is_never_in_the_journal(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(BEFORE):
        planning.answer_invitation(cast.actor(cast.member), activity.pk, "declined", "身体不适")
    assert Entry.objects.get(verb="activities.answered").detail == {"answer": "declined"}


def test_it_is_too_late_once_it_has_begun(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(NINE), pytest.raises(Refusal, match="已经开始"):
        planning.answer_invitation(cast.actor(cast.member), activity.pk, "coming")
    assert not SignUp.objects.exists()


def test_nobody_answers_what_was_cancelled(cast: Cast) -> None:
    activity = make_activity(cast)
    planning.cancel_activity(cast.actor(cast.secretary), activity)
    with clock.at(BEFORE), pytest.raises(Refusal):
        planning.answer_invitation(cast.actor(cast.member), activity.pk, "coming")
    assert not SignUp.objects.exists()


def test_a_neighbours_activity_is_nobodys_business(cast: Cast) -> None:
    activity = make_activity(cast)
    with clock.at(BEFORE), pytest.raises(Gone):
        planning.answer_invitation(cast.actor(cast.neighbour_secretary), activity.pk, "coming")
    assert not SignUp.objects.exists()


def test_a_stranger_answers_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        planning.answer_invitation(cast.stranger, make_activity(cast).pk, "coming")
    assert not SignUp.objects.exists()
