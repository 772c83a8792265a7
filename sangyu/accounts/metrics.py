"""The kinds of records this area writes to the journal."""

from sangyu.journal.declare import source

ACCOUNT = source(1, "accounts.account", "账号")
