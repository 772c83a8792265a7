"""The tree: founding the office itself and what stands under it; hanging an organization elsewhere."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from psycopg.types.range import DateRange

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import clock, pinyin
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import refused_by
from sangyu.members import rules
from sangyu.members.actions.appointments import write_appointment
from sangyu.members.actions.people import write_person
from sangyu.members.metrics import ORGANIZATION, facts_of_organization
from sangyu.members.models import Organization, OrganizationPlace, Person
from sangyu.members.models.belonging import Role
from sangyu.members.models.organization import OrganizationKind

TREE_LOCK = 5  # first key of the advisory lock: whoever founds shares it, whoever moves holds it alone

# What hung at or below the mover is cut at the day, then hung to the new line from there on. Twice is as once.
CUT = """
with cut as (
    update members_organizationplace p set during = daterange(lower(was.during), %(on)s)
      from members_organizationplace was
     where was.id = p.id and p.line @> array[%(mover)s]::int[] and p.during @> %(on)s::date
       and (lower_inf(p.during) or lower(p.during) < %(on)s)
    returning p.organization_id, was.during, p.parent_id, p.line)
insert into members_organizationplace (organization_id, during, parent_id, line)
select organization_id, during * daterange(%(on)s, null), parent_id, line from cut"""
HANG_PLACES = """
update members_organizationplace
   set line = %(line)s::int[] || line[array_position(line, %(mover)s):],
       parent_id = case when organization_id = %(mover)s then %(parent)s else parent_id end
 where line @> array[%(mover)s]::int[] and lower(during) >= %(on)s"""
HANG_TREE = """
update members_organization
   set line = %(line)s::int[] || line[array_position(line, %(mover)s):],
       parent_id = case when id = %(mover)s then %(parent)s else parent_id end
 where line @> array[%(mover)s]::int[]"""


@transaction.atomic
def found_office(
    actor: Actor, name: str, clerk_name: str, on: date, phone: str = "", since: date | None = None
) -> Person:
    """The first organization, founded on a day, and its first clerk, in office `since` (else as long as the office).

    From the command line. Returns the clerk. Raises Conflict when there is such an office.
    """
    require(rules.may_found_office(actor))
    office = _write(name, OrganizationKind.WORKING_COMMITTEE, None, on, "")
    _record(actor, office)
    clerk = write_person(actor, office, name=clerk_name, phone=phone)
    write_appointment(actor, clerk, office, Role.BUREAU, since or on)
    return clerk


@transaction.atomic
def found_organization(
    actor: Actor, parent: Organization, name: str, kind: str, on: date, bond: str = ""
) -> Organization:
    """A new organization under `parent` (支部工作条例 art. 6: the superior founds). Raises Conflict on a twin name."""
    require(rules.may_administer(actor, parent))
    if on < parent.founded_on:
        raise Refusal(f"成立日期不能早于上级组织的成立日期（{parent.founded_on:%Y年%-m月%-d日}）。")
    organization = _write(name.strip(), kind, parent, on, bond)
    _record(actor, organization)
    return organization


@transaction.atomic
def move_organization(actor: Actor, organization: Organization, parent: Organization, on: date) -> Organization:
    """Hang an organization with all below it under another from a day on; figures on today's tree follow at once.

    Raises Refusal where that cannot be, Conflict on a twin name there.
    """
    with connection.cursor() as cursor:  # a statement of its own before the look: nobody else changes the tree now
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [TREE_LOCK])
    organization, parent = (Organization.objects.get(pk=o.pk) for o in (organization, parent))
    require(rules.may_move(actor, organization, parent))
    _refuse_place(organization, parent)
    _refuse_day(organization, parent, on)
    _hang(organization, parent, on)
    place = {"from": organization.parent_id, "to": parent.pk, "on": on}
    journal.record(actor, "members.moved", (ORGANIZATION, organization.pk), organization.pk, None, **place)
    return Organization.objects.get(pk=organization.pk)


def _refuse_place(organization: Organization, parent: Organization) -> None:
    if organization.pk in parent.line:
        raise Refusal("不能把一个组织调整到它自己或它的下级之下。")
    if organization.parent_id == parent.pk:
        raise Refusal(f"{organization.name}现在就隶属于{parent.name}，不用调整。")
    for one in (organization, parent):
        if one.dissolved_on:
            raise Refusal(f"{one.name}已经撤销，不能调整。")


def _refuse_day(organization: Organization, parent: Organization, on: date) -> None:
    """Today's tree has no future; and the past is told once: nobody slips a move in before the last one."""
    if on > clock.today():
        raise Refusal("日期不能晚于今天：调整从哪天起生效，就在那天以后办理。")
    for one in (organization, parent):
        if on < one.founded_on:
            raise Refusal(f"日期不能早于{one.name}的成立日期（{one.founded_on:%Y年%-m月%-d日}）。")
        last = one.places.get(during__upper_inf=True).during.lower
        if last and on < last:
            raise Refusal(f"{one.name}在{last:%Y年%-m月%-d日}刚调整过隶属，日期不能早于那一天。")


def _hang(organization: Organization, parent: Organization, on: date) -> None:
    place: dict[str, Any] = {"mover": organization.pk, "parent": parent.pk, "line": parent.line, "on": on}
    taken = Conflict(f"{parent.name}下面已经有“{organization.name}”了。")
    with connection.cursor() as cursor:
        with refused_by("members_organization_name", lambda: taken):
            cursor.execute(HANG_TREE, place)
        cursor.execute(CUT, place)
        cursor.execute(HANG_PLACES, place)


def _write(name: str, kind: str, parent: Organization | None, on: date, bond: str) -> Organization:
    with connection.cursor() as cursor:  # a statement of its own before the look at where the superior hangs
        cursor.execute("select pg_advisory_xact_lock_shared(%s, 0)", [TREE_LOCK])
    above = Organization.objects.values_list("line", flat=True).get(pk=parent.pk) if parent else []
    constraint = "members_organization_name" if parent else "members_root_name"
    with refused_by(constraint, lambda: Conflict(f"“{name}”已经有了，请换一个名称或直接使用它。")):
        organization = Organization.objects.create(
            name=name, kind=kind, parent=parent, founded_on=on, bond=bond, reading=pinyin.plain_reading(name)
        )
    organization.line = [*above, organization.pk]
    organization.save(update_fields=["line"])
    OrganizationPlace.objects.create(
        organization=organization, during=DateRange(None, None), parent=parent, line=organization.line
    )
    return organization


def _record(actor: Actor, organization: Organization) -> None:
    subject, facts = (ORGANIZATION, organization.pk), facts_of_organization(organization)
    journal.record(actor, "members.founded", subject, organization.pk, facts)
