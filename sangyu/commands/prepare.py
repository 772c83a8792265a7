"""`sangyu prepare`: keys, server, roles, tables; as the owner, in a process of its own."""

from argparse import Namespace

from sangyu.config import ready


def run(arguments: Namespace) -> int:
    ready.prepare()
    return 0
