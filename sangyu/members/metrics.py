"""What this area counts, and the kinds of records it writes to the journal. Stock metrics are read from dated rows."""

from sangyu.journal.declare import metric, source

ORGANIZATION = source(10, "members.organization", "组织", url="members:organization")
PERSON = source(11, "members.person", "人员", url="members:person")
MEMBERSHIP = source(12, "members.membership", "组织关系")
APPOINTMENT = source(13, "members.appointment", "任职")
ROSTER = source(14, "members.roster", "花名册", url="members:roster")

FORMAL = metric(10, "members.formal", "党员（组织关系）", "人", "stock")
PREFECTURE_RANK = metric(11, "members.prefecture_rank", "地级干部", "人", "stock")
LIVING_AWAY = metric(12, "members.living_away", "居住外地", "人", "stock")
HOUSEBOUND = metric(13, "members.housebound", "重病无法外出", "人", "stock")
