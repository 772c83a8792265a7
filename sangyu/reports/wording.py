"""What entries and figures say to people: every door, how each metric is counted."""

DOORS = {"portal": "手机端", "console": "工作台", "command": "服务器命令", "worker": "后台任务"}

HOW = {
    "alliance.organizations": "期末那一天在联盟里的支部数：已书面同意加入、还没有退出的。",
    "alliance.members": "期末那一天联盟各支部的党员数，按组织关系计算，每人只计一次。",
    "activities.theme_days": "期内已完成的主题党日，每次活动只计一次，计在主持的支部。取消或更正以后，数字随之改变。",
    "members.formal": "期末那一天组织关系在本支部的党员数。",
    "members.prefecture_rank": "期末那一天组织关系在本支部、原职级为地级的党员数。",
    "members.living_away": "期末那一天组织关系在本支部、登记为居住外地的党员数。",
    "members.housebound": "期末那一天组织关系在本支部、登记为重病无法外出的党员数。",
}
TODAYS_TREE = "按今日隶属口径：支部按今天的上下级关系归属，过去的月份也一样。"
TREE_OF_THEN = "按当时隶属口径：每个月的数，按那个月最后一天的上下级关系归属；支部后来的调整不改变它。"
