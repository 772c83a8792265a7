"""Finding an organization by what is typed."""

from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Gone, Refusal
from sangyu.members.models import Organization
from sangyu.members.queries import organizations


def organization_called(actor: Actor, name: str) -> Organization:
    """The organization of that full or short name. Raises Gone for none, Refusal for more than one."""
    seen = organizations.organizations_seen_by(actor, clock.today())
    found = [o for o in seen if name.strip() in (o.name, o.short_name)]
    if not found:
        raise Gone(f"没有找到“{name}”。请写组织全称，或像“机关工委支部”这样的简称。")
    if len(found) > 1:
        raise Refusal(f"有 {len(found)} 个组织都叫“{name}”，请写全称。")
    return found[0]
