"""`sangyu retally`: count every tally anew from the facts; as the worker's role. For after a repair."""

from argparse import Namespace

from sangyu.commands.operator import WORKER
from sangyu.commands.session import load


def run(arguments: Namespace) -> int:
    many = load("sangyu.tallies.actions").rebuild(WORKER)
    print(f"已从事实重新汇总：{many:,} 条。可以再运行 sangyu verify 核对。")
    return 0
