"""An upgrade keeps what was there: every landed state of tests/landed is restored, prepared and looked at."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from sangyu.commands.operator import READER
from sangyu.config import database, embedded_pg, environment
from sangyu.demo.people import WORKING_COMMITTEE
from sangyu.kit import clock
from sangyu.members import metrics as members
from sangyu.members.models import Appointment, Membership, Organization, Person
from sangyu.members.models.belonging import MembershipKind
from sangyu.reports.figures import figures_of
from sangyu.tallies import queries as tallies
from tests.database import drop, use_database
from tests.house.doors import doors
from tests.roles import connected_as

pytestmark = pytest.mark.slow
LANDED = Path(__file__).parent / "landed"
STATES = sorted(path.parent.name for path in LANDED.glob("*/database.dump"))
# Counted from the story that the demo lives, so that no upgrade may change them.
FIGURES = ("F020", "F021", "F022", "F023", "F024", "F092", "F093", "F094")
# What the upgrade itself empties or fills again.
PASSING = {"django_migrations", "django_content_type", "auth_permission", "kit_cache", "journal_unsealed"}


class Upgraded:
    """A landed state after the upgrade in its own database, and how many rows each table had before."""

    def __init__(self, folder: Path, name: str, keys: Path) -> None:
        self.folder, self.name, self.keys = folder, name, keys
        self.rows_before = self.rows()

    def rows(self) -> dict[str, int]:
        with connected_as(environment.OWNER, self.name) as owner:
            tables = [row[0] for row in owner.execute("select tablename from pg_tables where schemaname = 'public'")]
            counted = {table: owner.execute(f'select count(*) from "{table}"').fetchone() for table in tables}  # type: ignore[arg-type]
        return {table: count for table, (count,) in counted.items()}  # type: ignore[misc]

    def run(self, role: str, *words: str) -> str:
        """What a command of today's code says of this database, as one of its roles."""
        more = {
            "SANGYU_DB_NAME": self.name,
            "SANGYU_DB_ROLE": role,
            "SANGYU_KEY_FILE": str(self.keys),
            "SANGYU_HEADS_FILE": str(self.keys.with_name("journal.heads")),
        }
        told = subprocess.run([sys.executable, *words], env={**os.environ, **more}, capture_output=True, text=True)
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout


@pytest.fixture(scope="module", params=STATES)
def upgraded(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Upgraded]:
    folder: Path = LANDED / request.param
    keys = tmp_path_factory.mktemp("keys") / "personal-data.keys"
    shutil.copyfile(folder / "personal-data.keys", keys)
    keys.chmod(0o600)
    before = connections.settings["default"]["NAME"]
    name = f"{before}_upgraded"
    drop(name)
    _restore(folder / "database.dump", name)
    state = Upgraded(folder, name, keys)
    state.run("owner", "-c", "from sangyu.config.ready import migrate_named; migrate_named()")
    state.run("worker", "-m", "sangyu", "seal")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr("django.conf.settings.KEY_FILE", keys)
        use_database(name)
        yield state
        use_database(before)
    drop(name)


def _restore(dump: Path, name: str) -> None:
    with psycopg.connect(embedded_pg.url(environment.PG_DATA, "postgres"), autocommit=True) as root:
        database.make_database(root, name)
    with connected_as(environment.OWNER, name) as owner:
        database.make_roles(owner)
    address = embedded_pg.url(environment.PG_DATA, name, environment.OWNER)
    restore = [embedded_pg.bindir() / "pg_restore", "--exit-on-error", "--no-owner", "--no-comments", "-d", address]
    subprocess.run([*map(str, restore), str(dump)], check=True)


def test_there_is_a_landed_state() -> None:
    assert STATES


def test_every_table_keeps_its_rows(upgraded: Upgraded) -> None:
    now = upgraded.rows()
    lost = {
        table: (rows, now.get(table))
        for table, rows in upgraded.rows_before.items()
        if table not in PASSING and now.get(table, -1) < rows
    }
    assert not lost
    assert upgraded.rows_before["journal_entry"] > 500


def test_what_was_recorded_is_not_touched(upgraded: Upgraded) -> None:
    assert "没有被改动" in upgraded.run("app", "-m", "sangyu", "verify")


def test_the_old_keys_open_every_sealed_number(upgraded: Upgraded) -> None:
    sealed = Person.objects.filter(id_number_sealed__isnull=False)
    assert len({person.id_number for person in sealed}) == sealed.count() > 100
    assert all(len(person.phone) == 11 for person in Person.objects.filter(phone_sealed__isnull=False))


@pytest.mark.parametrize("figure", FIGURES)
def test_a_published_figure_stays(upgraded: Upgraded, figure: str) -> None:
    was = {row["id"]: row["value"] for row in json.loads((upgraded.folder / "figures.json").read_text())}
    now = {found.expected.id: found.value for found in figures_of(READER, "嘉峪关")}
    assert was[figure] is not None
    assert now[figure] == was[figure]


@pytest.mark.parametrize("kind", MembershipKind)
def test_stocks_that_are_counted_anew_equal_the_dated_rows(upgraded: Upgraded, kind: MembershipKind) -> None:
    metric, today = members.BY_KIND[kind], clock.today()
    places = list(Organization.objects.all())
    counted = tallies.stocks(READER, metric, [place.pk for place in places], today)
    rows = Membership.objects.filter(kind=kind, during__contains=today)
    plain = {place.pk: rows.filter(organization__line__contains=[place.pk]).count() for place in places}
    assert {pk: counted.get(pk, 0) for pk in plain} == plain


def test_branches_are_counted_as_they_stand(upgraded: Upgraded) -> None:
    root = Organization.objects.get(parent=None)
    standing = [o for o in Organization.objects.all() if o.is_branch and o.dissolved_on is None]
    assert tallies.stocks(READER, members.BRANCHES, [root.pk], clock.today())[root.pk] == len(standing) > 10


@pytest.mark.parametrize("role", ["bureau", "secretary", "member"])
def test_the_pages_open(upgraded: Upgraded, role: str) -> None:
    client = Client()
    client.force_login(_somebody(role).account)
    opened = {door.name: client.get(reverse(door.name)).status_code for door in doors() if not door.arguments}
    broken = {name: status for name, status in opened.items() if status >= 500}
    assert not broken
    assert sum(status == 200 for status in opened.values()) >= 5


def test_the_pages_of_one_record_open(upgraded: Upgraded) -> None:
    client = Client()
    client.force_login(_somebody("bureau").account)
    branch = Organization.objects.get(name=WORKING_COMMITTEE)
    pages = [
        reverse("members:organization", args=[branch.pk]),
        reverse("members:person", args=[_somebody("member").pk]),
        *(reverse("reports:figure", args=[figure]) for figure in ("F020", "F021", "F022", "F093")),
    ]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)


def _somebody(role: str) -> Person:
    if role == "member":
        holders = Appointment.objects.values("person_id")
        return Person.objects.filter(account__isnull=False).exclude(pk__in=holders)[0]
    return Appointment.objects.filter(role=role, person__account__isnull=False)[0].person


def test_the_site_may_still_only_add_to_the_journal(upgraded: Upgraded) -> None:
    for deed in ("delete from journal_entry", "update journal_fact set amount = 2", "delete from journal_unsealed"):
        with connected_as(environment.APP, upgraded.name) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(deed)
