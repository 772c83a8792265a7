"""Each figure follows its records: when a source is taken back through the actions, the value moves."""

from collections.abc import Callable
from datetime import date

import pytest

from sangyu.activities.actions import planning
from sangyu.alliances import actions as alliances
from sangyu.journal.actor import STRANGER, machine
from sangyu.journal.verify import findings
from sangyu.kit.refusals import Gone
from sangyu.members.actions import memberships
from sangyu.members.models import Membership, Person
from sangyu.reports import figures
from sangyu.reports.tests.factories import Counted, make_counted

pytestmark = pytest.mark.django_db
READER = machine("command", "members.read_all")


@pytest.fixture
def counted() -> Counted:
    return make_counted()


def value(figure_id: str) -> int | None:
    return next(f.value for f in figures.figures_of(READER, "嘉峪关") if f.expected.id == figure_id)


def leave_the_alliance(counted: Counted) -> None:
    place = counted.alliance.places.get(organization=counted.cast.neighbour)
    alliances.leave(counted.cast.actor(counted.cast.neighbour_secretary), place, date(2021, 6, 1))


def cancel_the_activity(counted: Counted) -> None:
    planning.cancel_activity(counted.cast.actor(counted.cast.secretary), counted.activity)


def leave_the_branch(counted: Counted, person: Person, on: date) -> None:
    membership = Membership.objects.get(person=person)
    memberships.leave(counted.cast.actor(counted.cast.clerk), membership, on)


def end(counted: Counted, what: str) -> None:
    bureau = counted.cast.actor(counted.cast.clerk)
    memberships.end_circumstance(bureau, getattr(counted, what), counted.cast.branch, date(2018, 12, 1))


@pytest.mark.parametrize(
    "figure_id, before, after, take_back",
    [
        ("F020", 2, 1, leave_the_alliance),
        ("F021", 8, 5, leave_the_alliance),
        ("F022", 1, 0, cancel_the_activity),
        ("F023", 1, 0, lambda c: leave_the_branch(c, c.high, date(2021, 5, 1))),
        ("F024", 1, 0, lambda c: leave_the_branch(c, c.high, date(2021, 5, 1))),
        ("F092", 5, 4, lambda c: leave_the_branch(c, c.cast.member, date(2018, 12, 31))),
        ("F093", 1, 0, lambda c: end(c, "away")),
        ("F094", 1, 0, lambda c: end(c, "ill")),
    ],
)
def test_a_figure_moves_with_its_source(
    counted: Counted, figure_id: str, before: int, after: int, take_back: Callable[[Counted], None]
) -> None:
    assert value(figure_id) == before
    take_back(counted)
    assert value(figure_id) == after
    assert list(findings()) == []


def test_a_stock_is_that_of_the_last_day(counted: Counted) -> None:
    leave_the_branch(counted, counted.cast.member, date(2019, 1, 1))
    assert value("F092") == 5  # 2018 was over
    assert value("F021") == 7


def test_only_the_alliances_own_activities_count(counted: Counted) -> None:
    figure = figures.figure_read_by(READER, "F022")
    assert figure.scope is not None and figure.scope.alliance == counted.alliance
    assert [fact.entry.subject_id for fact in figures.records_behind(READER, figure) or ()] == [counted.activity.pk]


def test_flows_and_their_facts_stand_on_the_same_basis(counted: Counted) -> None:
    for then in (False, True):
        figure = figures.figure_read_by(READER, "F022", then)
        assert figure.value == len(figures.records_behind(READER, figure) or ()) == 1


def test_what_nothing_counts_yet_has_no_value(counted: Counted) -> None:
    found = {f.expected.id: f for f in figures.figures_of(READER)}
    assert len(found) == 107
    assert (found["F001"].value, found["F001"].ok, found["F001"].note) == (None, None, "尚未统计")
    assert found["F007"].value is None  # an alliance that is not there


def test_a_figure_says_whether_it_is_as_the_documents_say(counted: Counted) -> None:
    found = {f.expected.id: f for f in figures.figures_of(READER)}
    assert (found["F092"].ok, found["F092"].verdict) == (True, "相符")
    assert (found["F023"].ok, found["F023"].verdict) == (False, "不相符")


@pytest.mark.parametrize("who", ["secretary", "liaison", "member", "other_clerk"])
def test_the_figures_of_a_place_are_for_its_bureau(counted: Counted, who: str) -> None:
    actor = counted.cast.actor(getattr(counted.cast, who))
    assert all(f.value is None for f in figures.figures_of(actor))
    assert figures.figures_read_by(actor) == []
    with pytest.raises(Gone):
        figures.figure_read_by(actor, "F092")


def test_a_stranger_reads_nothing(counted: Counted) -> None:
    assert figures.figures_read_by(STRANGER) == []


def test_the_bureau_reads_its_own_place_only(counted: Counted) -> None:
    places = {f.expected.place for f in figures.figures_read_by(counted.cast.actor(counted.cast.clerk))}
    assert places == {"嘉峪关"}
