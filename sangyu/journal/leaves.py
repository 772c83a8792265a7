"""How an entry with its facts becomes one 32-byte leaf, and a batch one hash. Form 1."""

import hashlib

# Columns are named and times are numbers: `row::text` and `timestamptz::text` change with session settings.
LEAF = """sha256(convert_to(jsonb_build_array(e.id, extract(epoch from e.at), e.actor_id, e.for_id, e.door, e.verb,
    e.organization_id, e.subject_kind, e.subject_id, e.statement, e.detail,
    (select jsonb_agg(jsonb_build_array(f.id, f.retracts_id, f.metric, f.organization_id, f.person_id,
                                        f."on" - date '2000-01-01', f.amount) order by f.id)
       from journal_fact f where f.entry_id = e.id))::text, 'UTF8'))"""


def batch_hash(n: int, ids: list[int], leaves: bytes, previous: bytes) -> bytes:
    """SHA-256 over the batch's number, its entries, their leaves and the hash of the batch before."""
    return hashlib.sha256(f"1|{n}|{','.join(map(str, ids))}|".encode() + leaves + previous).digest()
