"""What this area counts, and how each record tells its facts.

A stock is counted as a ledger is: one more on the day somebody joins, one fewer on the day they leave. The number on
any day is the sum of everything up to it, for a branch and for every organization above it, so lists never count rows.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from sangyu.journal.declare import Fact, metric, source, verbs
from sangyu.members.models import Membership, Organization
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.traces import traces

FORMAL = metric(10, "members.formal", "党员（组织关系）", "人", "stock")
PREFECTURE_RANK = metric(11, "members.prefecture_rank", "地级干部", "人", "stock")
LIVING_AWAY = metric(12, "members.living_away", "居住外地", "人", "stock")
HOUSEBOUND = metric(13, "members.housebound", "重病无法外出", "人", "stock")
ATTACHED = metric(14, "members.attached", "编入", "人", "stock")
REGISTERED = metric(15, "members.registered", "社区报到", "人", "stock")
BRANCHES = metric(16, "members.branches", "党支部", "个", "stock")

BY_KIND = {
    MembershipKind.FORMAL: FORMAL,
    MembershipKind.ATTACHED: ATTACHED,
    MembershipKind.REGISTERED: REGISTERED,
}


class Belonging(Protocol):
    """A membership, or one that is about to be written."""

    @property
    def kind(self) -> str: ...
    @property
    def organization_id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def during(self) -> Any: ...  # a DateRange


def facts_of_membership(row: Belonging) -> list[Fact]:
    """One more from the first day, one fewer from the day after the last."""
    number = BY_KIND[MembershipKind(row.kind)].number
    since, until = row.during.lower, row.during.upper
    facts = [Fact(number, row.organization_id, row.person_id, since)]
    return [*facts, Fact(number, row.organization_id, row.person_id, until, -1)] if until else facts


def facts_of_organization(row: Organization) -> list[Fact]:
    """One branch more from its founding, one fewer from its dissolution; other kinds are not counted."""
    if not row.is_branch:
        return []
    facts = [Fact(BRANCHES.number, row.pk, None, row.founded_on)]
    return [*facts, Fact(BRANCHES.number, row.pk, None, row.dissolved_on, -1)] if row.dissolved_on else facts


def membership_facts(ids: list[int]) -> dict[int, list[Fact]]:
    return {row.pk: facts_of_membership(row) for row in Membership.objects.filter(pk__in=ids)}


def organization_facts(ids: list[int]) -> dict[int, list[Fact]]:
    return {row.pk: facts_of_organization(row) for row in Organization.objects.filter(pk__in=ids)}


def memberships() -> Iterable[int]:
    return Membership.objects.values_list("pk", flat=True)


def organizations() -> Iterable[int]:
    return Organization.objects.values_list("pk", flat=True)


ORGANIZATION = source(10, "members.organization", "组织", "members:organization", organization_facts, organizations)
PERSON = source(11, "members.person", "人员", url="members:person")
MEMBERSHIP = source(12, "members.membership", "组织关系", "", membership_facts, memberships)
APPOINTMENT = source(13, "members.appointment", "任职")
ROSTER = source(14, "members.roster", "花名册", url="members:roster")

verbs(
    "members",
    accounts_opened="为支部开通账号",
    acting_started="开始代办",
    appointed="任命职务",
    appointment_ended="免去职务",
    card_replaced="补发登录卡",
    circumstance_ended="撤下一项个人情况",
    circumstance_noted="登记一项个人情况",
    counted="按登记的组织关系计数",
    founded="成立组织",
    joined="登记组织关系",
    left="转出或结束组织关系",
    looked="查看已隐去的信息",
    moved="调整组织隶属",
    registered="登记人员",
    roster_columns_forgotten="忘掉记住的列名",
    roster_columns_mapped="指定花名册的列",
    roster_confirmed="确认导入花名册",
    roster_faults_taken="下载花名册中需要改正的行",
    roster_given_up="放弃导入花名册",
    roster_imported="导入花名册",
    roster_line_corrected="改正花名册的一行",
    roster_line_left_out="花名册的一行不导入",
    roster_line_opened="查看花名册的一行",
    roster_looked_again="重新检查花名册",
    roster_read="读取花名册",
    roster_received="上传花名册",
    roster_undo_asked="要求撤销花名册的导入",
    roster_undo_refused="没有撤销花名册的导入，已有人办过事",
    roster_undone="撤销一次导入",
    taken_back="撤销导入时收回",
)

traces(
    "members",
    appointment_person="另有{n}项任职",
    circumstance_changed="有{n}项个人情况已被改动",
    circumstance_person="另有{n}项个人情况",
    look_by="已查看过别人的信息{n}次",
    look_person="的信息已被查看{n}次",
    membership_person="另有{n}条组织关系",
    person_account="已开通账号",
    rosterimport_by="已上传{n}份花名册",
    rosterline_person="在别的花名册里还有{n}行",
)
