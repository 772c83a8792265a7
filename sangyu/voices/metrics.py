"""The kinds of records this area writes to the journal."""

from sangyu.journal.declare import source, verbs

COMPLAINT = source(50, "voices.complaint", "投诉与建议", url="voices:answer")

verbs(
    "voices",
    answered="答复投诉与建议",
    complained="提出投诉与建议",
)
