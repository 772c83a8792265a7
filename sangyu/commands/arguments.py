"""What can be typed after `sangyu`: commands, their arguments, and every word of help in Chinese."""

import re
from argparse import ArgumentParser, HelpFormatter, Namespace
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

SAID_IN_CHINESE = (
    (r"the following arguments are required: (.*)", "还缺少：{}"),
    (r"unrecognized arguments: (.*)", "不认识：{}"),
    (r"argument (.*): invalid choice: '?(.*?)'? \(.*", "“{1}”不是可用的命令或取值"),
    (r"argument (.*): expected (?:one|at least one) argument", "{} 后面要写内容"),
    (r"argument (.*): invalid .* value: '(.*)'", "{} 的写法不对：{}"),
    (r"argument (.*): not allowed with argument (.*)", "{} 和 {} 不能同时用"),
)


class ChineseHelp(HelpFormatter):
    """The usage line in Chinese."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：")


class ChineseParser(ArgumentParser):
    """A parser whose help and errors are Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=ChineseHelp, add_help=False, allow_abbrev=False)
        self._positionals.title, self._optionals.title = "内容", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{_in_chinese(message)}。\n详细写法请看：{self.prog} --help\n")


def _in_chinese(message: str) -> str:
    for english, chinese in SAID_IN_CHINESE:
        if found := re.fullmatch(english, message, re.DOTALL):
            return chinese.format(*found.groups())
    return "这条命令写得不对"


def read_arguments(words: Sequence[str]) -> Namespace:
    """The command and its arguments. Prints help or the mistake and exits when there is nothing to do."""
    parser = ChineseParser(prog="sangyu", description="桑榆：离退休干部工作与党建系统")
    parser.add_argument("--demo", action="store_true", help="看示例数据（make demo 生成的），而不是自己的数据")
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True, title="命令", prog="sangyu")
    for name, (explained, add_arguments) in COMMANDS.items():
        shown: dict[str, Any] = {"help": explained, "description": explained} if explained else {}
        add_arguments(commands.add_parser(name, **shown))
    return parser.parse_args(words)


def _count(text: str) -> int:
    """How many: 1 to 99. Raises ValueError."""
    if not 1 <= int(text) <= 99:
        raise ValueError(text)
    return int(text)


def _serving(parser: ArgumentParser) -> None:
    _web(parser)
    parser.add_argument("--workers", type=_count, default=1, metavar="个数", help="后台任务的进程数，默认 1")


def _web(parser: ArgumentParser) -> None:
    parser.add_argument("--web", type=_count, default=2, metavar="个数", help="网页的进程数，默认 2")
    parser.add_argument("--port", type=int, default=8000, metavar="端口", help="网页端口，默认 8000；被占用就换一个")
    parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听的地址，默认只有本机能打开")


def _demo(parser: ArgumentParser) -> None:
    _serving(parser)
    parser.add_argument("--no-serve", action="store_true", help="演示结束就退出，不启动网页")
    parser.add_argument("--keep", action="store_true", help="沿用上一次的示例数据，不重新生成")


def _figures(parser: ArgumentParser) -> None:
    parser.add_argument("--place", default="", metavar="地名", help="只看一个地方，例如 嘉峪关")
    parser.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")


def _import_roster(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="文件", help="花名册工作簿（.xlsx、.xls）")
    parser.add_argument("--into", required=True, metavar="组织", help="导入到哪个组织及其下级，写组织名称")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="年-月-日", help="花名册截至哪一天；不写则看标题")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    parser.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")


def _ledger(parser: ArgumentParser) -> None:
    parser.add_argument("--branch", required=True, metavar="支部", help="支部名称，全称或简称")
    parser.add_argument("--month", required=True, type=_month, metavar="年-月", help="哪个月，例如 2026-10")
    parser.add_argument("--out", type=Path, default=Path("."), metavar="目录", help="存到哪个目录，默认当前目录")


