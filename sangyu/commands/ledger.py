"""`sangyu ledger`: one branch's 三会一课纪实 of one month, as Word."""

from argparse import Namespace

from sangyu.commands.operator import READER
from sangyu.commands.session import load


def run(arguments: Namespace) -> int:
    month = arguments.month
    ledgers, places = load("sangyu.activities.ledgers"), load("sangyu.commands.places")
    branch = places.organization_called(READER, arguments.branch)
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / f"{ledgers.title_of(branch, month)}.docx"
    path.write_bytes(ledgers.ledger_of(READER, branch, month))
    print(f"已保存：{path}")
    return 0
