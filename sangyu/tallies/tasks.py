"""Background work of the tallies."""

from procrastinate.contrib.django import app

from sangyu.journal.actor import machine
from sangyu.tallies import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tallies.fold", pass_context=False)
def fold(timestamp: int) -> None:
    """Once a minute: add up what waits, bite by bite, until nothing does."""
    worker = machine("worker", "tallies.fold")
    while actions.fold(worker):
        pass
