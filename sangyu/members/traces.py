"""What people leave behind in the tables of this floor and those above, in sentences that follow the person's name.

Whoever wants to take a person back (undo of an import) finds the tables by their foreign keys and the words here.
"""

TRACES: dict[str, str] = {}


def traces(area: str, **sentences: str) -> None:
    """Say what a row means for the person it names; {n} is how many there are.

    `traces("voices", complaint_person="…")` is for the model `Complaint`, its field `person`.
    """
    for place, sentence in sentences.items():
        TRACES[f"{area}.{place}"] = sentence
