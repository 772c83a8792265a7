"""Planning takes seconds: the page starts from the last sitting and the set actions; sent twice it plans once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sangyu.activities.actions import planning
from sangyu.activities.models import Activity
from sangyu.activities.tests.factories import NINE, close, make_activity, part_of
from sangyu.alliances.actions import make_rota
from sangyu.alliances.models import Alliance
from sangyu.alliances.tests.factories import make_alliance
from sangyu.duties.actions import adopt_rule_pack
from sangyu.duties.models import ActionSet
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.members.actions.appointments import appoint
from sangyu.members.models.belonging import Role
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast
from sangyu.members.tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
TODAY = NINE.replace(month=12, day=1)
PLAN = reverse("duties:plan")


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_rule_pack(cast.actor(cast.clerk), cast.office, FOUNDED)
    return cast


def opened(client: Client, address: str = PLAN) -> HttpResponse:
    with clock.at(TODAY):
        return client.get(address)


def filled(page: HttpResponse, **typed: Any) -> dict[str, Any]:
    """What the browser sends back from the page as it came, but for what was typed."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= {"starts_at": form["starts_at"].value().strftime("%Y-%m-%dT%H:%M"), "ends_at": ""}
    values |= {"kinds": ["theme_day"], "place": "会议室", "title": "十二月主题党日"} | typed
    return {name: value for name, value in values.items() if value is not None}


def send(client: Client, sent: dict[str, Any], address: str = PLAN) -> HttpResponse:
    with clock.at(TODAY):
        return client.post(address, sent)


def test_it_starts_from_the_last_sitting(cast: Cast) -> None:
    make_activity(cast, chair="单书记", place="红色驿站")
    initial = opened(signed_in(cast.liaison), f"{PLAN}?kind=theme_day").context["form"].initial
    assert initial["starts_at"] == NINE.replace(month=12)
    assert (initial["place"], initial["chair"], initial["recorder"]) == ("红色驿站", "单书记", "廖联络")
    assert (initial["kinds"], initial["title"]) == (["theme_day"], "12月主题党日")
    ticked = ActionSet.objects.filter(pk__in=initial["actions"])
    assert {action.title for action in ticked} == {"重温入党誓词", "政治理论学习"}


def test_what_was_held_this_month_is_proposed_for_the_next(cast: Cast) -> None:
    make_activity(cast, at=NINE.replace(month=10, day=31))
    with clock.at(NINE.replace(month=10, day=31, hour=20)):
        initial = signed_in(cast.liaison).get(PLAN).context["form"].initial
    assert initial["starts_at"] == NINE.replace(month=11, day=30)


def test_a_first_plan_proposes_tomorrow(cast: Cast) -> None:
    assert opened(signed_in(cast.liaison)).context["form"].initial["starts_at"] == TODAY + timedelta(days=1)


def test_it_is_planned_with_its_agenda(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    page = opened(client)
    discussion = ActionSet.objects.get(title="讨论交流").pk
    sent = filled(page, actions=[*page.context["form"].initial["actions"], discussion], more_steps="看展览\n\n 合影 ")
    response = send(client, sent)
    activity = Activity.objects.get()
    assert response["Location"] == reverse("activities:activity", args=[activity.pk])
    assert list(activity.steps.values_list("title", "is_prescribed")) == [
        ("重温入党誓词", True),
        ("政治理论学习", True),
        ("讨论交流", False),
        ("看展览", False),
        ("合影", False),
    ]
    assert activity.ends_at == activity.starts_at + timedelta(hours=2)
    assert activity.alliance is None


def test_the_form_sent_twice_plans_once(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    sent = filled(opened(client))
    places = {send(client, sent)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Activity.objects.count() == 1


def test_the_branch_whose_turn_it_is_finds_its_alliance_chosen(cast: Cast) -> None:
    alliance = make_alliance(cast)
    make_rota(cast.actor(cast.clerk), alliance, 2026)
    host = {cast.branch.pk: cast.secretary, cast.neighbour.pk: cast.neighbour_secretary}
    client = signed_in(host[alliance.turns.get(month=TODAY.date()).host_id])
    page = opened(client)
    assert page.context["form"].initial["alliance"] == alliance.pk
    assert "正好轮到本支部" in page.content.decode()
    send(client, filled(page))
    assert Activity.objects.get().alliance == alliance


def test_out_of_turn_it_is_refused_and_all_that_was_typed_stays(cast: Cast) -> None:
    alliance = make_alliance(cast)
    make_rota(cast.actor(cast.clerk), alliance, 2026)
    hosts = {cast.branch.pk: cast.neighbour_secretary, cast.neighbour.pk: cast.secretary}
    client = signed_in(hosts[alliance.turns.get(month=TODAY.date()).host_id])
    response = send(client, filled(opened(client), alliance=alliance.pk, notice="带上水杯"))
    assert "轮值主持" in response.content.decode()
    assert "带上水杯" in response.content.decode()
    assert not Activity.objects.exists()


def test_only_alliances_it_belongs_to_today_are_offered(cast: Cast) -> None:
    alliance = make_alliance(cast)
    client = signed_in(cast.secretary)
    assert "支部联盟" in opened(client).content.decode()
    with clock.at(NINE.replace(year=2018)):
        assert "“支部联盟”" not in client.get(PLAN).content.decode()
    other = Alliance.objects.get(pk=alliance.pk).pk + 100
    assert send(client, filled(opened(client), alliance=other)).status_code == 200
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "名称"),
        ({"kinds": []}, "类型"),
        ({"kinds": ["party"]}, "类型"),
        ({"starts_at": "明天"}, "开始时间"),
        ({"starts_at": "0026-11-05T09:00"}, "请核对年份"),
        ({"ends_at": "2020-11-05T09:00"}, "结束时间要晚于开始时间"),
        ({"more_steps": "长" * 81}, "每一项不要超过80个字"),
        ({"token": "x"}, "有几处需要改一改"),
    ],
)
def test_bad_input_is_explained_and_nothing_is_planned(cast: Cast, typed: dict[str, Any], words: str) -> None:
    client = signed_in(cast.secretary)
    response = send(client, filled(opened(client), chair="记得留下我", **typed))
    assert words in response.content.decode()
    assert "记得留下我" in response.content.decode()
    assert not Activity.objects.exists()


