"""Invented retired members of an invented office: the same people for the same seed, none of them living."""

import calendar
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sangyu.kit import identity_number
from sangyu.kit.identity_number import Sex
from sangyu.members.roster.entry import Mobility, Post, Rank, Residence

SEED = 201805
AS_OF = date(2018, 5, 31)

# No county has the code 620299, so no number can be anybody's; phones stay inside the one block 1990000.
AREA = "620299"
PHONE_PREFIX, PHONES = "19900", 10_000

WORKING_COMMITTEE = "机关工委离退休干部党支部"
CONSULTATIVE = "市政协办公室离退休干部党支部"
TAX, POLICE = "市税务局离退休干部党支部", "市公安局离退休干部党支部"
SMALL_BRANCHES: tuple[tuple[str, int], ...] = (
    (WORKING_COMMITTEE, 5),
    ("宣传部离退休干部党支部", 4),
    ("统战部离退休干部党支部", 3),
    ("史志办离退休干部党支部", 3),
    ("档案馆离退休干部党支部", 4),
    ("文联离退休干部党支部", 3),
    ("科协离退休干部党支部", 3),
    ("妇联离退休干部党支部", 4),
    ("团市委离退休干部党支部", 3),
    ("残联离退休干部党支部", 3),
    ("工商联离退休干部党支部", 4),
    ("红十字会离退休干部党支部", 3),
    ("供销社离退休干部党支部", 6),
)
BRANCHES: tuple[tuple[str, int], ...] = (*SMALL_BRANCHES, (TAX, 18), (POLICE, 26), (CONSULTATIVE, 44))
UNKNOWN_BRANCH = "老年大学临时党支部"

CONSULTATIVE_PREFECTURE_RANKS = 23
COMMITTEE_FROM = 7
COMMITTEE: tuple[Post, ...] = ("secretary", "deputy_secretary", "committee", "committee")

SURNAMES = tuple("王李张刘陈杨赵黄周吴徐孙马朱郭何罗高林郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余叶程魏单仇解查区盖")
MEN_FIRST, MEN_LAST = "建国志文德永成学振世明庆保兴忠宝立", "林山生才海全元义田堂业顺昌礼"
WOMEN_FIRST, WOMEN_LAST = "秀桂淑凤素月春惠雅瑞翠巧", "兰英芳珍梅芬霞莲萍琴香"
MEN_SINGLE, WOMEN_SINGLE = "坤培钧涛鸿", "敏静洁娴"


@dataclass(frozen=True)
class InventedPerson:
    """One invented member; `since` is the first day of the month of joining the branch."""

    name: str
    sex: Sex
    born: date
    id_number: str
    joined_party: date
    phone: str
    rank: Rank
    residence: Residence
    mobility: Mobility
    post: Post
    since: date
    branch: str


def invent_people(seed: int = SEED) -> tuple[InventedPerson, ...]:
    """Every member of every branch, in the order of BRANCHES, with the counts the demo tells of."""
    strangers = _strangers(random.Random(seed))
    people: list[InventedPerson] = []
    for branch, size in BRANCHES:
        people += _branch(branch, [next(strangers) for _ in range(size)])
    return tuple(people)


def invent_strays(seed: int = SEED) -> tuple[InventedPerson, InventedPerson, InventedPerson]:
    """Three more people, for the rows that are to go wrong; they belong to no count."""
    strangers = _strangers(random.Random(seed))
    for _ in range(sum(size for _, size in BRANCHES)):
        next(strangers)
    first, second, third = (next(strangers) for _ in range(3))
    return (
        replace(first, branch=SMALL_BRANCHES[1][0]),
        replace(second, branch=TAX),
        replace(third, branch=UNKNOWN_BRANCH),
    )


def _strangers(chance: random.Random) -> Iterator[InventedPerson]:
    """People without end, each with a name, a number and a phone of their own, not yet in a branch."""
    names: set[str] = set()
    orders = chance.sample(range(1, 500), 499)
    phones = chance.sample(range(PHONES), 499)
    for order, phone in zip(orders, phones, strict=True):
        sex: Sex = "female" if chance.random() < 0.35 else "male"
        name = _name(chance, sex)
        while name in names:
            name = _name(chance, sex)
        names.add(name)
        yield _stranger(chance, name, sex, (order, phone))


