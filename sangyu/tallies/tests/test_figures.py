"""A figure equals its plain count: before, while and after it is added up, for whole and part months, by rights."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from sangyu.journal.actor import STRANGER, Actor
from sangyu.journal.declare import Fact, Source
from sangyu.journal.models import Delta
from sangyu.members.actions.organizations import found_organization, move_organization
from sangyu.members.models import Organization
from sangyu.members.tests.cast import FOUNDED, Cast, make_branch, make_cast
from sangyu.tallies import queries
from sangyu.tallies.actions import fold, rebuild
from sangyu.tallies.models import Tally
from sangyu.tallies.tests.factories import COUNT, PEOPLE, READER, WORKER, one, state
from sangyu.tallies.verify import findings
from tests.roles import connected_as, working_as

Life = tuple[Cast, list[Organization]]
SPANS = (
    (date(2024, 1, 1), date(2024, 3, 1)),
    (date(2024, 1, 10), date(2024, 1, 20)),
    (date(2023, 12, 7), date(2024, 2, 25)),
    (date(2024, 1, 31), date(2024, 2, 1)),
    (date.min, date(2024, 2, 11)),
    (date(2024, 2, 1), date(2024, 2, 1)),
    (date.min, date(2100, 1, 1)),
)


@pytest.fixture
def life(own_database: str, source: Source) -> Iterator[Life]:
    """Two levels below the office; 40 records of three facts each, half of them restated, all still waiting."""
    cast, r = make_cast(), Random(7)
    bureau = cast.actor(cast.clerk)
    general = found_organization(bureau, cast.office, "城区总支", "general_branch", FOUNDED)
    places = [cast.office, cast.branch, cast.neighbour, general]
    places += [make_branch(bureau, general, f"{n}中离退休干部党支部") for n in "一二三"]
    for subject in [*range(40), *range(20)]:
        state(source, subject, *(some_fact(r, places) for _ in range(3)))
    yield cast, places


def some_fact(r: Random, places: list[Organization]) -> Fact:
    on = date(r.choice([2023, 2024]), r.choice([1, 1, 2, 12]), r.randint(1, 28))
    return one(r.choice(places), on, r.choice([1, 2, -1]), r.randint(1, 9), r.choice([COUNT, PEOPLE]))


def hold_equal(actor: Actor, places: list[Organization]) -> None:
    for place in places:
        for start, end in SPANS:
            for metric in (COUNT, PEOPLE):
                for then in (False, True):
                    plain = queries.plain_figure(actor, metric, place, start, end, as_it_was=then)
                    counted = queries.figure(actor, metric, place, start, end, as_it_was=then)
                    assert counted == plain, (place.name, start, end, metric.code, then)


def count(place: Organization, as_it_was: bool) -> int:
    """Of the year before the moves."""
    return queries.figure(READER, COUNT, place, date(2023, 1, 1), date(2024, 1, 1), as_it_was=as_it_was)


def tallies() -> list[tuple[object, ...]]:
    """All that say something."""
    rows = Tally.objects.exclude(own=0, total=0)
    return sorted(rows.values_list("metric", "organization_id", "month", "own", "total"))


def fold_all(size: int = 1000) -> None:
    with working_as("sangyu_worker"):
        while fold(WORKER, size):
            pass


def test_it_is_right_while_everything_waits(life: Life) -> None:
    assert not Tally.objects.exists()
    hold_equal(READER, life[1])


def test_it_is_right_at_every_bite(life: Life) -> None:
    with working_as("sangyu_worker"):
        while fold(WORKER, 40):
            hold_equal(READER, life[1][:1])
    assert not Delta.objects.exists() and list(findings()) == []
    hold_equal(READER, life[1])


def test_it_follows_today_s_tree_and_remembers_where_things_hung(life: Life) -> None:
    cast, places = life
    fold_all()
    bureau, general = cast.actor(cast.clerk), places[3]
    before = count(general, as_it_was=True)
    move_organization(bureau, cast.branch, general, date(2024, 1, 15))
    places = list(Organization.objects.filter(pk__in=[p.pk for p in places]).order_by("pk"))
    hold_equal(READER, places)
    assert count(general, as_it_was=True) == before != count(general, as_it_was=False)
    move_organization(bureau, general, cast.neighbour, date(2024, 2, 1))
    places = list(Organization.objects.filter(pk__in=[p.pk for p in places]).order_by("pk"))
    hold_equal(READER, places)
    assert list(findings()) == []


def test_counting_anew_gives_the_same(life: Life) -> None:
    fold_all()
    before = tallies()
    with working_as("sangyu_worker"):
        assert rebuild(WORKER) == len(before)
    assert tallies() == before


def test_counting_anew_takes_what_waits_and_mends_what_is_wrong(life: Life, own_database: str) -> None:
    with working_as("sangyu_worker"):
        fold(WORKER, 17)
    with connected_as("sangyu_owner", own_database) as owner:
        owner.execute("update tallies_tally set total = total + 1 where total > 0")
    (wrong, *_) = findings()
    assert "按事实应当是" in wrong
    with working_as("sangyu_worker"):
        rebuild(WORKER)
    assert not Delta.objects.exists() and list(findings()) == []
    hold_equal(READER, life[1][:2])


@pytest.mark.parametrize("who", ["clerk", "secretary", "neighbour_secretary", "member", "other_clerk"])
def test_everybody_gets_what_they_see_of_it(life: Life, who: str) -> None:
    cast, places = life
    actor = cast.actor(getattr(cast, who))
    hold_equal(actor, places)
    seen = queries.totals(actor, COUNT, [p.pk for p in places], *SPANS[0])
    assert seen == {
        p.pk: queries.plain_figure(actor, COUNT, p, *SPANS[0])
        for p in places
        if set(p.line) & set(actor.realm(queries.rules.OFFICERS))
    }


def test_a_stranger_gets_nothing(life: Life) -> None:
    assert queries.figure(STRANGER, COUNT, life[0].office, *SPANS[-1]) == 0
    assert queries.totals(STRANGER, COUNT, [life[0].office.pk], *SPANS[-1]) == {}


def test_many_at_once_are_as_each_alone(life: Life) -> None:
    places = life[1]
    for metric in (COUNT, PEOPLE):
        for start, end in SPANS:
            expected = {p.pk: queries.plain_figure(READER, metric, p, start, end) for p in places}
            assert queries.totals(READER, metric, [p.pk for p in places], start, end) == expected
    expected = {p.pk: queries.plain_figure(READER, COUNT, p, date.min, date(2024, 1, 20)) for p in places}
    assert queries.stocks(READER, COUNT, [p.pk for p in places], date(2024, 1, 19)) == expected


def test_a_figure_is_one_statement(life: Life, django_assert_num_queries: Any) -> None:
    cast, places = life
    for actor in (READER, cast.actor(cast.secretary)):
        for metric in (COUNT, PEOPLE):
            for then in (False, True):
                with django_assert_num_queries(1):
                    queries.figure(actor, metric, cast.office, *SPANS[2], as_it_was=then)
            with django_assert_num_queries(1):
                queries.totals(actor, metric, [p.pk for p in places], *SPANS[2])
