"""What a column of an office's rosters means, said once by a person and remembered for that office alone."""

import re
from collections import Counter
from collections.abc import Mapping

from django.db import transaction

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit.refusals import Refusal, require
from sangyu.members import rules
from sangyu.members.actions.rosters import read_again
from sangyu.members.metrics import ORGANIZATION, ROSTER
from sangyu.members.models import Organization, RosterColumn, RosterImport
from sangyu.members.models.roster import ImportState
from sangyu.members.queries.roster_columns import may_teach
from sangyu.members.roster.columns import LABELS, PASSED_OVER, plain_label

# A row of people taken for the header would be remembered in clear: no name of a column has so many digits.
NUMBER = re.compile(r"[0-9]{6}")


@transaction.atomic
def map_columns(actor: Actor, roster: RosterImport, meanings: Mapping[str, str]) -> None:
    """Remember what an office's columns mean, then have the file read again.

    `meanings`: name of the column -> field, or '' for one that is not needed; nothing but those: the sheet is not.
    Raises Refusal when nobody could be recognised by them, or two columns claim one field.
    """
    require(rules.may_import(actor, roster.organization))
    _check(meanings)
    roster = RosterImport.objects.select_for_update(of=["self"]).select_related("organization").get(pk=roster.pk)
    if roster.state != ImportState.UNCLEAR:
        raise Refusal("这份花名册已经在读取或者已经导入，不用再指定列。")
    office = Organization.objects.get(pk=roster.organization.line[0])
    said = [
        RosterColumn(organization=office, label=label, field=field)
        for text, field in meanings.items()
        if (label := plain_label(text))
    ]
    RosterColumn.objects.bulk_create(
        said, update_conflicts=True, unique_fields=["organization", "label"], update_fields=["field"]
    )
    subject = (ROSTER, roster.pk)
    fields = sorted(field for field in meanings.values() if field)
    journal.record(actor, "members.roster_columns_mapped", subject, roster.organization_id, fields=fields)
    read_again(actor, roster)


@transaction.atomic
def forget_column(actor: Actor, column: RosterColumn) -> None:
    """The office is asked again the next time. What came in stays as it is."""
    require(may_teach(actor, column.organization))
    if RosterColumn.objects.filter(pk=column.pk).delete()[0]:
        subject = (ORGANIZATION, column.organization_id)
        journal.record(actor, "members.roster_columns_forgotten", subject, column.organization_id, field=column.field)


def _check(meanings: Mapping[str, str]) -> None:
    fields = Counter(field for field in meanings.values() if field != PASSED_OVER)
    if not set(fields) <= set(LABELS):
        raise Refusal("请从列表中选择每一列是什么。")
    if fields and ("name" not in fields or not {"id_number", "born"} & set(fields)):
        raise Refusal("至少要指出哪一列是姓名，以及哪一列是身份证号或出生年月。")
    if twice := [LABELS[field] for field, count in fields.items() if count > 1]:
        raise Refusal(f"有两列都选了“{twice[0]}”，请只留一列，另一列选“不需要”。")
    if any(NUMBER.search(plain_label(text)) for text in meanings):
        raise Refusal("选作列名的这一行里有号码，看起来是人员，不是列名。请另选一行。")
