"""`sangyu verify`: is what is stored what was recorded?"""

from argparse import Namespace

from rich.progress import Progress

from sangyu.commands.session import load

TAMPERED = 1


def run(arguments: Namespace) -> int:
    """Prints each finding as a sentence; 1 when there is any."""
    verify = load("sangyu.journal.verify")
    with Progress(transient=True) as progress:
        bar = progress.add_task("核对记录", total=None)
        found = list(verify.findings(lambda done: progress.advance(bar, done)))
    for sentence in found:
        print(sentence)
    if found:
        print(f"发现 {len(found)} 处问题，请保留现场并联系技术人员。")
        return TAMPERED
    print("核对完成：记录没有被改动、删除或插入。")
    if head := verify.head():
        print(f"封存到第 {head[0]} 批，校验值 {head[1]}。请把这一行抄存在系统之外，下次核对时比对。")
    return 0
