"""`sangyu work`: one background worker, as the worker's role; as many as wanted, on as many machines."""

from argparse import Namespace

from sangyu.commands.session import load


def run(arguments: Namespace) -> int:
    """Works until told to stop."""
    app = load("procrastinate.contrib.django").app
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker()
    return 0
