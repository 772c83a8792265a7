"""The kinds of records this area writes to the journal."""

from sangyu.journal.declare import source, verbs

ACCOUNT = source(1, "accounts.account", "账号")

verbs(
    "accounts",
    card_issued="制发登录卡",
    card_used="用登录卡登录",
    opened="开通账号",
    password_set="设置密码",
)
