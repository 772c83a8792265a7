"""Steps 3 and 4: the alliance, formed by each branch's own consent, and its theme days month after month."""

from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction

from sangyu.activities.actions import roll
from sangyu.activities.actions.roll import Marked
from sangyu.activities.models import Activity
from sangyu.alliances import actions as alliances
from sangyu.alliances import queries
from sangyu.demo import texts
from sangyu.demo.people import SMALL_BRANCHES, WORKING_COMMITTEE
from sangyu.demo.showing import Shortfall, Stage
from sangyu.demo.sittings import Sitting, answer_all, hold, plan
from sangyu.demo.world import World, chance, moment, theme_day, working_day
from sangyu.kit import clock
from sangyu.members.models import Membership, Organization

NAME = "支部联盟"
PURPOSE = "人少的支部联合开展主题党日，组织隶属关系不变。"
STAYS_ALONE = "供销社离退休干部党支部"
NOBODY_CAME = "科协离退休干部党支部"
JOINT_MEMBERS = 30
QUARTER_BEGINS = (1, 4, 7, 10)
SAMPLE = "老同志"


def form_the_alliance(world: World, stage: Stage) -> str:
    """The working committee proposes; each branch's own secretary consents; nobody's affiliation changes."""
    before = _affiliations()
    first = world.since + timedelta(days=1)
    invited = [world.branches[name] for name, _ in SMALL_BRANCHES if name != STAYS_ALONE]
    with clock.at(moment(first, 10)):
        world.alliance = alliances.propose_alliance(
            world.bureau, world.committee, NAME, invited, first, uuid4(), PURPOSE
        )
    joining = first + timedelta(days=2)
    with clock.at(moment(joining, 10)):
        for place in world.alliance.places.select_related("organization"):
            alliances.consent(world.secretaries[place.organization_id], place, joining)
    world.joined = list(queries.members_on(world.alliance, joining))
    people = queries.people_on(world.alliance, joining).count()
    if people < JOINT_MEMBERS or len(world.joined) < len(invited):
        raise Shortfall(f"联盟只有{len(world.joined)}个支部、{people}名党员")
    if before != _affiliations():
        raise Shortfall("加入联盟改动了组织隶属关系")
    _make_rotas(world, joining)
    stage.say(f"{len(before)}名党员的组织隶属关系逐一比对，没有变化。")
    return f"{len(world.joined)}个支部、{people}名党员加入；轮值表排到{(world.today + timedelta(days=31)).year}年"


def _affiliations() -> set[tuple[int, int]]:
    return set(Membership.objects.filter(kind="formal").values_list("person_id", "organization_id"))


def _make_rotas(world: World, joined: date) -> None:
    """Each year's before it begins; the coming year's in December."""
    for year in range(joined.year, (world.today + timedelta(days=31)).year + 1):
        with clock.at(min(clock.now(), moment(max(joined, date(year - 1, 12, 20)), 15))):
            alliances.make_rota(world.bureau, world.alliance, year)


def live_the_theme_days(world: World, stage: Stage) -> str:
    """Every month's joint theme day that has passed, each month one transaction; the newest is left half done."""
    months = [month for month in world.months() if theme_day(month) < world.today]
    for month in stage.watched(months, "联盟主题党日"):
        with transaction.atomic():
            sitting = joint_sitting(world, month)
            newest, before = month == months[-1], month == months[-2]
            open_ = _left_open(world, sitting.host) if newest else ()
            nobody = [b.pk for b in _guests(world, sitting.host) if b.name == NOBODY_CAME] if before else ()
            world.held.append(hold(world, sitting, open_, nobody))
    with transaction.atomic():
        coming = _announce(world)
        _hand_over(world, world.held[-1])
    return f"{len(months)}次主题党日；下一次{clock.day_of(coming.starts_at):%-m月%-d日}，已发布"


def joint_sitting(world: World, month: date, day: date | None = None) -> Sitting:
    """The month's theme day, in a quarter's first month a party lecture as well; a second one in a month is study."""
    day, second = day or theme_day(month), day is not None and theme_day(month) < world.today
    turn = queries.turn_of(world.alliance, day)
    if turn is None:
        raise Shortfall(f"{day:%Y年%-m月}没有轮值支部")
    title, content = texts.THEMES[(month.year * 12 + month.month + second * 5) % len(texts.THEMES)]
    lecture = chance("联盟", month).choice(texts.LECTURES) if month.month in QUARTER_BEGINS and not second else ""
    kinds = ("study",) if second else ("theme_day", "party_lecture") if lecture else ("theme_day",)
    return Sitting(turn.host, day, kinds, title, content, world.alliance, lecture=lecture)


def _guests(world: World, host: Organization) -> list[Organization]:
    return [branch for branch in world.joined if branch.pk != host.pk]


def _left_open(world: World, host: Organization) -> list[int]:
    """Two branches that have not called their roll: the one that may be tried, if it is not the host, and another."""
    guests = sorted(_guests(world, host), key=lambda b: (b.name != WORKING_COMMITTEE, b.pk not in world.liaisons, b.pk))
    return [branch.pk for branch in guests[:2]]


def _hand_over(world: World, activity: Activity) -> None:
    """One of the two has begun and asks its liaison to go on."""
    part = activity.participations.filter(closed_at__isnull=True).order_by("organization_id").first()
    if part is None:
        raise Shortfall("最近一次活动没有留下待补完的点名")
    with clock.at(activity.ends_at):
        roll.hand_over(world.secretaries[part.organization_id], part)


def _announce(world: World) -> Activity:
    """What is next for the members: this month's theme day if it is still to come, else another sitting soon."""
    month = clock.month_of(world.today)
    day = theme_day(month)
    if day >= world.today:
        day = max(day, working_day(world.today + timedelta(days=1)))
    else:
        day = working_day(world.today + timedelta(days=4))
    sitting = joint_sitting(world, clock.month_of(day), day)
    activity = plan(world, sitting)
    sample = {person.pk for label, person in world.samples if label.endswith(SAMPLE)}
    likely = {p: Marked("present") for b in world.joined for p in world.members[b.pk][:2] if p not in sample}
    answer_all(world, activity, likely)
    return activity


def propose_to_the_last(world: World) -> None:
    """The branch that stays alone is invited now, and has not answered yet."""
    alliances.invite(world.bureau, world.alliance, world.branches[STAYS_ALONE], world.today)
