"""The worker, for tests that want its jobs done now: in its own role, for each minute it also seals and adds up."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from procrastinate.contrib.django import app

WORKER = "sangyu_worker"


def work() -> None:
    """Do every job that waits, as the worker does.

    In a thread of its own: browser tests keep a loop running in theirs, and the worker wants one to itself.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_work).result()


def _work() -> None:
    connection = connections["default"]  # this thread's own
    connection.settings_dict = {**connection.settings_dict, "USER": WORKER}
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    finally:
        connections.close_all()
