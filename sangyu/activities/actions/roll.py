"""Calling the roll of one branch: drafts, closing, corrections, handing over."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction

from sangyu.activities import metrics, queries, rules
from sangyu.activities.metrics import ACTIVITY, PART
from sangyu.activities.models import Activity, ActivityState, Mark, Participation, RollLine
from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Conflict, Refusal, require

REASON_LENGTH = 60


class Marked(NamedTuple):
    """How somebody took part, and why not, if somebody says."""

    mark: str
    reason: str = ""


NOBODY = Marked("")


def _kept(marked: Marked) -> Marked:
    """As the table keeps it."""
    return Marked(marked.mark, marked.reason.strip()[:REASON_LENGTH])


@transaction.atomic
def save_roll(
    actor: Actor,
    participation: Participation,
    marks: Mapping[int, Marked],
    version: int,
    notes: str = "",
    minutes: str | None = None,
) -> Participation:
    """Keep a draft of the roll; counts for nothing yet. `minutes` is kept when the branch is the host.

    Raises Conflict when somebody else saved in between: `version` is what the editor saw.
    """
    part = _opened(actor, participation, version)
    if part.is_closed:
        raise Refusal("本支部已经完成点名。要改动请用“更正点名”。")
    _write_roll(part, marks)
    _write_notes(actor, part, notes, minutes)
    return part


@transaction.atomic
def close_part(
    actor: Actor,
    participation: Participation,
    marks: Mapping[int, Marked],
    version: int,
    notes: str = "",
    minutes: str | None = None,
) -> Participation:
    """The branch's part is complete: everybody is marked, and from now on it counts. Pressed twice it closes once.

    The host closes the activity itself with the minutes. Raises Refusal when somebody is unmarked, the minutes are
    missing or the activity has not begun; Conflict as `save_roll`.
    """
    part = _locked(participation)
    if part.is_closed and _same_roll(part, marks) and _same_words(part, notes, minutes):
        require(rules.may_take_roll(actor, part))
        return part
    part = save_roll(actor, part, marks, version, notes, minutes)
    _check_complete(part)
    part.closed_at = clock.now()
    part.handed_to_liaison = False
    part.save(update_fields=["closed_at", "handed_to_liaison"])
    _state(actor, "activities.part_closed", part)
    if part.organization_id == part.activity.host_id:
        _close_activity(actor, part.activity)
    return part


@transaction.atomic
def correct_roll(
    actor: Actor, participation: Participation, marks: Mapping[int, Marked], version: int
) -> Participation:
    """Change a closed roll: duty, figures and ledger follow; the history shows who was changed from what to what."""
    part = _opened(actor, participation, version)
    if not part.is_closed:
        raise Refusal("本支部还没有完成点名，直接点名就可以。")
    before = {line.person_id: Marked(line.mark, line.reason) for line in part.roll.all()}
    _write_roll(part, marks)
    _check_complete(part)
    # A reason is free text: the journal says that it was changed, not what it says.
    changes = [
        [person, before.get(person, NOBODY).mark, marked.mark]
        for person, marked in sorted(marks.items())
        if before.get(person, NOBODY) != _kept(marked)
    ]
    if changes:
        _bump(actor, part)
        _state(actor, "activities.roll_corrected", part, changes=changes)
    return part


@transaction.atomic
def hand_over(actor: Actor, participation: Participation) -> None:
    """“请联络员补完”: it stands on top of the liaison's list until the part is closed."""
    part = _locked(participation)
    require(rules.may_take_roll(actor, part))
    if part.is_closed:
        raise Refusal("本支部已经完成点名，不用再交给联络员。")
    part.handed_to_liaison = True
    part.save(update_fields=["handed_to_liaison"])
    journal.record(actor, "activities.handed_over", (PART, part.pk), part.organization_id)


def _opened(actor: Actor, participation: Participation, version: int) -> Participation:
    """The row, locked, when the actor may call the roll and has seen its latest state."""
    part = _locked(participation)
    require(rules.may_take_roll(actor, part))
    if part.version != version:
        who = part.edited_by.name if part.edited_by else "有人"
        raise Conflict(f"{who}刚刚保存过这份点名。您填的还在本页，请先看最新的点名，再决定是否修改。")
    if part.activity.state not in (ActivityState.PUBLISHED, ActivityState.CLOSED):
        raise Refusal(f"这次活动{part.activity.get_state_display()}，不能点名。")
    return part


def _write_roll(part: Participation, marks: Mapping[int, Marked]) -> None:
    """Replace the lines that differ. Only those expected can be marked."""
    expected = set(queries.expected_at(part).values_list("person_id", flat=True))
    if strangers := set(marks) - expected:
        raise Refusal(f"点名表里有 {len(strangers)} 人不是本支部当天的党员，请刷新本页。")
    RollLine.objects.bulk_create(
        [
            RollLine(participation=part, person_id=person, mark=Mark(m.mark), reason=_kept(m).reason)
            for person, m in sorted(marks.items())
        ],
        update_conflicts=True,
        unique_fields=["participation", "person"],
        update_fields=["mark", "reason"],
    )


def _write_notes(actor: Actor, part: Participation, notes: str, minutes: str | None) -> None:
    part.notes = notes
    _bump(actor, part)
    if minutes is not None and part.organization_id == part.activity.host_id:
        part.activity.minutes = minutes.strip()
        part.activity.save(update_fields=["minutes"])


def _bump(actor: Actor, part: Participation) -> None:
    part.version += 1
    part.edited_by_id = actor.person_id
    part.save(update_fields=["version", "edited_by", "notes"])


def _check_complete(part: Participation) -> None:
    if part.activity.starts_at > clock.now():
        raise Refusal("活动还没有开始，到时再点名。")
    missing = queries.expected_at(part).exclude(person__in=part.roll.values("person_id"))
    names = "、".join(missing.values_list("person__name", flat=True))
    if names:
        raise Refusal(f"还有人没有点到：{names}。")
    if part.organization_id == part.activity.host_id and not part.activity.minutes:
        raise Refusal("请写几句会议记录再完成：讲了什么，讨论了什么，定了什么。")


def _close_activity(actor: Actor, activity: Activity) -> None:
    activity.state = ActivityState.CLOSED
    activity.save(update_fields=["state"])
    told = metrics.activity_facts([activity.pk])[activity.pk]
    journal.record(actor, "activities.closed", (ACTIVITY, activity.pk), activity.host_id, facts=told)


def _state(actor: Actor, verb: str, part: Participation, **detail: object) -> None:
    told = metrics.part_facts([part.pk]).get(part.pk, [])
    journal.record(actor, verb, (PART, part.pk), part.organization_id, facts=told, **detail)


def _same_words(part: Participation, notes: str, minutes: str | None) -> bool:
    """Nothing was written that is not kept already; an empty field says nothing."""
    # Asked anew: who waited for the lock of the part has read the activity as it was before.
    kept = Activity.objects.values_list("minutes", flat=True).get(pk=part.activity_id)
    return notes in ("", part.notes) and (minutes or "").strip() in ("", kept)


def _same_roll(part: Participation, marks: Mapping[int, Marked]) -> bool:
    stands = {line.person_id: Marked(line.mark, line.reason) for line in part.roll.all()}
    return stands == {person: _kept(marked) for person, marked in marks.items()}


def _locked(participation: Participation) -> Participation:
    return (
        Participation.objects.select_for_update(of=("self",))
        .select_related("activity__host", "activity__alliance", "organization", "edited_by")
        .get(pk=participation.pk)
    )
