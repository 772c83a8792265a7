"""A password of one's own: first by card, then changed; by nobody else."""

import pytest
from django.urls import reverse

from sangyu.accounts.actions import set_password
from sangyu.journal.models import Entry
from sangyu.kit.refusals import NotAllowed
from sangyu.members.tests.cast import Cast, make_cast
from sangyu.members.tests.signing_in import account_of, signed_in

pytestmark = pytest.mark.django_db
FIRST, SECOND = "songshu-2026-hong", "baiyang-2027-lv"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_who_came_by_card_sets_one_and_stays_signed_in(cast: Cast) -> None:
    client = signed_in(cast.member)
    answer = client.post(reverse("account_set_password"), {"password1": FIRST, "password2": FIRST})
    assert answer["Location"] == reverse("home")
    account = account_of(cast.member)
    account.refresh_from_db()
    assert account.check_password(FIRST)
    assert Entry.objects.filter(verb="accounts.password_set", actor_id=cast.member.pk).count() == 1
    assert account.sign_in_name in client.get(reverse("portal:home")).content.decode()  # told once, to write it down


def test_it_is_changed_with_the_old_one_only(cast: Cast) -> None:
    client, account = signed_in(cast.member), account_of(cast.member)
    client.post(reverse("account_set_password"), {"password1": FIRST, "password2": FIRST})
    form = {"oldpassword": "wrong-wrong-1", "password1": SECOND, "password2": SECOND}
    assert "现在的密码不对" in client.post(reverse("account_change_password"), form).content.decode()
    client.post(reverse("account_change_password"), {**form, "oldpassword": FIRST})
    account.refresh_from_db()
    assert account.check_password(SECOND)


def test_a_weak_one_is_refused_in_chinese(cast: Cast) -> None:
    answer = signed_in(cast.member).post(reverse("account_set_password"), {"password1": "12345", "password2": "12345"})
    assert "密码" in answer.content.decode()
    assert not Entry.objects.filter(verb="accounts.password_set").exists()


def test_nobody_sets_anothers(cast: Cast) -> None:
    account_of(cast.secretary)
    with pytest.raises(NotAllowed):
        set_password(cast.actor(cast.secretary), account_of(cast.member), FIRST)
    assert not account_of(cast.member).has_usable_password()
