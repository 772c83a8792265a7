"""The pages of alliances: what stands there, who decides, and how many questions they ask the database."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sangyu.alliances.actions import invite, propose_alliance
from sangyu.alliances.models import Alliance, Place
from sangyu.alliances.tests.factories import JOINED, make_alliance
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.members.tests.cast import Cast, make_branch, make_cast
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=SHANGHAI)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def page(client: Client, name: str, *args: int) -> str:
    response = client.get(reverse(f"alliances:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, url: str, *args: int, **fields: object) -> str:
    with clock.at(NOW):
        return client.post(reverse(f"alliances:{url}", args=args), fields, follow=True).content.decode()


def test_the_bureau_proposes_and_a_double_click_proposes_once(cast: Cast) -> None:
    bureau = signed_in(cast.clerk)
    form = page(bureau, "propose")
    assert "机关工委离退休干部党支部（党员5名，人少，适合结盟）" in form
    fields = {
        "token": str(uuid4()),
        "convener": cast.office.pk,
        "name": "支部联盟",
        "purpose": "一起过组织生活",
        "invited": [cast.branch.pk, cast.neighbour.pk],
    }
    for _ in range(2):
        assert "等待答复（2个）" in send(bureau, "propose", **fields)
    assert Alliance.objects.count() == 1
    shown = send(bureau, "propose", **{**fields, "token": str(uuid4())})
    assert "用过了" in shown and "一起过组织生活" in shown  # nothing typed is lost


def test_the_secretary_is_asked_on_top_and_decides(cast: Cast) -> None:
    both = [cast.branch, cast.neighbour]
    alliance = propose_alliance(cast.actor(cast.clerk), cast.office, "支部联盟", both, JOINED, uuid4())
    place = alliance.places.get(organization=cast.branch)
    secretary = signed_in(cast.secretary)
    assert "同意加入" in page(secretary, "list")
    assert "同意加入" not in page(signed_in(cast.liaison), "list")
    shown = send(secretary, "consent", place.pk)
    assert "隶属关系不变" in shown and "成员支部（1个）" in shown and "单书记" in shown
    assert "同意加入" not in page(secretary, "list")
    other = alliance.places.get(organization=cast.neighbour)
    assert "暂不加入" in send(signed_in(cast.neighbour_secretary), "leave", other.pk)


def test_a_member_leaves_and_the_bureau_arranges(cast: Cast) -> None:
    alliance, bureau = make_alliance(cast), signed_in(cast.clerk)
    assert "2026年的轮值表排好了" in send(bureau, "rota", alliance.pk, year="2026")
    third = make_branch(cast.actor(cast.clerk), cast.office, "第三支部")
    assert "已邀请第三支部" in send(bureau, "invite", alliance.pk, organization=third.pk)
    assert "确认退出" not in page(bureau, "alliance", alliance.pk)
    secretary, place = signed_in(cast.secretary), alliance.places.get(organization=cast.branch)
    assert page(secretary, "alliance", alliance.pk).count("确认退出") == 1
    assert "已退出" in send(secretary, "leave", place.pk)


def test_an_alliance_of_14_asks_few_questions(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    alliance, clerk = make_alliance(cast), cast.actor(cast.clerk)
    for number in range(12):
        invite(clerk, alliance, make_branch(clerk, cast.office, f"第{number}支部"), JOINED)
    for number in range(5):
        make_alliance(cast, f"联盟{number}")
    bureau = signed_in(cast.clerk)
    for name, args in (("alliance", [alliance.pk]), ("list", []), ("propose", [])):
        with django_assert_max_num_queries(16):
            page(bureau, name, *args)


@pytest.mark.parametrize("who", ["other_clerk", "member"])
def test_outsiders_find_nothing(cast: Cast, who: str) -> None:
    alliance, client = make_alliance(cast), signed_in(getattr(cast, who))
    place = alliance.places.get(organization=cast.branch)
    before = Entry.objects.count()
    assert client.get(reverse("alliances:alliance", args=[alliance.pk])).status_code == 404
    for name, arg in (("invite", alliance.pk), ("rota", alliance.pk), ("consent", place.pk), ("leave", place.pk)):
        assert client.post(reverse(f"alliances:{name}", args=[arg])).status_code == 404, name
    assert (Entry.objects.count(), Place.objects.count()) == (before, 2)


def test_who_may_read_may_not_therefore_decide(cast: Cast) -> None:
    alliance = make_alliance(cast)
    place, other = (alliance.places.get(organization=o) for o in (cast.branch, cast.neighbour))
    bureau, liaison, secretary = (signed_in(who) for who in (cast.clerk, cast.liaison, cast.secretary))
    before = Entry.objects.count()
    for client in (bureau, liaison):
        assert client.post(reverse("alliances:leave", args=[place.pk])).status_code == 403
    assert secretary.post(reverse("alliances:leave", args=[other.pk])).status_code == 404
    for name in ("invite", "rota"):
        assert secretary.post(reverse(f"alliances:{name}", args=[alliance.pk])).status_code == 403
    assert secretary.get(reverse("alliances:propose")).status_code == 403
    assert Entry.objects.count() == before
