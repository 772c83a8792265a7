"""Setting what is owed: the default pack, and a city's own changes. Past verdicts are never altered."""

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.db import transaction

from sangyu.activities.models import ActivityKind
from sangyu.duties import rules
from sangyu.duties.metrics import ACTION_SET, DUTY_RULE
from sangyu.duties.models import ActionSet, DutyRule, OwedBy
from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
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
            organization=organization, code=code, name=name, period=period, times=times, owed_by=owed_by,
            satisfied_by=list(satisfied_by), basis=basis, since=since,
        )
    journal.record(actor, "duties.set", (DUTY_RULE, rule.pk), organization.pk, code=code)
    return rule


@transaction.atomic
def change_duty(
    actor: Actor, rule: DutyRule, name: str, period: str, times: int, basis: str, on: date, owed_by: str = ""
) -> DutyRule:
    """From `on` the new wording holds; before it the old one, so that no past verdict changes. Returns the new rule."""
    require(rules.may_set_duties(actor, rule.organization))
    if on <= rule.since:
        raise Refusal(f"新规定的开始日期要晚于{rule.since:%Y年%-m月%-d日}，以免改动以前的结论。")
    end_duty(actor, rule, on)
    return set_duty(
        actor, rule.organization, rule.code, name, period, rule.satisfied_by, basis, on, times, owed_by or rule.owed_by
    )


@transaction.atomic
def end_duty(actor: Actor, rule: DutyRule, on: date) -> None:
    """Nothing is owed from `on`."""
    require(rules.may_set_duties(actor, rule.organization))
    if on <= rule.since:
        raise Refusal(f"停止日期要晚于{rule.since:%Y年%-m月%-d日}。")
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
