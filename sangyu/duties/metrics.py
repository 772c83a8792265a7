"""The kinds of records this area writes to the journal. What is owed is computed, never stated as a fact."""

from sangyu.journal.declare import source

DUTY_RULE = source(40, "duties.rule", "规定动作", url="duties:rule")
ACTION_SET = source(41, "duties.action_set", "动作清单")
