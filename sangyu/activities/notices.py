"""The text that goes into a branch's chat group: copied, not typed."""

from collections.abc import Sequence

from sangyu.activities.models import Activity
from sangyu.kit import spoken


def notice_text(activity: Activity, kinds: Sequence[str], steps: Sequence[str], address: str) -> str:
    """What, when, where, what for, and how to answer; `address` is the page where members answer."""
    lines = [
        f"【通知】{activity.title}",
        f"时间：{spoken.span(activity.starts_at, activity.ends_at)}",
        f"地点：{activity.place}",
        f"类型：{'、'.join(kinds)}",
        *([f"内容：{'、'.join(steps)}"] if steps else []),
        *([f"主持：{activity.chair}"] if activity.chair else []),
        *([f"由“{activity.alliance.name}”各支部联合开展，各支部分别点名。"] if activity.alliance else []),
        *([activity.notice.strip()] if activity.notice.strip() else []),
        "",
        "请各位老同志告诉我们能不能来：点开下面的链接答复，也可以直接打电话给本支部联络员。来不了的，我们送学上门。",
        address,
    ]
    return "\n".join(lines)
