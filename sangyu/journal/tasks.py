"""Background work of the journal."""

from procrastinate.contrib.django import app

from sangyu.journal import actions
from sangyu.journal.actor import machine


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="journal.seal", pass_context=False)
def seal(timestamp: int) -> None:
    """Once a minute: seal what was recorded."""
    worker = machine("worker", "journal.seal")
    while actions.seal(worker):
        pass
