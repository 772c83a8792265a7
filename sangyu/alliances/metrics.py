"""What this area counts, and the kinds of records it writes to the journal."""

from sangyu.journal.declare import metric, source

ALLIANCE = source(20, "alliances.alliance", "支部联盟", url="alliances:alliance")

ORGANIZATIONS = metric(20, "alliance.organizations", "联盟成员支部", "个", "stock")
MEMBERS = metric(21, "alliance.members", "联盟党员", "人", "stock")
