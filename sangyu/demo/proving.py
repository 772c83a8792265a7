"""Steps 2, 5, 6 and 7: what is owed, who met it by their own part, the ledgers, the figures, the journal."""

from collections import Counter
from itertools import groupby

from sangyu.activities.ledgers import ledger_of, title_of
from sangyu.activities.metrics import THEME_DAYS_JOINED
from sangyu.demo.showing import Shortfall, Stage
from sangyu.demo.world import World
from sangyu.duties.queries import DueItem, Standing, due_items, owed_now
from sangyu.journal.actor import machine
from sangyu.journal.verify import findings
from sangyu.kit.period import Period
from sangyu.reports import figures
from sangyu.reports.queries import tell_facts
from sangyu.tallies import queries as tallies

READER = machine("command", "members.read_all")
PLACE = "嘉峪关"
PROMISED = ("F020", "F021", "F022", "F023", "F024", "F092", "F093", "F094")
OPENED = "F022"  # the figure whose records are shown
SHOWN = 5


def show_what_is_owed(world: World, stage: Stage) -> str:
    """What each branch owes as of now, most urgent first; and who is late."""
    items = owed_now(world.bureau, list(world.branches.values()), world.today)
    shown = (Standing.LATE, Standing.OPEN, Standing.PLANNED, Standing.DUE)
    rows = []
    for branch, owed in groupby(sorted(items, key=lambda i: i.organization.reading), key=lambda i: i.organization):
        found = list(owed)
        rows.append([branch.short_name, *(_told(found, standing) for standing in shown)])
    title = f"{Period.month(world.today).label}各支部到期事项"
    stage.table(title, ("支部", *(standing.value for standing in shown)), rows)
    late = {item.organization.pk for item in items if item.standing == Standing.LATE}
    return f"{len(rows)}个支部共有{len(items)}项要办，{len(late)}个支部有逾期"


def _told(items: list[DueItem], standing: Standing) -> str:
    """主题党日3、党课: each duty once, with how many periods of it."""
    counted = Counter(item.rule.name for item in items if item.standing == standing)
    return "、".join(f"{name}{count}次" if count > 1 else name for name, count in counted.items())


def show_who_met_the_duty(world: World, stage: Stage) -> str:
    """A joint sitting meets the duty of each branch by its own part only: its standing follows its own facts."""
    month = Period.month(world.last_month)
    items = due_items(world.bureau, world.joined, month.last_day)
    own = [i for i in items if i.rule.code == "theme_day" and i.period == month]
    for item in own:
        took_part = tallies.figure(READER, THEME_DAYS_JOINED, item.organization, month.start, month.end)
        if (item.standing == Standing.MET) != (took_part > 0):
            raise Shortfall(f"{item.organization.short_name}的到期事项与它自己的参加情况对不上")
    unmet = [i.organization.short_name for i in own if i.standing != Standing.MET]
    if not own or not unmet or len(unmet) == len(own):
        raise Shortfall(f"{month.label}的主题党日没有分出完成与未完成的支部")
    stage.say(f"{month.label}联盟主题党日：{len(own) - len(unmet)}个支部有人参加，各自完成。")
    stage.say(f"{'、'.join(unmet)}没有人参加，不算完成：别的支部参加不能代替。")
    return f"{len(own)}个成员支部中{len(own) - len(unmet)}个完成"


def print_the_ledgers(world: World, stage: Stage) -> str:
    """Each branch's 三会一课纪实 of that month as Word."""
    folder = world.folder / "ledgers"
    folder.mkdir(parents=True, exist_ok=True)
    for branch in stage.watched(world.joined, "打印纪实"):
        page = ledger_of(world.secretaries[branch.pk], branch, world.last_month)
        (folder / f"{title_of(branch, world.last_month)}.docx").write_bytes(page)
    return f"{len(world.joined)}份纪实，存放在{folder}"


def compute_the_figures(world: World, stage: Stage) -> str:
    """What the documents say, what the records give; and the records behind one of them."""
    found = {f.expected.id: f for f in figures.figures_of(READER, PLACE) if f.expected.id in PROMISED}
    rows = [(f.expected.id, f.expected.label, f.expected.words, f.value, f.verdict) for f in found.values()]
    stage.table("文件中的数字与系统算出的数字", ("编号", "内容", "文件", "系统", "结果"), rows)
    _open(stage, found[OPENED])
    if wrong := [i for i in PROMISED if not found[i].ok]:
        raise Shortfall(f"{'、'.join(wrong)}与文件不符")
    return f"{len(found)}个数字全部相符"


def _open(stage: Stage, figure: figures.Figure) -> None:
    rows = figures.records_behind(READER, figure)
    if rows is None:
        raise Shortfall(f"{figure.expected.id}还算不出来")
    told = tell_facts(READER, list(rows[:SHOWN]))
    stage.table(
        f"{figure.expected.label}背后的记录（最近{SHOWN}条，共{figure.value}条）",
        ("日期", "主持支部", "内容", "记录"),
        [(f"{t.fact.on:%Y年%-m月%-d日}", t.organization, t.label, f"第{t.fact.entry_id}号") for t in told],
    )


def verify_the_journal(world: World, stage: Stage) -> str:
    """The worker seals what was recorded; then everything is checked."""
    world.seal()
    found = list(findings())
    for sentence in found:
        stage.say(sentence)
    if found:
        raise Shortfall(f"记录核对发现{len(found)}处问题")
    return "没有一条记录被改动、删除或插入"
