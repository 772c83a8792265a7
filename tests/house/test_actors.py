"""Every public deed takes its actor first and refuses a stranger, who leaves no trace."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, get_type_hints
from uuid import uuid4

import pytest

from sangyu.accounts.models import Account
from sangyu.activities.models import Activity, Participation
from sangyu.activities.tests.factories import NINE, make_activity, part_of
from sangyu.alliances.models import Alliance, Place
from sangyu.alliances.tests.factories import make_alliance
from sangyu.duties.actions import set_duty
from sangyu.duties.models import DutyRule
from sangyu.journal.actor import STRANGER, Actor
from sangyu.journal.models import Entry
from sangyu.kit.refusals import Gone, NotAllowed
from sangyu.members.actions.memberships import note_circumstance
from sangyu.members.models import (
    Appointment,
    Circumstance,
    Membership,
    Organization,
    Person,
    RosterColumn,
    RosterImport,
    RosterLine,
)
from sangyu.members.tests.cast import FOUNDED, Cast, make_cast
from sangyu.voices.actions import complain
from sangyu.voices.models import Complaint
from tests.house.sources import PACKAGE, ROOT

# Public functions of actions that are no deeds of an actor, each with its reason.
NO_ACTOR = {
    "sangyu.accounts.actions.open_card": "looks whether a card can be used; the card itself is the right",
    "sangyu.members.actions.people.sealed_fields": "turns values into stored values, writes nothing",
}
# Deeds that do not ask for rights themselves, each with its reason.
NO_REFUSAL = {
    "sangyu.journal.actions.record": "writes down what another deed was allowed to do",
    "sangyu.journal.actions.record_many": "writes down what other deeds were allowed to do",
    "sangyu.accounts.actions.open_account": "accounts know neither people nor rights: members.actions.cards asks",
    "sangyu.accounts.actions.issue_card": "accounts know neither people nor rights: members.actions.cards asks",
    "sangyu.accounts.actions.use_card": "signing in: secret and PIN of the card are the right",
    "sangyu.members.actions.appointments.write_appointment": "a step of deeds that have asked",
    "sangyu.members.actions.memberships.write_membership": "a step of deeds that have asked",
    "sangyu.members.actions.memberships.write_circumstance": "a step of deeds that have asked",
    "sangyu.members.actions.people.write_person": "a step of deeds that have asked",
}


def action_modules() -> list[str]:
    files = [p for p in PACKAGE.rglob("*.py") if p.name == "actions.py" or p.parent.name == "actions"]
    return sorted(".".join(p.relative_to(ROOT).with_suffix("").parts) for p in files if p.name != "__init__.py")


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in map(importlib.import_module, action_modules()):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and inspect.unwrap(function).__module__ == module.__name__:
                yield f"{module.__name__}.{name}", function


PUBLIC = dict(public_functions())
DEEDS = {name: function for name, function in PUBLIC.items() if name not in NO_ACTOR}


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_takes_its_actor_first(name: str) -> None:
    first = next(iter(inspect.signature(DEEDS[name]).parameters), "")
    assert first == "actor" and get_type_hints(inspect.unwrap(DEEDS[name]))["actor"] is Actor, f"{name}({first}, …)"


def test_the_exceptions_are_still_there() -> None:
    assert set(NO_ACTOR) | set(NO_REFUSAL) <= set(PUBLIC), "an exception that is no longer needed"


class Samples:
    """One of everything, made through the actions: what a stranger would like to lay hands on."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.bureau = self.cast.actor(self.cast.clerk)

    def of(self, parameter: inspect.Parameter, kind: Any) -> Any:
        """A value for one parameter, by its name or else by its type."""
        named = {
            "person_id": lambda: self.cast.member.pk,
            "activity_id": lambda: self.activity().pk,
            "kind": lambda: "formal",
            "role": lambda: "liaison",
            "answer": lambda: "coming",
            "until": lambda: None,
        }
        typed = {
            Organization: lambda: self.cast.branch,
            Person: lambda: self.cast.member,
            Activity: self.activity,
            Participation: lambda: part_of(self.activity(), self.cast.branch),
            Alliance: self.alliance,
            Place: lambda: self.alliance().places.first(),
            Appointment: Appointment.objects.first,
            Membership: Membership.objects.first,
            Circumstance: self.circumstance,
            Account: self.account,
            DutyRule: self.duty,
            Complaint: self.complaint,
            RosterImport: self.roster,
            RosterLine: self.roster_line,
            RosterColumn: self.roster_column,
            str: lambda: "无名",
            int: lambda: 2026,
            bool: lambda: False,
            bytes: lambda: b"x",
            date: NINE.date,
            datetime: lambda: NINE,
        }
        text = str(kind)
        if parameter.name in named:
            return named[parameter.name]()
        if kind in typed:
            return typed[kind]()
        if "UUID" in text:
            return uuid4()
        return {} if "Mapping" in text or "dict" in text else []

    def activity(self) -> Activity:
        return Activity.objects.first() or make_activity(self.cast)

    def alliance(self) -> Alliance:
        return Alliance.objects.first() or make_alliance(self.cast)

    def circumstance(self) -> Circumstance:
        return note_circumstance(self.bureau, self.cast.member, self.cast.branch, "away", FOUNDED)

    def account(self) -> Account:
        return Account.objects.create(sign_in_name="x1")

    def duty(self) -> DutyRule:
        self.activity()  # a duty is met by a kind of activity that exists
        return set_duty(self.bureau, self.cast.office, "x", "主题党日", "month", ["theme_day"], "依据", FOUNDED)

    def complaint(self) -> Complaint:
        return complain(self.cast.actor(self.cast.member), "看不清", "/", uuid4())

    def roster(self) -> RosterImport:
        return RosterImport.objects.create(
            organization=self.cast.office,
            file_name="x.xlsx",
            digest=b"x",
            content_sealed=b"x",
            reading_sealed=b"x",
            as_of=FOUNDED,
        )

    def roster_line(self) -> RosterLine:
        return RosterLine.objects.create(roster=self.roster(), sheet="x", number=1, state="bad", text_sealed=b"x")

    def roster_column(self) -> RosterColumn:
        return RosterColumn.objects.create(organization=self.cast.office, label="x", field="name")


PLAN = {"starts_at": NINE, "ends_at": NINE + timedelta(hours=2), "title": "主题党日", "kinds": [], "place": "一楼"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in DEEDS if name not in NO_REFUSAL])
def test_a_deed_refuses_a_stranger_and_writes_nothing(name: str) -> None:
    deed, samples = DEEDS[name], Samples()
    hints = get_type_hints(inspect.unwrap(deed))
    parameters = [p for p in inspect.signature(deed).parameters.values() if p.name != "actor"]
    given = {p.name: samples.of(p, hints[p.name]) for p in parameters if p.kind is not p.VAR_KEYWORD}
    if any(p.name == "plan" for p in parameters):
        given |= PLAN
    before = Entry.objects.count()
    with pytest.raises((NotAllowed, Gone)):
        deed(STRANGER, **given)
    assert Entry.objects.count() == before
