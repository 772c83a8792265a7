"""Who acts when a command does: the operator of the machine, with the deeds that commands are for."""

from sangyu.journal.actor import Actor, machine

READER: Actor = machine("command", "members.read_all")
FOUNDER: Actor = machine("command", "members.found_office", "duties.adopt_rule_pack")
IMPORTER: Actor = machine("command", "members.read_all", "members.import_roster")
KEY_KEEPER: Actor = machine("command", "keys.rotate")
WORKER: Actor = machine("worker", "journal.seal", "tallies.fold", "tallies.rebuild")
