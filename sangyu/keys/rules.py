"""Who may change keys: the command line, where it is started for that."""

from sangyu.journal.actor import Actor

ROTATE = "keys.rotate"


def may_rotate(actor: Actor) -> bool:
    """Keys stand on the machine and not on a page: nobody changes them who can't sign in there."""
    return actor.may(ROTATE)
