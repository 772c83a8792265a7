"""The kinds of records this area writes to the journal."""

from sangyu.journal.declare import source, verbs
from sangyu.members.traces import traces

COMPLAINT = source(50, "voices.complaint", "投诉与建议", url="voices:answer")

verbs(
    "voices",
    answered="答复投诉与建议",
    complained="提出投诉与建议",
)

traces(
    "voices",
    complaint_answered_by="已答复{n}条投诉与建议",
    complaint_by="已写下{n}条投诉与建议",
    complaint_person="已提出{n}条投诉与建议",
)
