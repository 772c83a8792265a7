"""How a person of a roster is stored: the columns of the table, in the form that COPY takes."""

from typing import Any

from sangyu.kit import crypto, pinyin
from sangyu.kit.crypto import Keyring
from sangyu.members.models.person import ID_NUMBER, PHONE
from sangyu.members.queries.roster_check import Numbers
from sangyu.members.roster.entry import RosterEntry

COLUMNS = (
    "id", "name", "reading", "initials", "grams", "sex", "born_on", "born_precision", "joined_party_on",
    "joined_party_precision", "rank", "id_number_sealed", "id_number_index", "phone_sealed", "phone_index",
)  # fmt: skip

Stored = tuple[Any, ...]


def stored_person(keyring: Keyring, entry: RosterEntry, numbers: Numbers) -> Stored:
    """A fresh person as copied into COLUMNS, but for the id. `numbers`: identity numbers with their indexes."""
    name, number, phone, joined = entry.name, entry.id_number, entry.phone, entry.joined_party
    reading = pinyin.reading(name)
    return (
        name,
        reading,
        pinyin.first_letters(reading),
        # A name is letters only (roster.words.name), so nothing in it has to be quoted.
        f"{{{','.join(pinyin.grams(name))}}}",
        entry.sex,
        entry.born.day,
        entry.born.precision,
        joined.day if joined else None,
        joined.precision if joined else "day",
        entry.rank,
        crypto.seal(keyring, number, ID_NUMBER) if number else None,
        numbers[number][0] if number else None,
        crypto.seal(keyring, phone, PHONE) if phone else None,
        crypto.blind_index(keyring, phone, PHONE) if phone else None,
    )
