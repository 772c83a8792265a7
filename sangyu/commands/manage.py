"""`sangyu manage …`: Django's own commands, as the role that SANGYU_DB_ROLE names (the application's by default)."""

import os
from argparse import Namespace

from django.core.management import execute_from_command_line


def run(arguments: Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangyu.config.settings")
    execute_from_command_line(["sangyu manage", *arguments.rest])
    return 0
