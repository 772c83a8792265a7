"""Background work of the journal."""

from procrastinate.contrib.django import app

from sangyu.journal import actions, heads
from sangyu.journal.actor import Actor, machine


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="journal.seal", pass_context=False)
def seal(timestamp: int) -> None:
    """Once a minute: seal what was recorded."""
    seal_all(machine("worker", "journal.seal"))


def seal_all(actor: Actor) -> None:
    """Seal whatever waits; the heads go outside when their batch is committed, also those that could not before."""
    while actions.seal(actor):
        heads.keep()
    heads.keep()
