"""Forming an alliance: proposed by the convener, joined and left by each branch's own recorded will, hosted in turn."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from sangyu.alliances import queries, rules
from sangyu.alliances.metrics import ALLIANCE
from sangyu.alliances.models import Alliance, Place, Turn
from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import hold_token, refused_by
from sangyu.members.models import Organization


@transaction.atomic
def propose_alliance(
    actor: Actor,
    convener: Organization,
    name: str,
    invited: Sequence[Organization],
    on: date,
    token: UUID,
    purpose: str = "",
) -> Alliance:
    """Ask branches below the convener to join hands. The same form sent twice gives the same alliance."""
    require(rules.may_propose(actor, convener))
    hold_token(token)
    if sent := Alliance.objects.filter(token=token).first():
        if sent.name != name:  # gone back to and changed: must not be dropped silently
            raise Conflict(f"“{sent.name}”已经发起过了。要再发起一个联盟，请重新打开本页。")
        return sent
    if len(invited) < 2:
        raise Refusal("联盟至少要邀请两个支部。")
    with refused_by("alliances_name", lambda: Conflict(f"“{name}”这个名称已经用过了，请换一个。")):
        alliance = Alliance.objects.create(name=name, purpose=purpose, convener=convener, proposed_on=on, token=token)
    journal.record(actor, "alliances.proposed", (ALLIANCE, alliance.pk), convener.pk)
    for organization in invited:
        _invite(actor, alliance, organization, on)
    return alliance


@transaction.atomic
def invite(actor: Actor, alliance: Alliance, organization: Organization, on: date) -> Place:
    """Ask one more. Raises Conflict when it is asked or a member already."""
    require(rules.may_arrange(actor, alliance))
    return _invite(actor, alliance, organization, on)


def _invite(actor: Actor, alliance: Alliance, organization: Organization, on: date) -> Place:
    if alliance.convener_id not in organization.line:
        raise Refusal(f"{organization.name}不在{alliance.convener.name}之下，不能由它邀请。")
    if alliance.places.on(on).filter(organization=organization).exists():
        raise Conflict(f"{organization.name}已是联盟成员。")
    with refused_by("alliances_asked_once", lambda: Conflict(f"已经邀请过{organization.name}，正等它答复。")):
        place = Place.objects.create(alliance=alliance, organization=organization, invited_on=on)
    journal.record(actor, "alliances.invited", (ALLIANCE, alliance.pk), organization.pk)
    return place


@transaction.atomic
def consent(actor: Actor, place: Place, on: date) -> None:
    """The branch joins of its own will; affiliation does not change. Pressed twice it counts once."""
    require(rules.may_consent(actor, place), "加入联盟由支部自己决定，请由支部书记确认。")
    place = Place.objects.select_for_update().get(pk=place.pk)
    if place.during is not None:
        return
    place.during, place.consent_by_id = DateRange(on, None), actor.person_id
    with refused_by("alliances_member_once", lambda: Conflict("本支部已是联盟成员。")):
        place.save(update_fields=["during", "consent_by"])
    journal.record(actor, "alliances.consented", (ALLIANCE, place.alliance_id), place.organization_id)


@transaction.atomic
def leave(actor: Actor, place: Place, on: date) -> None:
    """The branch leaves of its own will, or declines the invitation."""
    require(rules.may_consent(actor, place), "退出联盟由支部自己决定，请由支部书记办理。")
    place = Place.objects.select_for_update().get(pk=place.pk)
    if place.during is None:
        place.delete()
    elif place.during.upper is None:
        if on <= place.during.lower:
            raise Refusal("退出日期要晚于加入日期。")
        place.during = DateRange(place.during.lower, on)
        place.save(update_fields=["during"])
        # Months it would still have hosted are free again: the next rota gives them to those who are there.
        place.alliance.turns.filter(host_id=place.organization_id, month__gt=on).delete()
    journal.record(actor, "alliances.left", (ALLIANCE, place.alliance_id), place.organization_id)


@transaction.atomic
def make_rota(actor: Actor, alliance: Alliance, year: int) -> list[Turn]:
    """Give the year's free months to the members in turn (轮值主持): first who hosts least this year, then who hosted
    longest ago. Months already given stay; none is given from before the alliance. Raises Refusal without a member.
    """
    require(rules.may_arrange(actor, alliance))
    hosts = list(queries.members_on(alliance, max(date(year, 1, 1), clock.today())))
    if not hosts:
        raise Refusal("还没有支部加入联盟，暂时排不出轮值表。")
    given = {turn.month: turn.host_id for turn in alliance.turns.order_by("month")}
    hosted, last = Counter(h for month, h in given.items() if month.year == year), {h: m for m, h in given.items()}
    turns = []
    for month in (date(year, number, 1) for number in range(1, 13)):
        if month in given or month < clock.month_of(alliance.proposed_on):
            continue
        host = min(hosts, key=lambda one: (hosted[one.pk], last.get(one.pk, date.min)))
        hosted[host.pk], last[host.pk] = hosted[host.pk] + 1, month
        turns.append(Turn(alliance=alliance, month=month, host=host))
    Turn.objects.bulk_create(turns, ignore_conflicts=True)  # two clicks at once: the first one's months stand
    journal.record(actor, "alliances.rota_made", (ALLIANCE, alliance.pk), alliance.convener_id, year=year)
    return turns
