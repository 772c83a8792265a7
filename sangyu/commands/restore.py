"""`sangyu restore FILE`: a backup into an empty database."""

from argparse import Namespace

from sangyu.config import backup, database, environment


def run(arguments: Namespace) -> int:
    if environment.uses_embedded():
        database.start_embedded()
    backup.read(arguments.file)
    print("已恢复。请确认密钥文件也已放回，再运行 sangyu verify 核对。")
    print(f"密钥文件应在 {environment.KEY_FILE}。")
    return 0
