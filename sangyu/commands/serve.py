"""`sangyu serve`: the web processes alone, for machines whose workers run elsewhere; the database is ready already."""

from argparse import Namespace

from sangyu.commands import up
from sangyu.config.running import Running


def run(arguments: Namespace) -> int:
    """Exactly the port asked for: the proxy in front knows no other. Raises NotReady when it is taken."""
    port = up.free_port(arguments.host, arguments.port, tries=1)
    return up.serve(Running(arguments.host, port, arguments.web, workers=0))
