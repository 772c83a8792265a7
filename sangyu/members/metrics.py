"""What this area counts, and how each record tells its facts.

A stock is counted as a ledger is: one more on the day somebody joins, one fewer on the day they leave. The number on
any day is the sum of everything up to it, for a branch and for every organization above it, so lists never count rows.
"""

from collections.abc import Iterable

from sangyu.journal.declare import Fact, metric, source, verbs
from sangyu.members.models import Membership, Organization
from sangyu.members.models.belonging import MembershipKind

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


def facts_of_membership(row: Membership) -> list[Fact]:
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
    registered="登记人员",
    roster_confirmed="确认导入花名册",
    roster_faults_taken="下载花名册中需要改正的行",
    roster_given_up="放弃导入花名册",
    roster_imported="导入花名册",
    roster_looked_again="重新检查花名册",
    roster_received="上传花名册",
)