def _month(text: str) -> date:
    """2026-10: the first day of that month. Raises ValueError."""
    return date.fromisoformat(f"{text}-01")


def _verify(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--head", action="append", default=[], type=_head, metavar="批次:校验值",
        help="同抄存在系统之外的一行比对，例如打印出来的；可以写几次",
    )  # fmt: skip


def _head(text: str) -> tuple[int, str]:
    """12:9f86…: a batch's number and its hash (hex). Raises ValueError."""
    number, _, told = text.partition(":")
    if len(bytes.fromhex(told)) != 32:
        raise ValueError(told)
    return int(number), told.lower()


def _backup(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="文件", help="备份文件")


def _open_office(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="名称", help="单位全称，例如 嘉峪关市委老干部局")
    parser.add_argument("--clerk", required=True, metavar="姓名", help="第一位工作人员的姓名")
    parser.add_argument("--phone", default="", metavar="电话", help="这位工作人员的电话，可以不写")
    parser.add_argument(
        "--founded", type=date.fromisoformat, default=date(1949, 10, 1), metavar="年-月-日",
        help="单位成立日期；不写则按 1949-10-01，以便登记过去成立的支部",
    )  # fmt: skip


def _rotate_keys(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--cipher", type=str.lower, choices=("aes", "sm4"), metavar="算法",
        help="换成哪种加密算法：AES，或国密 SM4；不写就同现在一样",
    )  # fmt: skip
    parser.add_argument("--index", action="store_true", help="按号码查人用的密钥也换；换成 SM4 时它改用国密 SM3")
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--retire", action="store_true", help="撤下旧密钥；还有内容要用它时不撤")
    end.add_argument("--count", action="store_true", help="只看哪些内容用哪一版密钥，什么都不改")


def _doctor(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")


def _bench(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="项目", help="imports、fold、journal、pages；不写就全部测")
    parser.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")
    parser.add_argument("--share", type=float, default=1.0, metavar="比例", help="只测一部分的量，例如 0.01；默认 1")


def _manage(parser: ArgumentParser) -> None:
    parser.add_argument("rest", nargs="...", metavar="…", help="交给 Django 的命令")


def _nothing(parser: ArgumentParser) -> None:
    """No arguments."""


# name: (what it does, its arguments); those without words are steps that other commands start
COMMANDS: dict[str, tuple[str, Callable[[ArgumentParser], None]]] = {
    "up": ("启动系统：准备数据库，打开网页和后台任务", _serving),
    "demo": ("演示：用示例数据从头到尾走一遍，然后打开网页", _demo),
    "open-office": ("开一个新单位，得到第一位工作人员的登录卡", _open_office),
    "import-roster": ("导入花名册", _import_roster),
    "figures": ("对照文件里的数字，看系统算出来的是多少", _figures),
    "ledger": ("打印一个支部一个月的三会一课纪实（Word）", _ledger),
    "verify": ("核对记录有没有被改动、删除或插入", _verify),
    "retally": ("从事实重新汇总各组织的数（修复数据以后用）", _nothing),
    "backup": ("备份数据库（不含密钥）", _backup),
    "restore": ("把备份恢复到一个空的数据库", _backup),
    "rotate-keys": ("更换加密个人信息的密钥，或改用国密算法；网站不用停", _rotate_keys),
    "doctor": ("检查系统缺什么、哪里设置得不对，说明怎么处理；只看，不改动", _doctor),
    "prepare": ("建表或升级数据表（sangyu up 会自己做）", _nothing),
    "serve": ("只启动网页（后台任务在别处运行时用）", _web),
    "work": ("只运行一个后台任务进程（可以在几台机器上同时运行）", _nothing),
    "bench": ("测量速度，并同别的做法对照（另用一个数据库，测完删除）", _bench),
    "manage": ("Django 自带的管理命令，供技术人员使用", _manage),
    "seal": ("", _nothing),
}
