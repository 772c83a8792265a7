"""The command line: `sangyu`, or `python -m sangyu`. Django is loaded only by the commands that need it."""

import sys
from collections.abc import Sequence

import psycopg
from django.db.utils import OperationalError

from sangyu.commands import session
from sangyu.commands.arguments import read_arguments
from sangyu.config.database import NotReady
from sangyu.config.embedded_pg import NotStarted
from sangyu.config.environment import NotNamed
from sangyu.kit.crypto import KeyringUnusable
from sangyu.kit.refusals import Refusal
from sangyu.members.roster.entry import RosterRefused

REFUSED = 2
INTERRUPTED = 130


def main(words: Sequence[str] | None = None) -> int:
    """Do one command. What cannot be done is said in a sentence, without a traceback."""
    arguments = read_arguments(sys.argv[1:] if words is None else words)
    try:
        return session.run(arguments)
    except (NotReady, NotNamed, NotStarted, KeyringUnusable, Refusal, RosterRefused) as refused:
        return _say(str(refused) or (refused.__doc__ or ""))
    except (psycopg.OperationalError, OperationalError) as broken:
        return _say(f"连不上数据库，或数据库没有响应：{str(broken).strip().splitlines()[0]}")
    except OSError as broken:
        return _say(f"文件读写不成功：{broken.filename or ''} {broken.strerror or broken}")
    except KeyboardInterrupt:
        print("\n已停止。", file=sys.stderr)
        return INTERRUPTED


def _say(sentence: str) -> int:
    print(sentence.strip(), file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
