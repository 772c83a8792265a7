"""Who is doing something: a plain value of ids, filled once a request, first parameter of every deed and query."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Office:
    """A current appointment as rights see it: a role over an organization and everything below it."""

    role: str
    organization_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Account and person who act, for whom (代办), through which door, with which appointments.

    The command line and the worker have no person but named deeds; nobody may do everything.
    """

    account_id: int | None = None
    person_id: int | None = None
    for_person_id: int | None = None
    door: str = "portal"
    offices: tuple[Office, ...] = ()
    deeds: frozenset[str] = field(default_factory=frozenset)

    @property
    def speaks_for(self) -> int | None:
        """The person in whose name this happens: the helped one, or oneself."""
        return self.for_person_id or self.person_id

    @property
    def subject_id(self) -> int:
        """`speaks_for` for look-ups: 0, which nobody is, for a stranger."""
        return self.speaks_for or 0

    @property
    def own_id(self) -> int:
        """The acting person's id for look-ups and rows: 0, which nobody is, for a stranger."""
        return self.person_id or 0

    def holds(self, roles: Collection[str], line: Collection[int]) -> bool:
        """True when one of the roles is held over one of the ancestors in `line`."""
        return any(office.role in roles and office.organization_id in line for office in self.offices)

    def realm(self, roles: Collection[str]) -> list[int]:
        """Ids of the organizations over which one of the roles is held."""
        return sorted({office.organization_id for office in self.offices if office.role in roles})

    def may(self, deed: str) -> bool:
        """True for a named deed of the command line or the worker."""
        return deed in self.deeds

    def on_behalf_of(self, person_id: int | None) -> "Actor":
        return replace(self, for_person_id=person_id)


STRANGER = Actor()


def machine(door: str, *deeds: str) -> Actor:
    """The command line or the worker, with the deeds it is started for."""
    return Actor(door=door, deeds=frozenset(deeds))
