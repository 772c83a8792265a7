"""What this area counts, and the kinds of records it writes to the journal."""

from sangyu.journal.declare import metric, source, verbs
from sangyu.members.traces import traces

ALLIANCE = source(20, "alliances.alliance", "支部联盟", url="alliances:alliance")

ORGANIZATIONS = metric(20, "alliance.organizations", "联盟成员支部", "个", "stock")
MEMBERS = metric(21, "alliance.members", "联盟党员", "人", "stock")

verbs(
    "alliances",
    consented="同意加入联盟",
    invited="邀请支部加入联盟",
    left="退出联盟",
    proposed="发起联盟",
    rota_made="编排轮值表",
)

traces("alliances", place_consent_by="已代表支部同意加入{n}个联盟")
