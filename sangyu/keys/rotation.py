"""A whole rotation: pass after pass, until nothing has an old key and nobody can write with one any more."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sangyu.journal.actor import Actor
from sangyu.keys import actions, queries
from sangyu.keys.actions import Batch
from sangyu.kit import crypto
from sangyu.kit.crypto import SealedColumn

PAUSE = 0.2  # seconds between two looks at what others are doing
PATIENCE = 600.0  # seconds to wait for others to finish
GRACE = 2.0  # seconds in which a page that was being made has opened what it had read

Told = Callable[[str, int], None]  # what goes on, and how many rows more are sealed anew


@dataclass(slots=True)
class Outcome:
    """Rows sealed anew by kind; sentences about rows that a person must look at; whether nothing else is left."""

    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    whole: bool = False


def reseal_everything(actor: Actor, told: Told, patience: float = PATIENCE) -> Outcome:
    """Seal everything with the newest keys. Stopped anywhere, it goes on from there when called again.

    A process takes the newest keys each time it seals, so only what was begun before they came can still bring old
    ones in: those transactions are waited for, and then everything is looked at once more.
    """
    until = time.monotonic() + patience
    begun_before = queries.running_transactions(actor)
    outcome = Outcome()
    _until_done(actor, told, until, outcome)
    if settle(actor, told, begun_before, until):
        outcome.whole = _until_done(actor, told, until, outcome)
    if outcome.done:
        actions.record_resealing(actor, crypto.keyring(), dict(outcome.done))
    return outcome


def settle(actor: Actor, told: Told, begun_before: set[str], until: float) -> bool:
    """Wait for these transactions to end; False when they do not in time."""
    while left := begun_before & queries.running_transactions(actor):
        if time.monotonic() > until:
            return False
        told(f"等待 {len(left)} 项正在进行的操作结束", 0)
        time.sleep(PAUSE)
    return True


def _until_done(actor: Actor, told: Told, until: float, outcome: Outcome) -> bool:
    """Pass over every column until only faults are left; False when others hold rows for too long."""
    outcome.faults.clear()
    for column in crypto.SEALED.values():
        busy, faults = _pass(actor, column, told, outcome)
        while busy:
            if time.monotonic() > until:
                return False
            told(f"等待正在修改的{column.label}", 0)
            time.sleep(PAUSE)
            busy, faults = _pass(actor, column, told, outcome)
        outcome.faults += faults
    return True


def _pass(actor: Actor, column: SealedColumn, told: Told, outcome: Outcome) -> tuple[int, list[str]]:
    """Once over a column: how many rows others held, and what is wrong with the rest."""
    busy, faults, after = 0, [], 0
    while (batch := actions.reseal(actor, column, after)).last is not None:
        after, busy = batch.last, busy + batch.busy
        faults += _said(column, batch)
        if batch.done:
            outcome.done[f"{column.table}.{column.column}"] += batch.done
        told(f"重新加密{column.label}", batch.done)
    return busy, faults


def _said(column: SealedColumn, batch: Batch) -> list[str]:
    said = [
        f"{column.label}：编号 {row_id} 打不开，没有改动；缺少它的密钥，或内容已被改动。" for row_id in batch.broken
    ]
    return said + [
        f"{column.label}：编号 {row_id} 与编号 {other} 相同，是同一个人登记了两次，请核对。"
        for row_id, other in batch.twins
    ]
