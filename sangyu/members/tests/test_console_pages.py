"""The bureau's pages of organizations and people: what stands there, who may open them, and how many questions they
ask the database."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.accounts.models import Invitation
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.members.actions.memberships import join, note_circumstance
from sangyu.members.middleware import ACTING_FOR
from sangyu.members.models import Appointment, Circumstance, Look, Organization
from sangyu.members.tests.cast import FOUNDED, Cast, make_branch, make_cast, make_member
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=SHANGHAI)
TODAY = NOW.date()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def bureau(cast: Cast) -> Client:
    return signed_in(cast.clerk)


def page(client: Client, name: str, *args: int, **query: str) -> str:
    response = client.get(reverse(f"members:{name}", args=args), query)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def send(client: Client, url: str, *args: int, **fields: str) -> str:
    """What stands on the page after the form was sent."""
    return client.post(reverse(f"members:{url}", args=args), fields, follow=True).content.decode()


def test_people_are_found_by_two_characters_and_by_initials(cast: Cast, bureau: Client) -> None:
    for words in ("仇老", "ql"):
        found = page(bureau, "search", words=words)
        assert "找到1位" in found and "机关工委支部" in found
        assert cast.member.phone not in found
    assert "没有找到" in page(signed_in(cast.neighbour_secretary), "search", words="仇老")


def test_a_branch_shows_its_people_by_kind_with_circumstances(cast: Cast) -> None:
    join(cast.actor(cast.clerk), cast.neighbour_secretary, cast.branch, "registered", FOUNDED)
    note_circumstance(cast.actor(cast.liaison), cast.housebound, cast.branch, "housebound", FOUNDED)
    shown = page(signed_in(cast.secretary), "organization", cast.branch.pk)
    assert shown.index("组织关系（5名）") < shown.index("社区报到（1名）")
    assert "重病无法外出" in shown and "代仇老办理" in shown
    assert "代单书记办理" not in shown  # oneself
    assert "开通账号" not in shown and "离任" not in shown


def test_a_branch_page_gives_advice_with_its_basis(cast: Cast, bureau: Client) -> None:
    assert "还没有联络员" in page(bureau, "organization", cast.neighbour.pk)
    assert "还没有联络员" not in page(bureau, "organization", cast.branch.pk)
    small = make_branch(cast.actor(cast.clerk), cast.office, "新支部")
    assert "正式党员有0名，不足3名" in page(bureau, "organization", small.pk)
    for serial in range(7):
        make_member(cast.actor(cast.clerk), small, "李四", str(200 + serial))
    shown = page(bureau, "organization", small.pk)
    assert "应当设立支部委员会" in shown and "第二十条" in shown and "不足3名" not in shown


def test_a_branch_of_44_among_14_asks_few_questions(cast: Cast, bureau: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    clerk = cast.actor(cast.clerk)
    for serial in range(12):
        make_branch(clerk, cast.office, f"第{serial}支部")
    for serial in range(39):
        person = make_member(clerk, cast.branch, "张三", str(300 + serial))
        note_circumstance(clerk, person, cast.branch, "away", FOUNDED)
    with django_assert_max_num_queries(8):
        assert "组织关系（44名）" in page(bureau, "organization", cast.branch.pk)
    with django_assert_max_num_queries(22):
        page(bureau, "person", cast.member.pk)


def test_the_bureau_founds_appoints_registers_and_dismisses(cast: Cast, bureau: Client) -> None:
    shown = send(bureau, "found", cast.office.pk, name="教育局离退休干部党支部", kind="branch", on="2026-11-02")
    assert "教育局离退休干部党支部已经建立" in shown
    shown = send(bureau, "appoint", cast.branch.pk, person=str(cast.member.pk), role="committee", since="2026-11-02")
    assert "仇老已任委员" in shown
    shown = send(
        bureau, "register", cast.neighbour.pk, name="新联络", phone="139 0000 0003", role="liaison", since="2026-11-02"
    )
    assert "新联络已任联络员" in shown
    held = Appointment.objects.get(person=cast.liaison)
    assert "廖联络不再担任联络员" in send(bureau, "end_appointment", held.pk, on="2026-11-20")


def test_what_was_typed_is_kept_when_it_is_refused(cast: Cast, bureau: Client) -> None:
    shown = send(bureau, "found", cast.office.pk, name=cast.branch.name, kind="branch", on="2026-11-02")
    assert "已经有了" in shown and f'value="{cast.branch.name}"' in shown
    shown = send(bureau, "register", cast.neighbour.pk, name="新联络", phone="12", role="liaison", since="2026-11-02")
    assert "不是完整的号码" in shown and 'value="新联络"' in shown
    assert "晚于" in send(bureau, "end_appointment", Appointment.objects.get(person=cast.liaison).pk, on="2018-05-01")


def test_accounts_are_opened_and_shown_once(cast: Cast, bureau: Client) -> None:
    address = reverse("members:accounts", args=[cast.branch.pk])
    response = bureau.post(address)
    shown = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert shown.count('<svg role="img"') == 6 and "登录卡只显示这一次" in shown
    assert "不会用，请找廖联络" in shown
    again = bureau.post(address, follow=True).content.decode()
    assert "全部党员都已有账号" in again and "给仇老补发登录卡" in again
    assert Invitation.objects.count() == 6
    assert bureau.get(address).status_code == 405


def test_a_lost_card_takes_two_taps(cast: Cast, bureau: Client) -> None:
    bureau.post(reverse("members:accounts", args=[cast.branch.pk]))
    for client in (bureau, signed_in(cast.liaison)):
        assert "旧卡马上作废" in page(client, "replace_card", cast.member.pk)
        response = client.post(reverse("members:replace_card", args=[cast.member.pk]))
        assert "登录卡（1张）" in response.content.decode() and "no-store" in response["Cache-Control"]


def test_a_number_is_shown_once_with_a_reason(cast: Cast, bureau: Client) -> None:
    assert cast.member.phone not in page(bureau, "person", cast.member.pk)
    assert "这个字段" in send(bureau, "reveal", cast.member.pk, what="phone") or not Look.objects.exists()
    address = reverse("members:reveal", args=[cast.member.pk])
    response = bureau.post(address, {"what": "phone", "reason": "通知体检"})
    assert cast.member.phone in response.content.decode() and "no-store" in response["Cache-Control"]
    assert bureau.get(address).status_code == 405


def test_calling_hands_over_to_the_telephone(cast: Cast) -> None:
    client, address = signed_in(cast.liaison), reverse("members:call", args=[cast.member.pk])
    assert client.get(address).status_code == 405 and not Look.objects.exists()
    response = client.post(address)
    assert (response.status_code, response["Location"]) == (302, f"tel:{cast.member.phone}")
    assert Look.objects.get().reason == "拨打电话"


def test_circumstances_are_noted_and_ended_on_the_page(cast: Cast) -> None:
    client = signed_in(cast.liaison)
    frail = {"kind": "frail", "since": "2026-11-02"}
    with clock.at(NOW):
        assert "已登记查老的情况" in send(client, "note_circumstance", cast.housebound.pk, **frail)
        assert "已经登记" in send(client, "note_circumstance", cast.housebound.pk, **frail)
        noted = Circumstance.objects.get()
        assert "晚于" in send(client, "end_circumstance", noted.pk, on="2026-11-02")
        assert "已结束" in send(client, "end_circumstance", noted.pk, on="2026-11-20")


def test_acting_for_a_member_begins_and_ends(cast: Cast) -> None:
    client = signed_in(cast.liaison)
    response = client.post(reverse("members:start_acting", args=[cast.housebound.pk]))
    assert response["Location"] == reverse("portal:home")
    assert "您正在代 查老 办理" in client.get(reverse("portal:home")).content.decode()
    assert "您正在代" not in page(client, "organization", cast.branch.pk)  # in the console the liaison is the liaison
    assert client.post(reverse("members:stop_acting"))["Location"] == reverse("home")
    assert ACTING_FOR not in client.session


GETS = ("organization", "found", "appoint", "register")
PEOPLE_POSTS = ("reveal", "call", "note_circumstance", "start_acting", "replace_card")


@pytest.mark.parametrize("who", ["neighbour_secretary", "other_clerk", "housebound"])
def test_another_branch_and_another_office_find_nothing(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    before = Entry.objects.count(), Look.objects.count()
    for name in GETS:
        assert client.get(reverse(f"members:{name}", args=[cast.branch.pk])).status_code == 404, name
    assert client.get(reverse("members:person", args=[cast.member.pk])).status_code == 404
    assert client.post(reverse("members:accounts", args=[cast.branch.pk])).status_code == 404
    held = Appointment.objects.get(person=cast.liaison)
    assert client.post(reverse("members:end_appointment", args=[held.pk]), {"on": "2026-11-20"}).status_code == 404
    fields = {"what": "phone", "reason": "想看看", "kind": "away", "since": "2026-11-02"}
    for name in PEOPLE_POSTS:
        status = client.post(reverse(f"members:{name}", args=[cast.member.pk]), fields).status_code
        assert status in (403, 404), name
    assert (Entry.objects.count(), Look.objects.count()) == before


def test_branch_officers_read_their_branch_and_change_no_office(cast: Cast) -> None:
    client, organizations = signed_in(cast.secretary), Organization.objects.count()
    before = Entry.objects.count()
    for name in ("found", "appoint", "register", "accounts"):
        assert client.post(reverse(f"members:{name}", args=[cast.branch.pk]), {"name": "某"}).status_code == 403, name
    held = Appointment.objects.get(person=cast.liaison)
    assert client.post(reverse("members:end_appointment", args=[held.pk]), {"on": "2026-11-20"}).status_code == 403
    assert (Organization.objects.count(), Entry.objects.count()) == (organizations, before)


def test_the_bureau_reads_but_does_not_act_for_a_member(cast: Cast, bureau: Client) -> None:
    assert "代仇老办理" not in page(bureau, "organization", cast.branch.pk)
    assert bureau.post(reverse("members:start_acting", args=[cast.member.pk])).status_code == 403
    assert ACTING_FOR not in bureau.session
