"""What this area counts, and the kinds of records it writes to the journal. Stock metrics are read from dated rows."""

from sangyu.journal.declare import metric, source, verbs

ORGANIZATION = source(10, "members.organization", "组织", url="members:organization")
PERSON = source(11, "members.person", "人员", url="members:person")
MEMBERSHIP = source(12, "members.membership", "组织关系")
APPOINTMENT = source(13, "members.appointment", "任职")
ROSTER = source(14, "members.roster", "花名册", url="members:roster")

FORMAL = metric(10, "members.formal", "党员（组织关系）", "人", "stock")
PREFECTURE_RANK = metric(11, "members.prefecture_rank", "地级干部", "人", "stock")
LIVING_AWAY = metric(12, "members.living_away", "居住外地", "人", "stock")
HOUSEBOUND = metric(13, "members.housebound", "重病无法外出", "人", "stock")

verbs(
    "members",
    accounts_opened="为支部开通账号",
    acting_started="开始代办",
    appointed="任命职务",
    appointment_ended="免去职务",
    card_replaced="补发登录卡",
    circumstance_ended="撤下一项个人情况",
    circumstance_noted="登记一项个人情况",
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
