"""The kinds of records this area writes to the journal."""

from sangyu.journal.declare import source, verbs

KEY = source(5, "keys.key", "数据密钥")  # a record is known by the version of its data key

verbs(
    "keys",
    added="启用新的数据密钥",
    resealed="用新的数据密钥重新加密",
    retired="撤下旧的数据密钥",
)
