"""People with numbers, and what the tables and a reader can tell of them."""

from collections import Counter

from django.db import connection

from sangyu.journal.actor import Actor, machine
from sangyu.keys import queries
from sangyu.members.actions import people
from sangyu.members.models import Organization, Person
from sangyu.members.tests.cast import OPERATOR

KEEPER: Actor = machine("command", "keys.rotate")


def register(office: Organization, serial: int) -> Person:
    """Somebody whose number and telephone are told by `serial`."""
    return people.write_person(OPERATOR, office, f"人{serial}", id_number=number(serial), phone=phone(serial))


def number(serial: int) -> str:
    return f"62020119500101{serial:04}"


def phone(serial: int) -> str:
    return f"1990000{serial:04}"


def versions() -> set[int]:
    """Key versions that any sealed value needs."""
    return {held.version for held in queries.holdings(KEEPER) if not held.is_index}


def index_versions() -> set[int]:
    return {held.version for held in queries.holdings(KEEPER) if held.is_index}


def told_numbers() -> Counter[tuple[str, str]]:
    """Number and telephone of everybody, opened."""
    return Counter((person.id_number, person.phone) for person in Person.objects.filter(name__startswith="人"))


def entries(verb: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("select detail::text, actor_id, door from journal_entry where verb = %s order by id", [verb])
        return [{"detail": detail, "actor": actor, "door": door} for detail, actor, door in cursor.fetchall()]
