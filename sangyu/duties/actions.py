"""Setting what is owed: the default pack, and a city's own changes. Past verdicts are never altered."""

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import uuid4

from django.db import transaction

from sangyu.activities.models import ActivityKind
from sangyu.duties import queries, rules
from sangyu.duties.metrics import ACTION_SET, DUTY_RULE
from sangyu.duties.models import ActionSet, DutyRule, OwedBy
from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import refused_by
from sangyu.members.models import Organization

PACK = Path(__file__).parent / "rule_pack.toml"


@transaction.atomic
def adopt_rule_pack(actor: Actor, organization: Organization, since: date) -> None:
    """Set the default duties for an organization and all below it, from a day on. What is there already stays."""
    require(rules.may_set_duties(actor, organization))
    pack = tomllib.loads(PACK.read_text())
    ActivityKind.objects.bulk_create([ActivityKind(**kind) for kind in pack["kinds"]], ignore_conflicts=True)
    had = set(DutyRule.objects.filter(organization=organization).values_list("code", flat=True))
    for duty in pack["duties"]:
        if duty["code"] not in had:
            set_duty(actor, organization, since=since, **duty)
    if not organization.action_sets.exists():
        prescribed = [a["title"] for a in pack["actions"] if a.get("prescribed")]
        set_actions(actor, organization, prescribed, [a["title"] for a in pack["actions"] if not a.get("prescribed")])


@transaction.atomic
def add_kind(actor: Actor, organization: Organization, name: str) -> ActivityKind:
    """A kind of activity of a city's own, for plans and duties. Raises Conflict when there is one of this name."""
    require(rules.may_set_duties(actor, organization))
    with refused_by("activities_activitykind_name_key", lambda: Conflict(f"“{name}”已经有了，可以直接使用。")):
        kind = ActivityKind.objects.create(code=f"own_{uuid4().hex[:12]}", name=name.strip())
    journal.record(actor, "duties.kind_added", (ACTION_SET, organization.pk), organization.pk, kind=kind.code)
    return kind


@transaction.atomic
def set_duty(
    actor: Actor,
    organization: Organization,
    code: str,
    name: str,
    period: str,
    satisfied_by: Sequence[str],
    basis: str,
    since: date,
    times: int = 1,
    owed_by: str = OwedBy.EVERY_BRANCH,
) -> DutyRule:
    """A duty from a day on. Raises Conflict when this duty is set from that day already."""
    require(rules.may_set_duties(actor, organization))
    if unknown := set(satisfied_by) - set(ActivityKind.objects.values_list("code", flat=True)):
        raise Refusal(f"没有这种活动：{'、'.join(sorted(unknown))}。")
    with refused_by("duties_rule_once", lambda: Conflict(f"“{name}”从这一天起的规定已经有了。")):
        rule = DutyRule.objects.create(
            organization=organization,
            code=code,
            name=name,
            period=period,
            times=times,
            owed_by=owed_by,
            satisfied_by=list(satisfied_by),
            basis=basis,
            since=since,
        )
    journal.record(actor, "duties.set", (DUTY_RULE, rule.pk), organization.pk, code=code)
    return rule


@transaction.atomic
def change_duty(
    actor: Actor, rule: DutyRule, name: str, period: str, times: int, basis: str, on: date, owed_by: str = ""
) -> DutyRule:
    """From `on` the new wording holds; before it the old one, so that no past verdict changes. Returns the new rule.

    Raises Refusal unless `on` is the first day of a period that is not past.
    """
    require(rules.may_set_duties(actor, rule.organization))
    running = queries.PERIODS[rule.period](on)
    if running.start != on:
        raise Refusal(f"新规定要从一个周期的第一天开始，例如{running.end:%Y年%-m月%-d日}，以免中间有一段没有规定。")
    end_duty(actor, rule, on)
    return set_duty(
        actor, rule.organization, rule.code, name, period, rule.satisfied_by, basis, on, times, owed_by or rule.owed_by
    )


@transaction.atomic
def end_duty(actor: Actor, rule: DutyRule, on: date) -> None:
    """Nothing is owed from `on`, which is not past: what was late stays late. Raises Conflict when it has ended."""
    require(rules.may_set_duties(actor, rule.organization))
    running = queries.PERIODS[rule.period](clock.today())
    if on <= rule.since or on < running.start:
        raise Refusal(f"日期要晚于规定开始的那天，并且不早于{running.start:%Y年%-m月%-d日}，以免改动以前的结论。")
    rule = DutyRule.objects.select_for_update(of=("self",)).select_related("organization").get(pk=rule.pk)
    if rule.until is not None:
        raise Conflict(f"“{rule.name}”已经停止，或已换成新的规定。")
    DutyRule.objects.filter(pk=rule.pk).update(until=on)
    journal.record(actor, "duties.ended", (DUTY_RULE, rule.pk), rule.organization_id)


@transaction.atomic
def set_actions(actor: Actor, organization: Organization, prescribed: Sequence[str], chosen: Sequence[str]) -> None:
    """The scheme's set and chosen actions (such as 7+5): what new agendas start from. Old agendas stay."""
    require(rules.may_set_duties(actor, organization))
    titles = [*prescribed, *chosen]
    if len(set(titles)) < len(titles):
        raise Refusal("清单里有重复的内容，请去掉重复的。")
    organization.action_sets.all().delete()
    ActionSet.objects.bulk_create(
        ActionSet(organization=organization, title=title, is_prescribed=title in prescribed, order=order)
        for order, title in enumerate(titles, start=1)
    )
    journal.record(actor, "duties.actions_set", (ACTION_SET, organization.pk), organization.pk, count=len(titles))