def test_who_runs_two_branches_says_which_one_hosts(cast: Cast) -> None:
    appoint(cast.actor(cast.clerk), cast.liaison, cast.neighbour, Role.LIAISON, FOUNDED)
    client = signed_in(cast.liaison)
    page = opened(client, f"{PLAN}?organization={cast.neighbour.pk}")
    assert page.context["host"] == cast.neighbour
    assert f"?organization={cast.branch.pk}" in page.content.decode()
    send(client, filled(page), f"{PLAN}?organization={cast.neighbour.pk}")
    assert Activity.objects.get().host == cast.neighbour


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("member", 403), ("neighbour_secretary", 404)])
def test_nobody_plans_for_another_branch(cast: Cast, who: str, status: int) -> None:
    address = f"{PLAN}?organization={cast.branch.pk}"
    sent = filled(opened(signed_in(cast.secretary)))
    client, before = signed_in(getattr(cast, who)), Entry.objects.count()
    assert client.get(address).status_code == status
    assert client.post(address, sent).status_code == status
    assert (Activity.objects.count(), Entry.objects.count()) == (0, before)


def test_a_stranger_is_asked_to_sign_in() -> None:
    assert Client().get(PLAN).status_code == 302


def test_a_plan_is_changed_and_keeps_its_agenda(cast: Cast) -> None:
    activity = make_activity(cast)
    client, address = signed_in(cast.secretary), reverse("duties:change", args=[activity.pk])
    page = opened(client, address)
    assert re.search(r'value="看变化、谈初心"', page.content.decode())
    assert ['type="datetime-local"', 'name="starts_at"', 'value="2026-11-05T09:00"'][2] in page.content.decode()
    sent = filled(page, title="改了名", more_steps="合影")
    assert send(client, sent, address)["Location"] == reverse("activities:activity", args=[activity.pk])
    activity.refresh_from_db()
    assert activity.title == "改了名"
    assert list(activity.steps.values_list("title", flat=True)) == ["重温入党誓词", "讨论交流", "合影"]


@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 403), ("neighbour_secretary", 403), ("member", 404), ("other_clerk", 404)]
)
def test_nobody_else_changes_it(cast: Cast, who: str, status: int) -> None:
    activity = make_activity(cast, make_alliance(cast))
    address = reverse("duties:change", args=[activity.pk])
    sent = filled(opened(signed_in(cast.secretary), address), title="改了名")
    client, before = signed_in(getattr(cast, who)), Entry.objects.count()
    assert client.post(address, sent).status_code == status
    activity.refresh_from_db()
    assert (activity.title, Entry.objects.count()) == ("看变化、谈初心", before)


def test_what_is_closed_or_cancelled_is_not_changed(cast: Cast) -> None:
    closed, cancelled = make_activity(cast), make_activity(cast)
    with clock.at(TODAY):
        close(cast, part_of(closed, cast.branch))
    planning.cancel_activity(cast.actor(cast.secretary), cancelled)
    for activity in (closed, cancelled):
        response = opened(signed_in(cast.secretary), reverse("duties:change", args=[activity.pk]))
        assert response.status_code == 422
        assert "不能再改" in response.content.decode()