def _stranger(chance: random.Random, name: str, sex: Sex, tail: tuple[int, int]) -> InventedPerson:
    order, phone = tail
    born = _born(chance)
    first17 = f"{AREA}{born:%Y%m%d}{order // 5 % 100:02d}{order % 5 * 2 + (sex == 'male')}"
    return InventedPerson(
        name=name,
        sex=sex,
        born=born,
        id_number=first17 + identity_number.check_digit(first17),
        joined_party=_some_day(chance, born.year + chance.randint(20, 40)),
        phone=f"{PHONE_PREFIX}{phone:06d}",
        rank=chance.choice(("county", "section", "section", "other")),
        residence="away" if chance.random() < 0.1 else "here",
        mobility=chance.choices(("well", "frail", "housebound"), (75, 19, 6))[0],
        post="",
        since=date(2018, 5, 1),
        branch="",
    )


def _name(chance: random.Random, sex: Sex) -> str:
    men, women = (MEN_SINGLE, MEN_FIRST, MEN_LAST), (WOMEN_SINGLE, WOMEN_FIRST, WOMEN_LAST)
    single, first, last = men if sex == "male" else women
    given = chance.choice(single) if chance.random() < 0.15 else chance.choice(first) + chance.choice(last)
    return chance.choice(SURNAMES) + given


def _born(chance: random.Random) -> date:
    """Mostly 61 to 80 years before AS_OF, one in eight older, none younger."""
    older = chance.random() < 0.125
    return _some_day(chance, chance.randint(1932, 1937) if older else chance.randint(1938, 1956))


def _some_day(chance: random.Random, year: int) -> date:
    month = chance.randint(1, 12)
    return date(year, month, chance.randint(1, calendar.monthrange(year, month)[1]))


def _branch(branch: str, strangers: Sequence[InventedPerson]) -> list[InventedPerson]:
    people = [replace(person, branch=branch) for person in strangers]
    if branch == WORKING_COMMITTEE:
        people = _too_few_to_meet(people)
    if branch == CONSULTATIVE:
        people = _many_of_high_rank(people)
    if branch not in dict(SMALL_BRANCHES):
        people = [replace(person, since=_since_retirement(person)) for person in people]
    return _with_committee(people)


def _too_few_to_meet(people: Sequence[InventedPerson]) -> list[InventedPerson]:
    """Five members, two away, one of the others gravely ill: two are left for a meeting."""
    states: tuple[tuple[Residence, Mobility], ...] = (
        ("here", "well"), ("away", "well"), ("here", "housebound"), ("away", "frail"), ("here", "frail"),
    )  # fmt: skip
    return [
        replace(person, residence=residence, mobility=mobility)
        for person, (residence, mobility) in zip(people, states, strict=True)
    ]


def _many_of_high_rank(people: Sequence[InventedPerson]) -> list[InventedPerson]:
    ranks: list[Rank] = ["prefecture"] * CONSULTATIVE_PREFECTURE_RANKS
    ranks += ["county"] * (len(people) - len(ranks))
    return [replace(person, rank=rank) for person, rank in zip(people, ranks, strict=True)]


def _since_retirement(person: InventedPerson) -> date:
    """The branch was founded in 2010; who retired later joined in the month after turning sixty."""
    after = person.born.month % 12 + 1
    year = person.born.year + 60 + (after == 1)
    return max(date(2010, 1, 1), date(year, after, 1))


def _with_committee(people: Sequence[InventedPerson]) -> list[InventedPerson]:
    """The secretary lives here and can come; the first is made so where chance has it otherwise."""
    posts = COMMITTEE if len(people) >= COMMITTEE_FROM else COMMITTEE[:1]
    led = list(people)
    for place, post in enumerate(posts):
        led[place] = replace(led[place], post=post, residence="here", mobility="well")
    return led
