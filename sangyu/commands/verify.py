"""`sangyu verify`: is what is stored what was recorded?"""

from argparse import Namespace
from itertools import chain

from rich.progress import Progress

from sangyu.commands.session import load

TAMPERED = 1


def run(arguments: Namespace) -> int:
    """Prints each finding as a sentence; 1 when there is any."""
    verify, heads = load("sangyu.journal.verify"), load("sangyu.journal.heads")
    tallies = load("sangyu.tallies.verify")
    told = [heads.Head(*head) for head in arguments.head]
    found = 0
    with Progress(transient=True) as progress:
        bar = progress.add_task("核对记录", total=None)
        for sentence in chain(verify.findings(lambda done: progress.advance(bar, done), told), tallies.findings()):
            progress.console.print(sentence, markup=False, highlight=False, soft_wrap=True)
            found += 1
    if found:
        print(f"发现 {found} 处问题，请保留现场并联系技术人员。")
        return TAMPERED
    print("核对完成：记录没有被改动、删除或插入。")
    if not heads.are_kept():
        print("系统之外没有留存的校验值可以比对，只核对了数据库本身。")
    if head := heads.last():
        print(f"封存到第 {head.n} 批，校验值 {head.hash}。请把这一行抄存在系统之外，下次核对时比对：")
        print(f"  sangyu verify --head {head.n}:{head.hash}")
    return 0
