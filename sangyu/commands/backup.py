"""`sangyu backup FILE`: the whole database into one file, without the keys."""

from argparse import Namespace

from sangyu.config import backup, environment


def run(arguments: Namespace) -> int:
    backup.write(arguments.file)
    megabytes = arguments.file.stat().st_size / 1_000_000
    print(f"已备份到 {arguments.file}（{megabytes:.1f} MB）。")
    print(f"备份里没有密钥。密钥在 {environment.KEY_FILE}，请另外保存，不要和备份放在一起；")
    print("没有密钥，备份里的身份证号和电话永远打不开。")
    return 0
