"""The console's menu: what the actor's offices open, at most nine lines."""

from dataclasses import dataclass

from django.urls import reverse

from sangyu.journal.request import Request
from sangyu.members.rules import BRANCH_OFFICERS, BUREAU


@dataclass(frozen=True, slots=True)
class MenuItem:
    label: str
    url: str
    current: bool


# url name, label, the roles that see it
ITEMS = (
    ("console:home", "到期事项", BRANCH_OFFICERS | BUREAU),
    ("activities:list", "活动", BRANCH_OFFICERS | BUREAU),
    ("alliances:list", "支部联盟", BRANCH_OFFICERS | BUREAU),
    ("console:organizations", "组织与党员", BRANCH_OFFICERS | BUREAU),
    ("members:rosters", "导入花名册", BUREAU),
    ("duties:rules", "规定动作", BUREAU),
    ("reports:figures", "数据", BUREAU),
    ("voices:inbox", "投诉与建议", BUREAU),
    ("portal:home", "我的手机端", BRANCH_OFFICERS | BUREAU),
)


def menu_for(request: Request) -> list[MenuItem]:
    """Menu lines for the offices held now; the line of the page being looked at is marked."""
    here = request.path
    return [
        MenuItem(label, url, here == url or (url != "/console/" and here.startswith(url)))
        for name, label, roles in ITEMS
        if request.actor.realm(roles)
        for url in [reverse(name)]
    ]
