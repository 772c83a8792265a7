"""The kinds of records this area writes to the journal. What is owed is computed, never stated as a fact."""

from sangyu.journal.declare import source, verbs

DUTY_RULE = source(40, "duties.rule", "规定动作", url="duties:rule")
ACTION_SET = source(41, "duties.action_set", "动作清单")

verbs(
    "duties",
    kind_added="新增活动类型",
    actions_set="设定动作清单",
    ended="停止一项规定动作",
    set="设定一项规定动作",
)
