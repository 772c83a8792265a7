"""Step 1: the office and its branches, the rosters it keeps, the liaisons, and the accounts that may be tried."""

from datetime import date
from pathlib import Path

from sangyu.accounts import actions as accounts
from sangyu.demo.people import BRANCHES, SMALL_BRANCHES, WORKING_COMMITTEE
from sangyu.demo.showing import Shortfall, Stage
from sangyu.demo.workbooks import write_main_roster, write_second_roster
from sangyu.demo.world import World, moment
from sangyu.duties import actions as duties
from sangyu.journal.actor import machine
from sangyu.kit import clock
from sangyu.members.actions import appointments, cards, organizations, rosters
from sangyu.members.models import Appointment, Circumstance, Membership, Organization, Person
from sangyu.members.models.belonging import MembershipKind, Role
from sangyu.members.models.organization import OrganizationKind
from sangyu.members.models.roster import LineState
from sangyu.members.queries import rosters as imported
from sangyu.members.queries.people import actor_of

OPERATOR = machine("command", "members.found_office", "accounts.set_password")
OFFICE, COMMITTEE = "嘉峪关市委老干部局", "嘉峪关市离退休干部党工委"
FOUNDED, SMALL_FOUNDED = date(2010, 1, 1), date(2018, 5, 1)
OPENING = moment(date(2018, 6, 15), 9)
DUTIES_SINCE, LIAISONS_SINCE = date(2019, 1, 1), date(2018, 7, 1)
CLERK = "文小雁"
LIAISONS = (
    "方晓燕", "石晓宁", "江小静", "汤小磊", "安晓佳", "孔小娜", "白晓丽", "邹小东", "万晓红", "尹小波", "洪晓梅",
    "施小林", "龚晓春", "樊小菊", "章晓云",
)  # fmt: skip
WITHOUT_LIAISON = "红十字会离退休干部党支部"
PASSWORD = "wanqing-2026"  # demo only; printed at the end


def found_the_office(world: World) -> str:
    """The bureau, the working committee under it, and the branches, each with its founding date; and what they owe."""
    with clock.at(OPENING):
        clerk = organizations.found_office(OPERATOR, OFFICE, CLERK, FOUNDED, "19900009901")
        world.office = Organization.objects.get(name=OFFICE)
        world.bureau = actor_of(clerk.pk, "console")
        world.committee = organizations.found_organization(
            world.bureau, world.office, COMMITTEE, OrganizationKind.WORKING_COMMITTEE, FOUNDED
        )
        for name, _ in BRANCHES:
            founded = SMALL_FOUNDED if name in dict(SMALL_BRANCHES) else FOUNDED
            world.branches[name] = organizations.found_organization(
                world.bureau, world.committee, name, OrganizationKind.BRANCH, founded
            )
        duties.adopt_rule_pack(world.bureau, world.office, DUTIES_SINCE)
    world.samples.append(("老干部局工作人员", clerk))
    return f"{OFFICE}成立，下有党工委和{len(world.branches)}个支部"


def bring_in_the_rosters(world: World, stage: Stage) -> str:
    """Both workbooks are written as offices keep them and come in by the importer; what does not is told row by row."""
    world.folder.mkdir(parents=True, exist_ok=True)
    came, bad = 0, 0
    for name, write in (("老干部局花名册.xlsx", write_main_roster), ("市政协办公室登记表.xlsx", write_second_roster)):
        path = world.folder / name
        write(path)
        counts = _import(world, stage, path)
        came, bad = came + counts[LineState.IMPORTED], bad + counts[LineState.BAD]
    if came != sum(size for _, size in BRANCHES):
        raise Shortfall(f"花名册只导入了{came}人")
    _learn_who_is_where(world)
    return f"导入{came}人；{bad}行没有导入，原因已列出"


def _import(world: World, stage: Stage, path: Path) -> dict[str, int]:
    with clock.at(OPENING):
        roster = rosters.receive_roster(world.bureau, world.office, path.name, path.read_bytes())
        with stage.bar(f"导入{path.name}", roster.total) as advance:
            roster = rosters.apply_roster(world.bureau, roster)
            advance(roster.done)
        counts = imported.line_counts(world.bureau, roster)
        faults = list(imported.faulty_lines(world.bureau, roster))
    stage.say(f"{path.name}：导入{counts[LineState.IMPORTED]}人，没有导入{counts[LineState.BAD]}行")
    if faults:
        rows = [(f.sheet, f"第{f.number}行", column, reason) for f in faults for column, reason in f.problems]
        stage.table("没有导入的行", ("工作表", "行", "列", "原因"), rows)
    return counts


def _learn_who_is_where(world: World) -> None:
    """Who leads, who belongs, who is housebound: read once, used for all the years."""
    for branch in world.branches.values():
        held = Appointment.objects.select_related("person").get(organization=branch, role=Role.SECRETARY)
        world.secretaries[branch.pk] = world.officer(held.person)
    formal = Membership.objects.filter(kind=MembershipKind.FORMAL).order_by("person__reading", "person_id")
    for organization_id, person_id in formal.values_list("organization_id", "person_id"):
        world.members.setdefault(organization_id, []).append(person_id)
    for person_id, kind in Circumstance.objects.values_list("person_id", "kind"):
        world.ways[person_id] = world.ways.get(person_id, frozenset()) | {kind}


def give_liaisons_and_accounts(world: World) -> str:
    """Each branch but one gets a liaison in service; a few people get accounts that may be tried."""
    with clock.at(moment(LIAISONS_SINCE, 9)):
        branches = [branch for name, branch in world.branches.items() if name != WITHOUT_LIAISON]
        for number, (branch, name) in enumerate(zip(branches, LIAISONS, strict=True)):
            phone = f"1990000{9910 + number}"
            held = appointments.register_officer(world.bureau, branch, name, phone, Role.LIAISON, LIAISONS_SINCE)
            world.liaisons[branch.pk] = world.officer(held.person)
    _give_samples(world)
    return f"{len(world.liaisons)}个支部有联络员，{world.branches[WITHOUT_LIAISON].short_name}还缺联络员"


def _give_samples(world: World) -> None:
    home = world.branches[WORKING_COMMITTEE]
    cards.open_accounts(world.bureau, world.office)
    cards.open_accounts(world.bureau, home)
    secretary, liaison = world.secretaries[home.pk], world.liaisons[home.pk]
    member = next(p for p in world.members[home.pk] if p != secretary.person_id and not _is_hindered(world, p))
    for label, person_id in (("书记", secretary.person_id), ("联络员", liaison.person_id), ("老同志", member)):
        world.samples.append((f"{home.short_name}{label}", Person.objects.get(pk=person_id or 0)))
    for _, person in world.samples:
        person.refresh_from_db()
        if person.account is None:
            raise Shortfall(f"没有给{person.name}开通账号")
        accounts.set_password(OPERATOR, person.account, PASSWORD)


def _is_hindered(world: World, person_id: int) -> bool:
    return bool(world.ways.get(person_id, frozenset()) & {"away", "abroad", "housebound"})
