"""What the demo knows while it lives: who and where. Everything in it was made by the actions that pages call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sangyu.activities.models import Activity
from sangyu.alliances.models import Alliance
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.clock import SHANGHAI
from sangyu.members.models import Organization, Person
from sangyu.members.queries.people import actor_of

THEME_DAY = 10  # the alliance's relatively fixed day (支部工作条例 art. 16)
SATURDAY = 5


@dataclass
class World:
    """One demo life: from the month of `since` to today."""

    folder: Path
    since: date
    seal: Callable[[], None]  # seals what was recorded; as the worker, which this process is not
    today: date = field(default_factory=clock.today)
    office: Organization = field(init=False)
    committee: Organization = field(init=False)
    bureau: Actor = field(init=False)
    alliance: Alliance = field(init=False)
    branches: dict[str, Organization] = field(default_factory=dict)  # by name
    joined: list[Organization] = field(default_factory=list)  # members of the alliance
    secretaries: dict[int, Actor] = field(default_factory=dict)  # by branch
    liaisons: dict[int, Actor] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)  # of those who lead, by person
    members: dict[int, list[int]] = field(default_factory=dict)  # people by branch
    ways: dict[int, frozenset[str]] = field(default_factory=dict)  # circumstances by person
    actors: dict[int, Actor] = field(default_factory=dict)  # by person, on the portal
    samples: list[tuple[str, Person]] = field(default_factory=list)  # who may be tried, with what they are
    held: list[Activity] = field(default_factory=list)  # the alliance's theme days so far, oldest first

    @property
    def last_month(self) -> date:
        """The newest month that every branch has closed."""
        return clock.month_of(clock.day_of(self.held[-2].starts_at))

    def member(self, person_id: int) -> Actor:
        """A member on the portal."""
        if person_id not in self.actors:
            self.actors[person_id] = actor_of(person_id, "portal")
        return self.actors[person_id]

    def officer(self, person: Person) -> Actor:
        """Somebody who leads or helps a branch, at work."""
        self.names[person.pk] = person.name
        return actor_of(person.pk, "console")

    def chair_and_recorder(self, branch: Organization) -> tuple[str, str]:
        """The secretary takes the chair; the liaison writes, or the secretary where there is none."""
        secretary = self.secretaries[branch.pk]
        recorder = self.liaisons.get(branch.pk, secretary)
        return self.names[secretary.person_id or 0], self.names[recorder.person_id or 0]

    def months(self) -> list[date]:
        """First days of the months from `since` to today's."""
        first, last = self.since, self.today
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        return [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(count)]


def working_day(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def theme_day(month: date) -> date:
    """The alliance's day in that month."""
    return working_day(month.replace(day=THEME_DAY))


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def chance(*of: object) -> Random:
    """The same chance for the same thing in every run."""
    return Random("·".join(map(str, of)))
