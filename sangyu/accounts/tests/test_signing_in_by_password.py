"""Sign-in name and password, and what a stranger gets to see."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from sangyu.accounts.actions import open_account, set_password
from sangyu.accounts.models import Account
from sangyu.accounts.tests.factories import stop
from sangyu.journal.actor import machine
from sangyu.journal.models import Entry

pytestmark = pytest.mark.django_db
MAKER = machine("command", "accounts.set_password")
PASSWORD = "songshu-2026-hong"
INSIDE = ["portal:home", "portal:record", "portal:about_me", "portal:call_liaison", "voices:write"]


@pytest.fixture
def account() -> Account:
    account = open_account(MAKER, "ql")
    set_password(MAKER, account, PASSWORD)
    return account


def enter(client: Client, account: Account, password: str = PASSWORD) -> str:
    answer = client.post(reverse("account_login"), {"login": account.sign_in_name, "password": password})
    return answer.get("Location", "") or answer.content.decode()


def test_the_right_password_leads_home(client: Client, account: Account) -> None:
    assert enter(client, account) == reverse("home")


def test_a_wrong_one_says_what_to_do_and_not_which_part_was_wrong(client: Client, account: Account) -> None:
    assert "登录名或密码不对" in enter(client, account, "wrong-wrong-1")
    account.sign_in_name = "nobody1234"
    assert "登录名或密码不对" in enter(client, account)


def test_after_five_wrong_passwords_it_asks_to_wait(client: Client, account: Account) -> None:
    for _ in range(6):
        text = enter(client, account, "wrong-wrong-1")
    assert "请过15分钟再试" in text
    assert "请过15分钟再试" in enter(client, account)


def test_a_stopped_account_is_told_so(client: Client, account: Account) -> None:
    stop(account)
    assert enter(client, account) == reverse("account_login")
    assert "已经停用" in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("name", ["account_login", "accounts:privacy"])
def test_a_stranger_reads_purposes_and_legal_basis(client: Client, name: str) -> None:
    text = client.get(reverse(name)).content.decode()
    for words in ("第十三条", "第二十九条", "保存多久", "谁能看到", "您的权利", "找谁办理"):
        assert words in text


@pytest.mark.parametrize("name", INSIDE)
def test_a_stranger_is_sent_to_sign_in_and_back_afterwards(client: Client, account: Account, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_nobody_signs_up_or_resets_by_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_signing_out_asks_first(client: Client, account: Account) -> None:
    enter(client, account)
    assert "要退出吗" in client.get(reverse("account_logout")).content.decode()
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_too_many_requests_are_answered_in_chinese(client: Client, account: Account) -> None:
    for _ in range(31):
        answer = client.post(reverse("account_login"), {})
    assert answer.status_code == 429
    assert "请稍等" in answer.content.decode()


def test_the_password_stands_in_the_journal_without_its_value(account: Account) -> None:
    entry = Entry.objects.get(verb="accounts.password_set")
    assert entry.detail == {}


def test_a_form_from_a_page_left_open_too_long_is_answered_in_chinese() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {})
    assert answer.status_code == 403
    assert "这一页放得太久了" in answer.content.decode()
