"""One life, end to end, through the actions and importers that pages call. Nothing is pre-baked."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from sangyu.demo import founding, joint_days, own_days, proving
from sangyu.demo.showing import Stage
from sangyu.demo.world import World

SINCE = date(2019, 1, 1)

# The steps in their order, by what the closing table calls them.
STEPS: tuple[tuple[str, Callable[[World, Stage], str]], ...] = (
    ("1 成立机构", lambda world, stage: founding.found_the_office(world)),
    ("1 导入花名册", founding.bring_in_the_rosters),
    ("1 联络员与账号", lambda world, stage: founding.give_liaisons_and_accounts(world)),
    ("2 本月各支部欠什么", proving.show_what_is_owed),
    ("3 组成支部联盟", joint_days.form_the_alliance),
    ("4 联盟主题党日", joint_days.live_the_theme_days),
    ("4 今年各支部的活动", own_days.live_this_year),
    ("4 到期事项现状", proving.show_what_is_owed),
    ("5 各支部各自完成", proving.show_who_met_the_duty),
    ("5 打印三会一课纪实", proving.print_the_ledgers),
    ("6 核对数字", proving.compute_the_figures),
    ("7 封存并核对记录", proving.verify_the_journal),
)


def tell(stage: Stage, folder: Path, seal: Callable[[], None], since: date = SINCE) -> list[tuple[str, str]]:
    """Live through all steps, stopping at the first that fails; returns sample accounts: who, sign-in name."""
    world = World(folder, since, seal)
    for name, deed in STEPS:
        stage.play(name, lambda deed=deed: deed(world, stage))  # type: ignore[misc]
        if stage.failed:
            return []
    tried = [(label, person.name, person.account) for label, person in world.samples]
    return [(f"{label} {name}", account.sign_in_name) for label, name, account in tried if account]
