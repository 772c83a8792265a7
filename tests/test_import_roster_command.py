"""`sangyu import-roster`: what came in, and of every row that did not where it stands and why."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from sangyu.commands import import_roster
from sangyu.kit.refusals import Refusal
from sangyu.members.actions import organizations
from sangyu.members.models import Organization, Person, RosterImport
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast
from sangyu.members.tests.roster_files import person, roster_file

pytestmark = pytest.mark.django_db
OFFICE = "嘉峪关市委老干部局"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(roster_file(person("马老"), person("杨老", 3, "老年大学临时党支部")))
    return path


def run(file: Path, into: str = OFFICE, **options: Any) -> int:
    asked = {"file": file, "into": into, "as_of": None, "dry_run": False, "json": False, **options}
    return import_roster.run(Namespace(**asked))


def test_it_says_what_came_in_and_what_did_not(cast: Cast, file: Path, capsys: Any) -> None:
    assert run(file) == 0
    said = capsys.readouterr().out
    assert "已导入1" in said and "需要改正1" in said
    assert "所在支部" in said and "没有找到支部" in said
    assert Person.objects.filter(name="马老").count() == 1


def test_programs_read_the_same(cast: Cast, file: Path, capsys: Any) -> None:
    run(file, json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["counts"]["imported"] == 1
    assert [(row["sheet"], row["row"], row["column"]) for row in said["rows"]] == [("花名册", 4, "所在支部")]


def test_a_dry_run_writes_nothing(cast: Cast, file: Path, capsys: Any) -> None:
    assert run(file, dry_run=True) == 0
    assert "什么都没有写入" in capsys.readouterr().out
    assert (RosterImport.objects.count(), Person.objects.filter(name="马老").exists()) == (0, False)


def test_the_same_file_again_is_told(cast: Cast, file: Path, capsys: Any) -> None:
    run(file)
    capsys.readouterr()
    assert run(file) == 0
    assert "已经导入过，什么都没有改变" in capsys.readouterr().out
    assert Person.objects.filter(name="马老").count() == 1


def test_an_unknown_organization_and_a_bad_file_are_refused(cast: Cast, file: Path) -> None:
    with pytest.raises(Refusal, match="没有找到组织“哪里”"):
        run(file, "哪里")
    file.write_bytes(b"x")
    with pytest.raises(Refusal, match="这不是Excel工作簿"):
        run(file)
    assert RosterImport.objects.count() == 0


def test_an_ambiguous_name_is_not_guessed(cast: Cast, file: Path) -> None:
    far = Organization.objects.get(name="酒泉市委老干部局")
    organizations.found_organization(
        cast.actor(cast.other_clerk), far, cast.branch.name, OrganizationKind.BRANCH, FOUNDED
    )
    with pytest.raises(Refusal, match="2个组织都叫"):
        run(file, cast.branch.name)
