"""What the numbers of a branch call for: plain advice with its legal basis. It decides nothing."""

from collections.abc import Collection
from dataclasses import dataclass

from sangyu.members.models import Organization
from sangyu.members.models.belonging import Role

FEWEST, MOST, WITH_COMMITTEE = 3, 50, 7  # 支部工作条例 art. 4, 4, 20


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, and where that is written."""

    sentence: str
    basis: str


def advice_for(organization: Organization, members: int, full: int, roles: Collection[str]) -> list[Advice]:
    """What a branch with so many members, full ones among them, and these offices filled should see to.

    Nothing for other kinds of organizations.
    """
    if not organization.is_branch:
        return []
    found = [_on_size(members, full), _on_committee(full, roles), _on_offices(roles)]
    return [advice for advice in found if advice]


def _on_size(members: int, full: int) -> Advice | None:
    if full < FEWEST:
        return Advice(
            f"正式党员有{full}名，不足{FEWEST}名，单独成立支部的条件不够。可以同邻近支部联合，或请上级党组织研究调整。",
            "《中国共产党支部工作条例（试行）》第四条",
        )
    if members > MOST:
        return Advice(
            f"党员有{members}名，一般不超过{MOST}名。可以请上级党组织研究，分设支部。",
            "《中国共产党支部工作条例（试行）》第四条",
        )
    return None


def _on_committee(full: int, roles: Collection[str]) -> Advice | None:
    if full >= WITH_COMMITTEE and Role.COMMITTEE not in roles:
        return Advice(
            f"正式党员有{full}名，达到{WITH_COMMITTEE}名，应当设立支部委员会（3至5人，一般不超过7人）。",
            "《中国共产党支部工作条例（试行）》第二十条",
        )
    return None


def _on_offices(roles: Collection[str]) -> Advice | None:
    if Role.LIAISON not in roles:
        return Advice(
            "还没有联络员。请为支部明确一名在职党员担任联络员。",
            "县离退休干部党建工作要点（2023年）第8项：各单位为离退休党支部明确1名在职党员担任联络员",
        )
    return None
