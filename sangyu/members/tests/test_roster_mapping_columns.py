"""Columns that the reader does not know: asked once, remembered for that office, never for another."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from sangyu.journal.actor import STRANGER
from sangyu.journal.models import Entry
from sangyu.kit.refusals import Gone, NotAllowed, Refusal
from sangyu.members.actions import rosters
from sangyu.members.actions.roster_columns import forget_column, map_columns
from sangyu.members.actions.roster_lines import read_lines
from sangyu.members.models import Organization, RosterColumn, RosterImport
from sangyu.members.queries.roster_columns import columns_taught, sheet_sample
from sangyu.members.tests.cast import OPERATOR, Cast, make_cast
from sangyu.members.tests.roster_files import BRANCH, states
from sangyu.members.tests.workbook import number_of, workbook

pytestmark = pytest.mark.django_db
FOREIGN = ["老同志", "证照号", "归属", "爱好"]
MEANING = {"老同志": "name", "证照号": "id_number", "归属": "branch", "爱好": ""}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def foreign_file(*names: str) -> bytes:
    rows = [[name, number_of("19480215", f"{i:03d}"), BRANCH, "书法"] for i, name in enumerate(names, start=1)]
    return workbook({"名单": [["老干部局二〇一八年台账"], FOREIGN, *rows]})


def read_by_worker(cast: Cast, content: bytes, organization: Organization | None = None) -> RosterImport:
    actor = cast.actor(cast.other_clerk if organization else cast.clerk)
    stored = rosters.store_roster(actor, organization or cast.office, "台账.xlsx", content)
    return read_lines(OPERATOR, stored)


def test_a_file_nobody_understands_waits_for_a_person(cast: Cast) -> None:
    roster = read_by_worker(cast, foreign_file("马老"))
    assert (roster.state, roster.lines.count()) == ("unclear", 0)
    sample = sheet_sample(cast.actor(cast.clerk), roster, "名单")
    assert (sample.header, list(sample.columns)) == (2, FOREIGN)
    assert sample.rows[1] == (2, FOREIGN) and sample.rows[2][1][0] == "马老"


def test_said_once_the_file_is_read_and_the_next_one_is_not_asked_about(cast: Cast) -> None:
    roster = read_by_worker(cast, foreign_file("马老"))
    map_columns(cast.actor(cast.clerk), roster, MEANING)
    roster.refresh_from_db()
    assert roster.state == "received"
    assert ProcrastinateJob.objects.filter(task_name=rosters.READING_TASK).exists()
    assert states(read_lines(OPERATOR, roster)) == ["ready"]
    again = read_by_worker(cast, foreign_file("牛老", "羊老"))
    assert (again.state, states(again)) == ("read", ["ready", "ready"])


def test_another_office_is_asked_itself(cast: Cast) -> None:
    map_columns(cast.actor(cast.clerk), read_by_worker(cast, foreign_file("马老")), MEANING)
    office = Organization.objects.get(pk=cast.actor(cast.other_clerk).offices[0].organization_id)
    assert read_by_worker(cast, foreign_file("马老"), office).state == "unclear"
    assert not columns_taught(cast.actor(cast.other_clerk)).exists()


def test_what_was_said_wrong_is_said_again_after_forgetting(cast: Cast) -> None:
    clerk = cast.actor(cast.clerk)
    map_columns(clerk, read_by_worker(cast, foreign_file("马老")), MEANING)
    for column in columns_taught(clerk):
        forget_column(clerk, column)
    assert not RosterColumn.objects.exists()
    assert read_by_worker(cast, foreign_file("牛老")).state == "unclear"
    assert Entry.objects.filter(verb="members.roster_columns_forgotten").count() == len(MEANING)


def test_saying_it_anew_replaces_what_was_said(cast: Cast) -> None:
    clerk = cast.actor(cast.clerk)
    first, second = (read_by_worker(cast, foreign_file(name)) for name in ("马老", "牛老"))
    map_columns(clerk, first, {**MEANING, "归属": "", "爱好": "post"})
    map_columns(clerk, second, MEANING)
    assert dict(RosterColumn.objects.values_list("label", "field")) == MEANING


@pytest.mark.parametrize(
    ("meanings", "sentence"),
    [
        ({**MEANING, "老同志": ""}, "哪一列是姓名"),
        ({**MEANING, "证照号": ""}, "身份证号或出生年月"),
        ({**MEANING, "爱好": "name"}, "两列都选了“姓名”"),
        ({**MEANING, "爱好": "password"}, "从列表中选择"),
        ({"马老": "name", number_of("19480215"): "id_number"}, "不是列名"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_not_remembered(
    cast: Cast, meanings: dict[str, str], sentence: str
) -> None:
    roster = read_by_worker(cast, foreign_file("马老"))
    with pytest.raises(Refusal, match=sentence):
        map_columns(cast.actor(cast.clerk), roster, meanings)
    assert not RosterColumn.objects.exists()


def test_the_journal_keeps_the_fields_and_no_text_of_the_file(cast: Cast) -> None:
    map_columns(cast.actor(cast.clerk), read_by_worker(cast, foreign_file("马老")), MEANING)
    entry = Entry.objects.get(verb="members.roster_columns_mapped")
    assert entry.detail == {"fields": ["branch", "id_number", "name"]}


def test_a_row_that_a_person_takes_for_the_header_gives_the_names(cast: Cast) -> None:
    roster = read_by_worker(cast, foreign_file("马老"))
    sample = sheet_sample(cast.actor(cast.clerk), roster, "名单", header=1)
    assert (sample.header, list(sample.columns)) == (1, ["老干部局二〇一八年台账"])


@pytest.mark.parametrize("who", ["secretary", "member", "other_clerk", "stranger"])
def test_who_does_not_keep_the_office_says_and_sees_nothing(cast: Cast, who: str) -> None:
    actor = STRANGER if who == "stranger" else cast.actor(getattr(cast, who))
    clerk, roster = cast.actor(cast.clerk), read_by_worker(cast, foreign_file("马老"))
    map_columns(clerk, roster, MEANING)
    column, before = columns_taught(clerk)[0], Entry.objects.count()
    with pytest.raises(NotAllowed):
        map_columns(actor, roster, MEANING)
    with pytest.raises(NotAllowed):
        forget_column(actor, column)
    with pytest.raises(Gone):
        sheet_sample(actor, roster, "名单")
    assert (RosterColumn.objects.count(), Entry.objects.count()) == (len(MEANING), before)
