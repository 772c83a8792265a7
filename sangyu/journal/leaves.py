"""How an entry with its facts becomes one 32-byte leaf, and a batch one hash. A batch keeps its form for ever."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sangyu.kit.hashes import digest

# Columns are named and times are numbers: `row::text` and `timestamptz::text` change with session settings.
TEXT = """jsonb_build_array(e.id, extract(epoch from e.at), e.actor_id, e.for_id, e.door, e.verb,
    e.organization_id, e.subject_kind, e.subject_id, e.statement, e.detail,
    (select jsonb_agg(jsonb_build_array(f.id, f.retracts_id, f.metric, f.organization_id, f.person_id,
                                        f."on" - date '2000-01-01', f.amount) order by f.id)
       from journal_fact f where f.entry_id = e.id))::text"""


@dataclass(frozen=True, slots=True)
class Form:
    """Which hash, and whether the batch's own time is sealed too."""

    hash: str
    with_time: bool = True


FORMS = {1: Form("sha256", with_time=False), 2: Form("sm3"), 3: Form("sha256")}
WRITTEN = {"sm3": 2, "sha256": 3}  # by SANGYU_SEAL_HASH
SIZE = 32  # bytes of a leaf and of a hash
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Seal:
    """One batch as it is sealed: its place in the chain, its entries, their leaves one after the other."""

    n: int
    form: int
    ids: list[int]
    leaves: bytes
    previous: bytes
    at: datetime


def leaf(form: int, text: str) -> bytes:
    return digest(FORMS[form].hash, text.encode())


def seal_hash(seal: Seal) -> bytes:
    """Over form, number, entries, time (but in form 1), leaves and the hash before. Raises KeyError: unknown form."""
    form = FORMS[seal.form]
    time = f"{(seal.at - _EPOCH) // _MICROSECOND}|" if form.with_time else ""
    told = f"{seal.form}|{seal.n}|{','.join(map(str, seal.ids))}|{time}"
    return digest(form.hash, told.encode() + seal.leaves + seal.previous)
