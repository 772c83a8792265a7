"""The kinds of records this area writes to the journal."""

from sangyu.journal.declare import source

COMPLAINT = source(50, "voices.complaint", "投诉与建议", url="voices:answer")
