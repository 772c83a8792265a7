"""Undoing a whole import, as long as nothing was built on it: asked for by a person, done by the worker."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.journal.declare import Deed
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.members import rules
from sangyu.members.metrics import MEMBERSHIP, ROSTER
from sangyu.members.models import Membership, RosterImport
from sangyu.members.models.roster import ImportState, LineState
from sangyu.members.queries.roster_undo import MODELS, Made, built_on, made_by, may_be_undone
from sangyu.members.roster_jobs import held, one_after_the_other, people_go, queue

UNDOING_TASK = "sangyu.members.tasks.undo_roster"
AT_ONCE = 5_000  # rows of one statement
NOTHING = "这份花名册没有带进来可以撤销的人，或者正在办理。"
BUILT_ON = "已经有人在这次导入的基础上办过事，什么都没有撤销。下面逐一列出。"
MEANWHILE = "刚刚有人用到了这次导入的人员，什么都没有撤销。请看一看最新情况再办。"
# People last: everything else refers to them.
ORDER = ("circumstance", "appointment", "membership", "person")

# Waits for whoever is writing to these rows, and keeps out who comes next, also by foreign key.
LOCK = "select count(*) from (select from {table} where id = any(%s) order by id for update) x"

# Lines of other imports that came to nothing (given up, undone) lose the person too; all others would be traces.
FORGET = "update members_rosterline set person_id = null where person_id = any(%s)"
MARK = "update members_rosterline set state = 'undone', person_id = null where roster_id = %s and state = 'imported'"


@transaction.atomic
def ask_to_undo(actor: Actor, roster: RosterImport) -> None:
    """Give the undoing to the worker: half a minute for a province. Pressed later it starts a lost job anew.

    Raises Refusal and Conflict as `undo_roster` does.
    """
    require(rules.may_import(actor, roster.organization))
    roster = held(roster)
    if roster.state == ImportState.UNDONE:
        return
    if roster.state != ImportState.UNDOING:
        _look(actor, roster)
        journal.record(actor, "members.roster_undo_asked", (ROSTER, roster.pk), roster.organization_id)
    roster.state, roster.refusal, roster.by_id = ImportState.UNDOING, "", actor.person_id
    roster.save(update_fields=["state", "refusal", "by"])
    queue(UNDOING_TASK, actor, roster)


@transaction.atomic
def refuse_to_undo(actor: Actor, roster: RosterImport, reason: str) -> None:
    """Somebody was quicker than the worker: all of it stays, and the page says why."""
    asked_for_it = actor.person_id is not None and actor.person_id == roster.by_id
    require(asked_for_it or rules.may_import(actor, roster.organization))
    ready = roster.lines.filter(state=LineState.READY).exists()
    state = ImportState.READ if ready else ImportState.DONE
    stays = RosterImport.objects.filter(pk=roster.pk, state=ImportState.UNDOING)
    if stays.update(state=state, refusal=reason):
        journal.record(actor, "members.roster_undo_refused", (ROSTER, roster.pk), roster.organization_id)


@transaction.atomic
def undo_roster(actor: Actor, roster: RosterImport) -> Made:
    """Take back everybody and everything the import brought; the ids that went. Undone already, nothing happens.

    Who was known before stays, without what the import added. Raises Refusal when anything was built on it, or where
    it came in before its rows were noted; then all of it stays.
    """
    require(rules.may_import(actor, roster.organization))
    one_after_the_other(roster.organization)
    people_go()
    roster = held(roster)
    if roster.state == ImportState.UNDONE:
        return Made([], [], [], [])
    _lock(made_by(actor, roster))
    made = _look(actor, roster)
    deeds = list(_deeds(made.membership))
    _delete(roster, made)
    # Afterwards: what the transaction itself has written slows down the checks of the keys.
    for start in range(0, len(deeds), AT_ONCE):
        journal.record_many(actor, deeds[start : start + AT_ONCE])
    roster.state = ImportState.UNDONE
    roster.save(update_fields=["state"])
    counts: dict[str, Any] = {name: len(getattr(made, name)) for name in ORDER}
    journal.record(actor, "members.roster_undone", (ROSTER, roster.pk), roster.organization_id, **counts)
    return made


def _look(actor: Actor, roster: RosterImport) -> Made:
    """What the import wrote, all of it as it left it. Raises Refusal and Conflict."""
    if roster.state != ImportState.UNDOING and not may_be_undone(roster):
        raise Refusal(NOTHING)
    made = made_by(actor, roster)
    if built_on(actor, roster, made).traces:
        raise Conflict(BUILT_ON)
    return made


def _lock(made: Made) -> None:
    with connection.cursor() as cursor:
        for name in reversed(ORDER):
            cursor.execute(LOCK.format(table=_table(name)), [getattr(made, name)])


def _deeds(membership_ids: Sequence[int]) -> Iterator[Deed]:
    """Each membership states nothing any more, so that every figure forgets it."""
    places = Membership.objects.filter(pk__in=membership_ids).order_by("pk").values_list("pk", "organization_id")
    for membership_id, organization_id in places:
        yield Deed("members.taken_back", MEMBERSHIP, membership_id, organization_id, facts=[])


def _delete(roster: RosterImport, made: Made) -> None:
    """The rows, children first. What refers to them and was not seen is found by the keys, here and not at the end."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MARK, [roster.pk])
            cursor.execute(FORGET, [made.person])
            # Checked with each statement: checks of a whole province, put off to the end, would all wait in memory.
            # And by one plan: planned anew for each of fifteen keys of each person, they take five times as long.
            cursor.execute("set local plan_cache_mode = force_generic_plan")
            cursor.execute("set constraints all immediate")
            for name in ORDER:
                ids = getattr(made, name)
                for start in range(0, len(ids), AT_ONCE):
                    cursor.execute(f"delete from {_table(name)} where id = any(%s)", [ids[start : start + AT_ONCE]])
            cursor.execute("set constraints all deferred")
            cursor.execute("set local plan_cache_mode = force_custom_plan")
    except IntegrityError as broken:
        raise Conflict(MEANWHILE) from broken


def _table(name: str) -> str:
    return MODELS[name]._meta.db_table
