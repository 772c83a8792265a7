"""Changing keys: new ones into the key file, every row sealed anew, old ones out. Each step can be done twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, connection, transaction

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.keys import queries
from sangyu.keys.metrics import KEY
from sangyu.keys.rules import may_rotate
from sangyu.kit import crypto
from sangyu.kit.crypto import SHA256, SM3, SM4, Keyring, SealBroken, SealedColumn
from sangyu.kit.crypto.key_file import add_keys, remove_old_keys
from sangyu.kit.refusals import Conflict, Refusal, require

BATCH_ROWS, BATCH_BYTES = 500, 16_000_000
# Shorter than deadlock_timeout (a second): if we stood in anybody's way, it would be us who give up.
LOCK_TIMEOUT = "200ms"
BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


@dataclass(slots=True)
class Batch:
    """What became of some rows: the last id looked at (None: there were none left), how many are sealed anew, how many
    somebody else held; ids that do not open; and those whose number another row has, with that row's."""

    last: int | None = None
    done: int = 0
    busy: int = 0
    broken: list[int] = field(default_factory=list)
    twins: list[tuple[int, int]] = field(default_factory=list)


Values = list[bytes | None]  # of one row: what is sealed, then its indexes


@transaction.atomic
def add_new_keys(actor: Actor, cipher: str = "", with_index: bool = False) -> Keyring:
    """A new data key, for `cipher` or else that of now; with it a new index key. All keys are kept.

    While old keys are still there a rotation goes on with the keys it began with. Raises Refusal when the present
    keys do not open the data, or another cipher is asked for in the middle.
    """
    require(may_rotate(actor))
    before = crypto.keyring()
    if queries.unopened(actor, before):
        raise Refusal("现在的密钥打不开数据库里已有的内容。请先把原来的密钥放回密钥文件，再换密钥。")
    wanted = cipher or before.versions[before.current].cipher
    if len(before.versions) > 1 and wanted != before.versions[before.current].cipher:
        raise Refusal("上一次换密钥还没有收尾：旧密钥还没有撤下。请先撤下旧密钥，再换成另一种算法。")
    new_cipher = wanted if len(before.versions) == 1 else ""
    new_hash = (SM3 if wanted == SM4 else SHA256) if with_index and len(before.indexes) == 1 else ""
    if new_cipher or new_hash:
        add_keys(_path(), new_cipher, new_hash)
    after = crypto.keyring()
    if not queries.is_recorded(actor, after):  # also when somebody was stopped between the file and the journal
        _record(actor, "keys.added", after, cipher=wanted, index=after.current_index)
    return after


@transaction.atomic
def reseal(actor: Actor, column: SealedColumn, after: int = 0) -> Batch:
    """Seal the next rows of a column anew, in one short transaction. What somebody else is writing waits for later."""
    require(may_rotate(actor))
    keyring = crypto.keyring()
    ids = queries.waiting_after(actor, column, keyring, after, BATCH_ROWS, BATCH_BYTES)
    if not ids:
        return Batch()
    held = _hold(column, ids)
    batch = Batch(last=ids[-1], busy=len(ids) - len(held))
    turned: dict[int, Values] = {}
    for row_id, values in held.items():
        try:
            turned[row_id] = _turned(column, keyring, values)
        except (SealBroken, ValueError):
            batch.broken.append(row_id)
    _write_all(actor, column, turned, batch)
    return batch


@transaction.atomic
def record_resealing(actor: Actor, keyring: Keyring, counted: dict[str, int]) -> None:
    """Say in the journal how many rows of which kind have been sealed anew."""
    require(may_rotate(actor))
    _record(actor, "keys.resealed", keyring, **counted)


@transaction.atomic
def retire_old_keys(actor: Actor) -> Keyring:
    """Take all but the newest keys out of the key file; a copy beside it keeps them. Raises Conflict while needed."""
    require(may_rotate(actor))
    keyring = crypto.keyring()
    if queries.held_by_older(queries.holdings(actor), keyring):
        raise Conflict("还有内容要用旧密钥才能打开，旧密钥不能撤下。请先完成换密钥。")
    gone = {"versions": sorted(set(keyring.versions) - {keyring.current})}
    gone["indexes"] = sorted(set(keyring.indexes) - {keyring.current_index})
    if any(gone.values()):
        _record(actor, "keys.retired", keyring, **gone)
        remove_old_keys(_path())  # last: what can still fail after it is only the commit of the entry
    return crypto.keyring()


def _path() -> Path:
    return Path(settings.KEY_FILE)


def _record(actor: Actor, verb: str, keyring: Keyring, **told: Any) -> None:
    journal.record(actor, verb, (KEY, keyring.current), **told)


def _names(column: SealedColumn) -> list[str]:
    return [column.column, *(index.column for index in column.indexes)]


def _hold(column: SealedColumn, ids: Sequence[int]) -> dict[int, Values]:
    """Those of the rows that nobody is writing, held until the transaction ends, as they are now.

    Held not against references to them: whoever adds a membership of a person does not wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute(
            f"select id, {', '.join(_names(column))} from {column.table} "
            f"where id = any(%s) and {column.column} is not null for no key update skip locked",
            [list(ids)],
        )
        return {row_id: [value and bytes(value) for value in values] for row_id, *values in cursor.fetchall()}


def _turned(column: SealedColumn, keyring: Keyring, values: Values) -> Values:
    """The values under the newest keys. Raises SealBroken, or ValueError when there is nothing to index."""
    content = crypto.open_sealed_bytes(keyring, values[0] or b"", column.about)
    turned: Values = [crypto.seal_bytes(keyring, content, column.about)]
    for index, value in zip(column.indexes, values[1:], strict=True):
        text = index.text(content) if value is not None else ""
        if value is not None and not text:
            raise ValueError(column.column)
        turned.append(crypto.blind_index(keyring, text, index.about) if text else None)
    return turned


def _write_all(actor: Actor, column: SealedColumn, turned: dict[int, Values], batch: Batch) -> None:
    """All at once; or one by one, where one of them can't be written."""
    if not turned or _write(column, turned) is None:
        batch.done += len(turned)
        return
    for row_id, values in turned.items():
        refused = _write(column, {row_id: values})
        if refused is None:
            batch.done += 1
        elif isinstance(refused, psycopg.errors.UniqueViolation):
            batch.twins.append((row_id, _twin(actor, column, values)))
        else:
            batch.busy += 1


def _write(column: SealedColumn, turned: dict[int, Values]) -> BaseException | None:
    """None, or why nothing was written: another row has the number, or somebody is writing it this moment."""
    names = _names(column)
    sets = ", ".join(f"{name} = x.v{n}" for n, name in enumerate(names))
    arrays = ", ".join(["%s::bigint[]", *("%s::bytea[]" for _ in names)])
    fields = ", ".join(["id", *(f"v{n}" for n in range(len(names)))])
    columns = [list(values) for values in zip(*turned.values(), strict=True)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"update {column.table} t set {sets} from unnest({arrays}) x({fields}) where t.id = x.id",
                [list(turned), *columns],
            )
    except Error as error:
        if isinstance(error.__cause__, (psycopg.errors.UniqueViolation, *BUSY)):
            return error.__cause__
        raise
    return None


def _twin(actor: Actor, column: SealedColumn, values: Values) -> int:
    """The other row with the same number; 0 when it went away meanwhile."""
    pairs = zip(column.indexes, values[1:], strict=True)
    found = (queries.twin(actor, column, index, value) for index, value in pairs if value is not None)
    return next((row_id for row_id in found if row_id is not None), 0)
