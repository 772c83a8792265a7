"""The rota of a year: fair, from the alliance's beginning on, never moving a month that was given."""

from collections import Counter
from datetime import date, datetime

import pytest

from sangyu.alliances.actions import make_rota
from sangyu.alliances.models import Alliance
from sangyu.alliances.tests.factories import make_alliance
from sangyu.journal.models import Entry
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.kit.refusals import NotAllowed, Refusal
from sangyu.members.tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def rota(cast: Cast, alliance: Alliance, year: int, on: date | None = None) -> list[int]:
    """The hosts of the year, month by month, after pressing the button on that day."""
    on = on or date(year, 1, 5)
    with clock.at(datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI)):
        make_rota(cast.actor(cast.clerk), alliance, year)
    return list(alliance.turns.filter(month__year=year).order_by("month").values_list("host", flat=True))


def test_each_hosts_as_often_as_the_others_and_never_twice_running(cast: Cast) -> None:
    alliance = make_alliance(cast)
    hosts = rota(cast, alliance, 2026) + rota(cast, alliance, 2027)
    assert set(Counter(hosts).values()) == {12}
    assert all(one != other for one, other in zip(hosts, hosts[1:], strict=False))


def test_pressed_twice_the_months_stay(cast: Cast) -> None:
    alliance = make_alliance(cast)
    assert rota(cast, alliance, 2026) == rota(cast, alliance, 2026)


def test_who_joined_after_the_proposal_hosts_and_months_before_it_stay_empty(cast: Cast) -> None:
    alliance = make_alliance(cast, on=date(2026, 11, 2))
    assert len(rota(cast, alliance, 2026, on=date(2026, 11, 3))) == 2


def test_without_a_member_there_is_no_rota(cast: Cast) -> None:
    alliance = make_alliance(cast, on=date(2026, 11, 2))
    with pytest.raises(Refusal, match="还没有支部"):
        rota(cast, alliance, 2026, on=date(2026, 11, 1))


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_only_the_convener_makes_it(cast: Cast, who: str) -> None:
    alliance = make_alliance(cast)
    before = Entry.objects.count()
    with pytest.raises(NotAllowed):
        make_rota(cast.actor(getattr(cast, who)), alliance, 2026)
    assert (alliance.turns.count(), Entry.objects.count()) == (0, before)
