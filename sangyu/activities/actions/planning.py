"""Planning, publishing, changing and cancelling an activity; answering an invitation."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from sangyu.activities import metrics, queries, rules
from sangyu.activities.metrics import ACTIVITY, PART
from sangyu.activities.models import Activity, ActivityState, Answer, Participation, SignUp, Step
from sangyu.alliances import queries as alliances
from sangyu.alliances.models import Alliance
from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import hold_token
from sangyu.members.models import Organization


@transaction.atomic
def plan_activity(
    actor: Actor,
    host: Organization,
    alliance: Alliance | None,
    token: UUID,
    steps: Sequence[tuple[str, bool]] = (),
    **plan: Any,
) -> Activity:
    """Plan a sitting of one branch, or of an alliance by the month's host. The same form sent twice plans once.

    `plan` is title, kinds (codes), starts_at, ends_at (aware), place, and chair, recorder, notice if known.
    `steps` is the agenda: (title, prescribed or not). Raises Refusal when it is another branch's turn to host, and
    Conflict when a form that was sent before comes back changed.
    """
    require(rules.may_plan(actor, host))
    hold_token(token)
    if sent := Activity.objects.filter(token=token).first():
        return _sent_before(sent, plan)
    _check_times(plan["starts_at"], plan["ends_at"])
    if alliance is not None:
        _check_turn(host, alliance, plan["starts_at"])
    activity = Activity.objects.create(host=host, alliance=alliance, token=token, **plan)
    _write_steps(activity, steps)
    journal.record(actor, "activities.planned", (ACTIVITY, activity.pk), host.pk)
    return activity


@transaction.atomic
def change_activity(actor: Actor, activity: Activity, steps: Sequence[tuple[str, bool]], **plan: Any) -> None:
    """Change what was planned, until it is closed. Those who take part are counted for the new day."""
    activity = _locked(activity)
    require(rules.may_change(actor, activity))
    _check_open(activity)
    _check_times(plan["starts_at"], plan["ends_at"])
    if activity.alliance is not None:
        _check_turn(activity.host, activity.alliance, plan["starts_at"])
    if activity.participations.filter(closed_at__isnull=False).exists() and _day(plan["starts_at"]) != _day(
        activity.starts_at
    ):
        raise Refusal("已有支部完成点名，日期不能再改。")
    for field, value in plan.items():
        setattr(activity, field, value)
    activity.save()
    activity.participations.update(on=_day(activity.starts_at))
    activity.steps.all().delete()
    _write_steps(activity, steps)
    journal.record(actor, "activities.changed", (ACTIVITY, activity.pk), activity.host_id, fields=sorted(plan))


@transaction.atomic
def publish_activity(actor: Actor, activity: Activity) -> None:
    """Invite everybody: from now on members see it and each branch has its own part. Pressed twice it happens once."""
    activity = _locked(activity)
    require(rules.may_change(actor, activity))
    if activity.state == ActivityState.PUBLISHED:
        return
    _check_open(activity)
    day = _day(activity.starts_at)
    branches = [activity.host] if activity.alliance is None else list(alliances.members_on(activity.alliance, day))
    Participation.objects.bulk_create(
        Participation(activity=activity, organization=branch, on=day) for branch in branches
    )
    activity.state = ActivityState.PUBLISHED
    activity.save(update_fields=["state"])
    journal.record(actor, "activities.published", (ACTIVITY, activity.pk), activity.host_id)


@transaction.atomic
def cancel_activity(actor: Actor, activity: Activity) -> None:
    """It does not take place, or was recorded by mistake: every fact of it is taken back."""
    activity = _locked(activity)
    require(rules.may_change(actor, activity))
    activity.state = ActivityState.CANCELLED
    activity.save(update_fields=["state"])
    journal.record(actor, "activities.cancelled", (ACTIVITY, activity.pk), activity.host_id, facts=[])
    for part in activity.participations.filter(closed_at__isnull=False).order_by("id"):
        told = metrics.part_facts([part.pk]).get(part.pk, [])
        journal.record(actor, "activities.part_cancelled", (PART, part.pk), part.organization_id, facts=told)


@transaction.atomic
def answer_invitation(actor: Actor, activity_id: int, answer: str, reason: str = "") -> SignUp:
    """Sign up or decline, oneself or by a helper (both names are kept). The last answer stands; twice is once."""
    require(actor.speaks_for is not None)
    activity = queries.invitation_of(actor, activity_id)
    if activity.state != ActivityState.PUBLISHED or activity.starts_at <= clock.now():
        raise Refusal("这次活动已经开始或结束，不能再报名。有事请打电话告诉联络员。")
    sign_up, _ = SignUp.objects.update_or_create(
        activity=activity,
        person_id=actor.subject_id,
        defaults={"answer": Answer(answer), "reason": reason.strip()[:60], "by_id": actor.own_id, "at": clock.now()},
    )
    journal.record(actor, "activities.answered", (ACTIVITY, activity.pk), answer=answer)
    return sign_up


def _sent_before(sent: Activity, plan: dict[str, Any]) -> Activity:
    """The same form once more is the same plan; gone back to and changed, it must not be dropped silently."""
    if any(getattr(sent, field) != value for field, value in plan.items()):
        raise Conflict(f"“{sent.title}”已经保存过了。要改动，请打开这次活动，按“修改”。")
    return sent


def _write_steps(activity: Activity, steps: Sequence[tuple[str, bool]]) -> None:
    Step.objects.bulk_create(
        Step(activity=activity, order=order, title=title, is_prescribed=prescribed)
        for order, (title, prescribed) in enumerate(steps, start=1)
    )


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refusal("结束时间要晚于开始时间。")


def _check_turn(host: Organization, alliance: Alliance, starts_at: datetime) -> None:
    """The month's host plans; where the rota says nothing, any member may."""
    day = _day(starts_at)
    if not alliances.members_on(alliance, day).filter(pk=host.pk).exists():
        raise Refusal(f"{host.short_name}在{day:%Y年%-m月%-d日}还不是“{alliance.name}”的成员。")
    turn = alliances.turn_of(alliance, day)
    if turn is not None and turn.host_id != host.pk:
        raise Refusal(f"{day:%Y年%-m月}由{turn.host.short_name}轮值主持，请由它来计划。")


def _check_open(activity: Activity) -> None:
    if activity.state in (ActivityState.CLOSED, ActivityState.CANCELLED):
        raise Refusal(f"这次活动{activity.get_state_display()}，不能再改。")


def _locked(activity: Activity) -> Activity:
    return (
        Activity.objects.select_for_update(of=("self",))
        .select_related("host", "alliance__convener")
        .get(pk=activity.pk)
    )


def _day(moment: datetime) -> date:
    return clock.day_of(moment)
