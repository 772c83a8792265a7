"""`sangyu seal`: what the worker does once a minute, now; as the worker's role."""

from argparse import Namespace

from sangyu.commands.operator import WORKER
from sangyu.commands.session import load


def run(arguments: Namespace) -> int:
    load("sangyu.journal.tasks").seal_all(WORKER)
    return 0
